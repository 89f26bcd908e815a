"""At most one worker compares a day: a lease on its row."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from connector.models import Connection
from journaling.models import Reconciliation

LEASE = timedelta(minutes=2)


class LeaseLost(Exception):
    """Another worker compares this day now; nothing more may be written."""


class DayLease:
    def __init__(self, row: Reconciliation, token: uuid.UUID) -> None:
        self.row = row
        self.token = token

    def write(self, **changes: Any) -> None:
        """Change the day's row and prolong the lease; raises LeaseLost."""
        held = Reconciliation.objects.filter(pk=self.row.pk, claim=self.token)
        if not held.update(claimed_until=timezone.now() + LEASE, **changes):
            raise LeaseLost
        for name, value in changes.items():
            setattr(self.row, name, value)


@contextmanager
def hold_day(connection: Connection, *, day: date, kind: str) -> Iterator[DayLease | None]:
    """Yields the lease, or None when another worker holds it."""
    row, _made = Reconciliation.objects.get_or_create(connection=connection, day=day, kind=kind)
    rows, token, now = Reconciliation.objects.filter(pk=row.pk), uuid.uuid4(), timezone.now()
    free = Q(claim__isnull=True) | Q(claimed_until__lt=now)
    if not rows.filter(free).update(claim=token, claimed_until=now + LEASE):
        yield None
        return
    try:
        yield DayLease(rows.get(), token)
    finally:
        rows.filter(claim=token).update(claim=None, claimed_until=None)
