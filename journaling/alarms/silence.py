"""A PBX that is silent against its own habit: this weekday, at this hour, it usually reports."""

from datetime import datetime, timedelta

from django.utils import timezone

from connector.models import Connection
from journaling.telling.figures import list_reports

WINDOW = timedelta(hours=2)
WEEKS = 4
USUAL = 5
"""So many reports within the window make an hour a busy one."""
BUSY_WEEKS = 3
"""In so many of the last weeks the hour has to have been a busy one."""


def list_silent() -> list[Connection]:
    """Active connections of which nothing came within two hours that are usually busy."""
    now = timezone.now()
    return [
        connection
        for connection in Connection.objects.filter(active=True).order_by("slug")
        if is_silent(connection, now=now)
    ]


def is_silent(connection: Connection, *, now: datetime) -> bool:
    if count_reports(connection, until=now, most=1):
        return False
    weeks = [now - timedelta(weeks=number) for number in range(1, WEEKS + 1)]
    busy = [count_reports(connection, until=until, most=USUAL) >= USUAL for until in weeks]
    return sum(busy) >= BUSY_WEEKS


def count_reports(connection: Connection, *, until: datetime, most: int) -> int:
    """A test call of the portal does not show that its PBX still reports."""
    reports = list_reports().filter(
        connection=connection, received_at__gt=until - WINDOW, received_at__lte=until
    )
    return reports[:most].count()
