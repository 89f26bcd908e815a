"""At most one worker keeps a mirror: a lease on the mirror's row."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from connector.models import Mirror

LEASE = timedelta(minutes=2)
"""Longer than a request to Zoho with its repetition, and than storing one page."""


class LeaseLost(Exception):
    """Another worker keeps this mirror now; nothing more may be written."""


class MirrorLease:
    def __init__(self, mirror: Mirror, token: uuid.UUID) -> None:
        self.mirror = mirror
        self.token = token

    def write(self, **changes: Any) -> None:
        """Change the mirror's row and prolong the lease; raises LeaseLost."""
        until = timezone.now() + LEASE
        held = Mirror.objects.filter(pk=self.mirror.pk, claim=self.token)
        if not held.update(claimed_until=until, **changes):
            raise LeaseLost
        for name, value in changes.items():
            setattr(self.mirror, name, value)


@contextmanager
def hold_mirror(mirror_id: int) -> Iterator[MirrorLease | None]:
    """Yields the lease, or None when another worker holds it."""
    token, now = uuid.uuid4(), timezone.now()
    free = Q(claim__isnull=True) | Q(claimed_until__lt=now)
    row = Mirror.objects.filter(pk=mirror_id)
    if not row.filter(free).update(claim=token, claimed_until=now + LEASE):
        yield None
        return
    try:
        yield MirrorLease(row.select_related("organisation").get(), token)
    finally:
        row.filter(claim=token).update(claim=None, claimed_until=None)
