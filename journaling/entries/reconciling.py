"""Transitions of what had been delivered, and is not in Zoho any more."""

from django.utils import timezone

from journaling.models import Entry
from journaling.trace import add_lines, note

State = Entry.State


def mark_gone(entry: Entry, *, by: str, at: str) -> bool:
    """Somebody deleted the record in Zoho: it stays out, unless a person here wants it back."""
    note(entry, "deleted_in_zoho", zoho_id=entry.zoho_id, name=by, moment=at)
    return change_delivered(
        entry, state=State.LEFT_OUT, reason="gone_in_zoho", zoho_id="", zoho_modified_at=""
    )


def ask_again(entry: Entry, *, by: str = "") -> bool:
    """Nobody knows why it is missing: Zoho is asked by the reference, then it is sent once more."""
    note(entry, "missing", zoho_id=entry.zoho_id, by=by)
    return change_delivered(
        entry,
        state=State.UNKNOWN,
        reason="missing_in_zoho",
        zoho_id="",
        zoho_modified_at="",
        checks=0,
        next_attempt_at=timezone.now(),
    )


def change_delivered(entry: Entry, **columns: object) -> bool:
    """Unless it changed meanwhile."""
    same = Entry.objects.filter(pk=entry.pk, state=State.DELIVERED, zoho_id=entry.zoho_id)
    return bool(same.update(trace=add_lines(entry), **columns))
