"""Transitions of what stands in Zoho already."""

from typing import Any

from journaling.models import Entry
from journaling.trace import note

State = Entry.State


def note_rewritten(entry: Entry, *, record: dict[str, Any], modified_at: str) -> None:
    """The delivered record was changed by us; `modified_at` is the moment to remember for it."""
    note(entry, "completed")
    Entry.objects.filter(pk=entry.pk, state=State.DELIVERED).update(
        record=record,
        zoho_modified_at=modified_at,
        trace=entry.trace,
    )


def supersede(entry: Entry, *, by: Entry) -> None:
    """Our missed call was removed from Zoho: its answered part stands there instead."""
    note(entry, "replaced", zoho_id=by.zoho_id)
    Entry.objects.filter(pk=entry.pk, state=State.DELIVERED).update(
        state=State.LEFT_OUT, reason="replaced_by_answered", trace=entry.trace
    )
