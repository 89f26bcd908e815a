"""At most one worker keeps a thing: a lease on its row (`claim`, `claimed_until`)."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

Row = TypeVar("Row", bound=Model)

LEASE = timedelta(minutes=2)
"""Longer than a request to Zoho with its repetition, and than storing what it brought."""

LIKE_NEW_SECONDS = 5.0


class LeaseLost(Exception):
    """Another worker keeps it now; nothing more may be written."""


class Lease(Generic[Row]):
    def __init__(self, row: Row, held: QuerySet[Row], *, lasting: timedelta) -> None:
        self.row = row
        self.held = held
        self.lasting = lasting
        self.renewed_at = time.monotonic()

    def keep(self) -> bool:
        """Renew it, unless that was done a moment ago; False when another worker took it."""
        return time.monotonic() - self.renewed_at < LIKE_NEW_SECONDS or self.renew()

    def renew(self, **changes: Any) -> bool:
        """Prolong the lease and change the row; False when another worker took it."""
        self.renewed_at = time.monotonic()
        return bool(self.held.update(claimed_until=timezone.now() + self.lasting, **changes))

    def write(self, **changes: Any) -> None:
        """Change the row, here too, and prolong the lease; raises LeaseLost."""
        if not self.renew(**changes):
            raise LeaseLost
        for name, value in changes.items():
            setattr(self.row, name, value)


@contextmanager
def hold(one: QuerySet[Row], *, lasting: timedelta = LEASE) -> Iterator[Lease[Row] | None]:
    """Yields the lease on the one row that `one` selects, or None when another worker holds it."""
    claim, now = uuid.uuid4(), timezone.now()
    free = one.filter(Q(claim__isnull=True) | Q(claimed_until__lt=now))
    if not free.update(claim=claim, claimed_until=now + lasting):
        yield None
        return
    held = one.filter(claim=claim)
    try:
        yield Lease(one.get(), held, lasting=lasting)
    finally:
        held.update(claim=None, claimed_until=None)
