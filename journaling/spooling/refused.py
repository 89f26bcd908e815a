"""Authentic reports that were not answered 2xx: counted, for the PBX never repeats them.

They happen while neither the database nor the disk takes anything, so they are counted in memory
and in a file that was made before, and added to the table as soon as the database answers.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from connector.models import Connection
from journaling.models.event import RefusedReports
from journaling.spooling.count_file import list_left, own_counts

SHOWN_FOR = timedelta(days=7)

_counted: Counter[int] = Counter()
_guard = threading.Lock()


def note_refused(connection: Connection) -> None:
    with _guard:
        _counted[connection.pk] += 1
        with suppress(OSError):
            own_counts.write(_counted)


def write_refused() -> None:
    """Add to the table what this process counted, and what dead ones did. Raises the database's
    error; nothing is forgotten. Killed in the middle, it adds something twice."""
    with suppress(OSError):
        own_counts.prepare()
    with _guard:
        numbers = dict(_counted)
    for connection_id, number in numbers.items():
        add_refused(connection_id, number)
        with _guard:
            _counted.subtract({connection_id: number})
            if not _counted[connection_id]:
                del _counted[connection_id]
            with suppress(OSError):
                own_counts.write(_counted)
    for left in list_left():
        for connection_id, number in left.items():
            add_refused(connection_id, number)


def add_refused(connection_id: int, number: int) -> None:
    """Unless the connection was deleted meanwhile."""
    with suppress(IntegrityError):
        add_row(connection_id, number)


def add_row(connection_id: int, number: int) -> None:
    now = timezone.now()
    known, is_new = RefusedReports.objects.get_or_create(
        connection_id=connection_id, defaults={"number": number, "first_at": now, "last_at": now}
    )
    if not is_new:
        row = RefusedReports.objects.filter(pk=known.pk)
        row.update(number=F("number") + number, last_at=now)


def list_refused(connections: Iterable[Connection]) -> QuerySet[RefusedReports]:
    since = timezone.now() - SHOWN_FOR
    return RefusedReports.objects.filter(last_at__gte=since, connection__in=list(connections))


def count_refused(connections: Iterable[Connection]) -> dict[int, int]:
    """Lost reports of the last days by connection."""
    counted = list_refused(connections).order_by().values_list("connection")
    return dict(counted.annotate(Sum("number")))
