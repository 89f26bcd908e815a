"""Authentic reports that were not answered 2xx: counted, for the PBX never repeats them.

They happen while neither the database nor the disk takes anything, so they are counted in memory
and written as soon as the database answers; only a process killed before then forgets them.
"""

import threading
from collections import Counter
from contextlib import suppress

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from connector.models import Connection
from journaling.models.event import RefusedReports

_counted: Counter[int] = Counter()
_guard = threading.Lock()


def note_refused(connection: Connection) -> None:
    with _guard:
        _counted[connection.pk] += 1


def write_refused() -> None:
    """Add what was counted to the table. Raises the database's error; nothing is forgotten."""
    with _guard:
        numbers = dict(_counted)
    for connection_id, number in numbers.items():
        with suppress(IntegrityError):  # the connection was deleted meanwhile
            add_refused(connection_id, number)
        with _guard:
            _counted.subtract({connection_id: number})
            if not _counted[connection_id]:
                del _counted[connection_id]


def add_refused(connection_id: int, number: int) -> None:
    now = timezone.now()
    known, is_new = RefusedReports.objects.get_or_create(
        connection_id=connection_id, defaults={"number": number, "first_at": now, "last_at": now}
    )
    if not is_new:
        row = RefusedReports.objects.filter(pk=known.pk)
        row.update(number=F("number") + number, last_at=now)
