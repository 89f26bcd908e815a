"""What people decide about entries: try again, leave out, put all on hold for a decision."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from connector.wording import Words
from journaling.guards import DOUBT
from journaling.models import Entry
from journaling.trace import add_lines, note

State = Entry.State
FINAL_REASONS = (
    "replaced_by_answered",
    "written_anew",
    "former_stays",
    "excluded",
    "caller_reached",
    "no_account",
)
"""It stands in Zoho in another way, or nothing is left that could be sent."""


def release(ids: Collection[int], *, by: str) -> int:
    """A person's "Try again": parked, excluded or postponed entries are due at once; Zoho is asked
    first for what it may have."""
    chosen = (
        Entry.objects.filter(pk__in=ids, state__in=[State.PARKED, State.LEFT_OUT, State.WAITING])
        .exclude(module="")
        .exclude(reason__in=FINAL_REASONS)
        .exclude(texts_deleted_at__isnull=False)
        .exclude(events__body_deleted_at__isnull=False)
    )
    in_doubt = Q(state=State.PARKED, reason=DOUBT)
    asked = decide(
        chosen.filter(in_doubt), code="released", by=by, state=State.UNKNOWN, reason=DOUBT,
        checks=0, next_attempt_at=timezone.now(),
    )  # fmt: skip
    released = asked + make_due(chosen.exclude(in_doubt), by=by)
    # What they were to correct, and did not, since they stayed out of Zoho themselves.
    corrections = Entry.objects.filter(module=Entry.CORRECTIONS, reason="parent_missing")
    make_due(corrections.filter(after__in=ids, after__state=State.WAITING), by=by)
    return released


def make_due(chosen: QuerySet[Entry], *, by: str) -> int:
    return decide(
        chosen, code="released", by=by, state=State.WAITING, tries=0, next_attempt_at=timezone.now()
    )


def leave_out(ids: Collection[int], *, by: str) -> int:
    """A person's "Leave out": what is not yet in Zoho stays out of it."""
    return decide(
        Entry.objects.filter(pk__in=ids, state__in=[State.SETTLING, State.WAITING, State.PARKED]),
        code="left_out",
        by=by,
        state=State.LEFT_OUT,
        reason="left_out_by_person",
        next_attempt_at=None,
    )


def leave_out_unsent(entry: Entry, *, reason: str) -> bool:
    """Unless it is in Zoho, may be, or is just being sent."""
    unsent = Entry.objects.filter(
        pk=entry.pk, state=State.WAITING, claim__isnull=True, first_sent_at__isnull=True
    )
    note(entry, "left_out", reason=reason)
    done = unsent.update(
        state=State.LEFT_OUT, reason=reason, trace=add_lines(entry), next_attempt_at=None
    )
    return bool(done)


def park_open(*, connection_id: int, reason: str, words: Words) -> int:
    """Everything that still goes to Zoho waits for a person instead."""
    return decide(
        Entry.objects.filter(connection_id=connection_id, state__in=Entry.OPEN_STATES),
        code="parked",
        reason=reason,
        words=words,
        state=State.PARKED,
        next_attempt_at=None,
        claim=None,
        claimed_until=None,
    )


def decide(chosen: QuerySet[Entry], *, code: str, by: str = "", **changes: Any) -> int:
    """Change each chosen entry unless its state moved meanwhile; returns how many changed."""
    changed = 0
    facts = {"by": by} if by else {"reason": changes.get("reason", "")}
    changes = {"reason": "", "words": "", "field": ""} | changes
    for entry in chosen.iterator(chunk_size=500):
        note(entry, code, **facts)
        same = Entry.objects.filter(pk=entry.pk, state=entry.state, claim=entry.claim)
        changed += same.update(trace=add_lines(entry), **changes)
    return changed
