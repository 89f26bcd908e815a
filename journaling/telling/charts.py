"""Three charts of the dashboard, from bounded queries: calls, delay, failures.

The shape is Chart.js's, which the admin theme ships: {"labels": [...], "datasets": [...]}.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.translation import gettext as _

from connector.moments import find_zone
from journaling.models import AttemptVerdict, Entry
from journaling.telling.reasons import describe_reason

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MOST_DELIVERIES = 5000
MOST_VERDICTS = 20_000
MOST_REASONS = 8
KINDS = [Entry.Kind.CALL, Entry.Kind.CHAT]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """`rows` say the same as a table, for those who see no picture."""

    title: str
    type: str
    data: str
    heads: list[str]
    rows: list[list[Any]]


def draw_charts(connections: set[int] | None = None, *, zone: str = "UTC") -> list[Chart]:
    """Of these connections; of all when none are named. Hours are those of `zone`."""
    now = timezone.now()
    of = Q() if connections is None else Q(connection__in=connections)
    drawn = [draw_calls(now, of, zone), draw_delay(now, of, zone), draw_failures(now, connections)]
    return [chart for chart in drawn if chart]


def draw_calls(now: datetime, of: Q, zone: str) -> Chart | None:
    """Of the last 24 hours, beside the same hours a week ago."""
    today = count_by_hour(now - DAY, now, of)
    before = count_by_hour(now - DAY - WEEK, now - WEEK, of)
    if not today and not before:
        return None
    hours = list_hours(now)
    recent = [today.get(hour, 0) for hour in hours]
    earlier = [before.get(hour - WEEK, 0) for hour in hours]
    return build_chart(
        _("Calls per hour (%s)") % zone,
        "bar",
        labels=name_hours(hours, zone),
        series=[
            (_("last 24 hours"), "--color-primary-600", recent),
            (_("a week before"), "--color-base-400", earlier),
        ],
    )


def count_by_hour(since: datetime, until: datetime, of: Q) -> dict[datetime, int]:
    counted = (
        Entry.objects.filter(of, kind__in=KINDS, created_at__gte=since, created_at__lt=until)
        .order_by()
        .annotate(hour=TruncHour("created_at"))
        .values_list("hour")
        .annotate(Count("pk"))
    )
    return dict(counted)


def list_hours(now: datetime) -> list[datetime]:
    last = now.replace(minute=0, second=0, microsecond=0)
    return [last - timedelta(hours=back) for back in range(23, -1, -1)]


def name_hours(hours: Sequence[datetime], zone: str) -> list[str]:
    return [f"{hour.astimezone(find_zone(zone)):%H:%M}" for hour in hours]


def draw_delay(now: datetime, of: Q, zone: str) -> Chart | None:
    """Minutes from hang-up to Zoho: the median and what 95 of 100 stay under."""
    delivered = Entry.objects.filter(
        of, kind__in=KINDS, state=Entry.State.DELIVERED, created_at__gte=now - DAY
    ).order_by("-created_at")
    by_hour: dict[datetime, list[float]] = {}
    moments = delivered.values_list("created_at", "ended_at", "delivered_at")[:MOST_DELIVERIES]
    for created_at, ended_at, delivered_at in moments:
        if delivered_at:
            hour = created_at.replace(minute=0, second=0, microsecond=0)
            seconds = (delivered_at - (ended_at or created_at)).total_seconds()
            by_hour.setdefault(hour, []).append(max(0.0, seconds / 60))
    if not by_hour:
        return None
    hours = list_hours(now)
    return build_chart(
        _("Minutes from hang-up to Zoho (%s)") % zone,
        "line",
        labels=name_hours(hours, zone),
        series=[
            (_("median"), "--color-primary-600", measure(by_hour, hours, median)),
            (_("95 of 100 within"), "--color-base-400", measure(by_hour, hours, find_p95)),
        ],
    )


def measure(
    by_hour: dict[datetime, list[float]],
    hours: Sequence[datetime],
    figure: Callable[[list[float]], float],
) -> list[float | None]:
    return [round(figure(by_hour[hour]), 1) if hour in by_hour else None for hour in hours]


def find_p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def draw_failures(now: datetime, connections: set[int] | None) -> Chart | None:
    """What Zoho refused in the last 7 days, by reason."""
    refused = AttemptVerdict.objects.filter(attempt__sent_at__gte=now - WEEK).exclude(
        outcome__in=["delivered", "duplicate"]
    )
    if connections is not None:
        refused = refused.filter(attempt__connection__in=connections)
    codes = refused.order_by("-pk").values_list("code", "outcome")[:MOST_VERDICTS]
    counted = Counter(code or outcome for code, outcome in codes).most_common(MOST_REASONS)
    if not counted:
        return None
    return build_chart(
        _("Failures of the last 7 days, by reason"),
        "bar",
        labels=[describe_reason(code) for code, _number in counted],
        series=[(_("records"), "--color-red-600", [number for _code, number in counted])],
    )


def build_chart(
    title: str, kind: str, *, labels: list[str], series: list[tuple[str, str, list[Any]]]
) -> Chart:
    datasets = [
        {
            "label": name,
            "data": values,
            "backgroundColor": f"var({colour})",
            "borderColor": f"var({colour})",
            "pointStyle": "circle",
            "pointRadius": 3,
            "displayYAxis": True,
            "maxTicksXLimit": 12,
        }
        for name, colour, values in series
    ]
    return Chart(
        title=title,
        type=kind,
        data=json.dumps({"labels": labels, "datasets": datasets}),
        heads=[name for name, _colour, _values in series],
        rows=[
            [label, *("–" if value is None else value for value in values)]
            for label, *values in zip(labels, *(values for _n, _c, values in series), strict=True)
        ],
    )
