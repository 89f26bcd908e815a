"""What people correct afterwards: another person, done by hand, one of several candidates."""

from typing import Any

from django.utils import timezone

from journaling.models import Entry
from journaling.trace import add_lines, note

State = Entry.State


def mark_done(pk: int, *, by: str) -> bool:
    """Somebody wrote it to Zoho by hand: it never goes there again."""
    entry = Entry.objects.filter(pk=pk, state__in=[State.PARKED, State.WAITING]).first()
    if entry is None:
        return False
    note(entry, "done_by_hand", by=by)
    return change(
        entry, state=State.LEFT_OUT, reason="done_by_hand", words="", field="", next_attempt_at=None
    )


def take_candidate(pk: int, *, zoho_id: str, by: str) -> bool:
    """Of several records in Zoho that may be this one, a person says which it is.

    False also for a record that turned out to be another entry's in the meantime.
    """
    entry = Entry.objects.filter(pk=pk, state=State.PARKED, reason="several_candidates").first()
    if entry is None or zoho_id not in list_candidates(entry):
        return False
    if Entry.objects.filter(zoho_id=zoho_id, module=entry.module).exclude(pk=pk).exists():
        return False
    note(entry, "candidate_taken", zoho_id=zoho_id, by=by)
    return change(
        entry,
        state=State.DELIVERED,
        zoho_id=zoho_id,
        delivered_at=timezone.now(),
        reason="",
        words="",
        next_attempt_at=None,
    )


def list_candidates(entry: Entry) -> list[str]:
    """Ids of Zoho's records; empty unless the entry waits for this choice."""
    if entry.state != State.PARKED or entry.reason != "several_candidates":
        return []
    rows = [row for row in entry.trace if row.get("code") == "parked" and row.get("candidates")]
    return [str(zoho_id) for zoho_id in rows[-1]["candidates"]] if rows else []


def relink(entry: Entry, *, links: dict[str, Any], by: str, **card: str) -> bool:
    """Zoho has put the record on another card already: keep the same here. `card` are columns."""
    note(entry, "put_on_by_hand", name=card.get("person", ""), by=by)
    record = {name: value for name, value in {**(entry.record or {}), **links}.items() if value}
    return change(entry, record=record, **card)


def change(entry: Entry, **columns: Any) -> bool:
    """Unless its state moved meanwhile."""
    same = Entry.objects.filter(pk=entry.pk, state=entry.state, claim__isnull=True)
    return bool(same.update(trace=add_lines(entry), **columns))
