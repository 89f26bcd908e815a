"""Which days there are to compare, in the connection's time zone."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from connector.models import Connection
from connector.moments import find_zone
from journaling.models import Reconciliation

LOOK_BACK = 7
"""Days that a missed night is made up for, and that unfinished calls are looked at again."""

BEGINS_AFTER = timedelta(hours=2)
"""A day is over for us when its last calls have had time to be written."""

AGAIN_AFTER = timedelta(hours=20)


def find_bounds(connection: Connection, day: date) -> tuple[datetime, datetime]:
    """The first moment of the day, and of the next one."""
    zone = find_zone(connection.time_zone)
    first = datetime.combine(day, time(), tzinfo=zone)
    return first, datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def find_today(connection: Connection) -> date:
    return timezone.now().astimezone(find_zone(connection.time_zone)).date()


def list_due_days(connection: Connection, *, now: datetime) -> list[date]:
    """Finished days that were not compared yet, or of which something was still on its way."""
    zone = find_zone(connection.time_zone)
    last = (now - BEGINS_AFTER).astimezone(zone).date() - timedelta(days=1)
    first = max(last - timedelta(days=LOOK_BACK - 1), connection.created_at.astimezone(zone).date())
    done = Reconciliation.objects.filter(
        connection=connection, kind=Reconciliation.Kind.ZOHO, compared_at__isnull=False
    ).exclude(Q(compared_at__lt=now - AGAIN_AFTER) & is_unfinished())
    compared = set(done.filter(day__gte=first).values_list("day", flat=True))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day not in compared]


def is_unfinished() -> Q:
    return Q(figures__open__gt=0) | Q(figures__sent_again__gt=0)
