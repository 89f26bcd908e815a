"""Filters by extension and day, typed by hand: nothing is counted to offer them."""

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import TextFilter

from connector.models import Connection
from connector.moments import find_zone
from journaling.models import Entry

FURTHEST_ZONE = timedelta(hours=26)
"""A day begins in UTC+14 fourteen hours before it does in UTC."""
LATEST_ARRIVAL = timedelta(days=9)
"""Reports that waited longer for the portal are left to the other filters."""


class ExtensionFilter(TextFilter):
    title = _("extension")
    parameter_name = "extension"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        wanted = str(self.value() or "").strip()
        return queryset.filter(extension=wanted) if wanted else queryset


class DayFilter(TextFilter):
    """A day as 2026-11-22, by the start and the zone that the list shows; another text filters
    nothing."""

    title = _("day (like 2026-11-22), in each connection's time zone")
    parameter_name = "day"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        day = read_day(str(self.value() or "").strip())
        if day is None:
            return queryset
        return queryset.filter(find_started_on(day), **find_arrival(day))


def read_day(text: str) -> date | None:
    """None also for the first and last days of the calendar, which no zone can shift."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and MINYEAR < day.year < MAXYEAR else None


def find_started_on(day: date) -> Q:
    """What began (or, without a start, arrived) on this day in its connection's zone."""
    by_zone: dict[str, list[int]] = {}
    for pk, zone in Connection.objects.values_list("pk", "time_zone"):
        by_zone.setdefault(zone, []).append(pk)
    found = Q(pk__in=[])
    for zone, connections in by_zone.items():
        start, end = (
            datetime.combine(one, time.min, tzinfo=find_zone(zone))
            for one in (day, day + timedelta(days=1))
        )
        began = Q(started_at__gte=start, started_at__lt=end)
        arrived = Q(started_at=None, created_at__gte=start, created_at__lt=end)
        found |= Q(connection__in=connections) & (began | arrived)
    return found


def find_arrival(day: date) -> dict[str, datetime]:
    """Bounds on the arrival, which has the index: a call arrives after it began, wherever it was,
    and within a few days of its end."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return {"created_at__gte": noon - FURTHEST_ZONE, "created_at__lt": noon + LATEST_ARRIVAL}
