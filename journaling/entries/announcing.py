"""Entries that stand ready before something is written to Zoho, in case that it is left there."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.utils import timezone

from journaling.models import Entry

State = Entry.State


def postpone(ids: Collection[int], *, wait: timedelta, **columns: Any) -> int:
    """Nobody looks at them before; returns how many are not in a worker's hands."""
    unclaimed = Entry.objects.filter(pk__in=ids, state=State.WAITING, claim__isnull=True)
    return unclaimed.update(next_attempt_at=timezone.now() + wait, **columns)


def withdraw(ids: Collection[int]) -> None:
    """Nothing was left. What a worker looks at already it finds out itself."""
    Entry.objects.filter(pk__in=ids, state=State.WAITING, claim__isnull=True).delete()
