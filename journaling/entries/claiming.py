"""Taking work, keeping it, and freeing what a dead worker held."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When, prefetch_related_objects
from django.utils import timezone

from connector.wording import Wording as _
from journaling.models import Entry

LEASE = timedelta(minutes=2)
"""Longer than two deadlines of an HTTP request, short enough to find a dead worker's work soon."""

UNKNOWN_WAIT = timedelta(minutes=2)
"""How long Zoho may take to commit a record whose answer never came, unless the settings say."""

State = Entry.State
UNSENT_STATES = (State.SETTLING, State.WAITING)


def list_due(*, now: datetime) -> QuerySet[Entry]:
    """What may be sent: settled or due again, and not waiting for its parent.

    A call waits for the person that is created for it, but not for one that Zoho does not take.
    What belongs to an entry that stays out of Zoho is looked at, and left out as well.
    """
    not_taken = Q(after__kind=Entry.Kind.PERSON, after__state=State.PARKED)
    not_taken |= Q(after__state=State.LEFT_OUT)
    return Entry.objects.filter(
        Q(after__isnull=True) | Q(after__state=State.DELIVERED) | not_taken,
        state__in=UNSENT_STATES,
        next_attempt_at__lte=now,
    )


def list_due_checks(*, now: datetime) -> QuerySet[Entry]:
    """What is to be asked for at Zoho, and is not being asked for by another worker."""
    return Entry.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
        state=State.UNKNOWN,
        next_attempt_at__lte=now,
    )


def claim(*, connection_id: int, module: str, limit: int) -> tuple[uuid.UUID, list[Entry]]:
    """Take up to `limit` due entries of a lane, oldest first, under a fresh token."""
    now = timezone.now()
    due = list_due(now=now).filter(connection_id=connection_id, module=module)
    # Again without the join to the parent, which would move the condition into a subquery.
    still_due = Entry.objects.filter(state__in=UNSENT_STATES, next_attempt_at__lte=now)
    return take(list_ids(due, limit), still_due, state=State.SENDING, last_sent_at=None)


def claim_checks(*, connection_id: int, module: str, limit: int) -> tuple[uuid.UUID, list[Entry]]:
    """Take entries whose outcome is unknown and whose waiting time is over."""
    due = list_due_checks(now=timezone.now()).filter(connection_id=connection_id, module=module)
    return take(list_ids(due, limit), due)


def list_ids(due: QuerySet[Entry], limit: int) -> list[int]:
    return list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])


def take(ids: list[int], due: QuerySet[Entry], **changes: Any) -> tuple[uuid.UUID, list[Entry]]:
    token = uuid.uuid4()
    if not ids:
        return token, []
    due.filter(pk__in=ids).update(claim=token, claimed_until=timezone.now() + LEASE, **changes)
    taken = list(held_by(token).order_by("started_at", "pk"))
    # Few come after another; to join those to all costs as much again as reading the batch.
    prefetch_related_objects([entry for entry in taken if entry.after_id], "after")
    return token, taken


def held_by(token: uuid.UUID) -> QuerySet[Entry]:
    return Entry.objects.filter(claim=token)


def renew(token: uuid.UUID, wanted: Collection[Entry]) -> bool:
    """Prolong a claim; False unless all that are wanted are still held."""
    held_by(token).update(claimed_until=timezone.now() + LEASE)
    return held_by(token).filter(pk__in=[entry.pk for entry in wanted]).count() == len(wanted)


def put_back(token: uuid.UUID) -> None:
    """Let go of what is still claimed: unsent entries keep their place, no try counted; those whose
    outcome is unknown stay so."""
    sending = When(state=State.SENDING, then=Value(State.WAITING))
    drop_claim(held_by(token), state=Case(sending, default=F("state")))


def drop_claim(held: QuerySet[Entry], **changes: Any) -> int:
    return held.update(claim=None, claimed_until=None, **changes)


def free_claims(*, connection_id: int) -> int:
    """A person says that the worker is dead: as when its claims had run out."""
    now = timezone.now()
    own = Entry.objects.filter(connection_id=connection_id)
    own.filter(state=State.SENDING).update(claimed_until=now - timedelta(seconds=1))
    own.filter(state=State.UNKNOWN).update(claim=None, claimed_until=None)
    return sweep(now=now)


def sweep(*, now: datetime) -> int:
    """Free what a dead worker held: unsent work waits again, sent work is asked for at Zoho."""
    dead = Entry.objects.filter(state=State.SENDING, claimed_until__lt=now)
    unsent = drop_claim(
        dead.filter(last_sent_at__isnull=True),
        state=State.WAITING,
        next_attempt_at=now,
    )
    sent = 0
    waits = dead.order_by().values_list("connection_id", "connection__journal__unknown_seconds")
    for connection_id, seconds in list(waits.distinct()):
        wait = UNKNOWN_WAIT if seconds is None else timedelta(seconds=seconds)
        sent += drop_claim(
            dead.filter(connection_id=connection_id),
            state=State.UNKNOWN,
            reason="unknown_outcome",
            words=_("The worker stopped while this was being sent."),
            next_attempt_at=F("last_sent_at") + wait,
        )
    return unsent + sent
