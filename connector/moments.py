"""How a moment is shown: in the connection's time zone."""

import zoneinfo
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def find_zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of this name; UTC for a name that this machine does not know."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def show_moment(moment: datetime | None, *, zone: str) -> str:
    """Today: the time alone. Otherwise the date in front of it. Nothing: a dash."""
    if moment is None:
        return "–"
    local = moment.astimezone(find_zone(zone))
    today = timezone.now().astimezone(local.tzinfo).date()
    time = f"{local:%H:%M:%S}"
    if local.date() == today:
        return time
    return f"{show_day(moment, zone=zone)} {time}"


def show_day(moment: datetime | None, *, zone: str) -> str:
    """“21 May 2027”; nothing: a dash."""
    if moment is None:
        return "–"
    # Translators: a format of Django's dates; in Russian months are written small.
    return date_format(moment.astimezone(find_zone(zone)).date(), _("j M Y"))
