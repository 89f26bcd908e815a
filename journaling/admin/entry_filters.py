"""Filters by extension and day, typed by hand: nothing is counted to offer them."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import TextFilter

from journaling.models import Entry


class ExtensionFilter(TextFilter):
    title = _("extension")
    parameter_name = "extension"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        wanted = str(self.value() or "").strip()
        return queryset.filter(extension=wanted) if wanted else queryset


class DayFilter(TextFilter):
    """A day as 2026-11-22; another text filters nothing."""

    title = _("day (like 2026-11-22)")
    parameter_name = "day"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        start = find_start(str(self.value() or "").strip())
        if start is None:
            return queryset
        return queryset.filter(created_at__gte=start, created_at__lt=start + timedelta(days=1))


def find_start(text: str) -> Any:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day, time.min, tzinfo=get_current_timezone()) if day else None
