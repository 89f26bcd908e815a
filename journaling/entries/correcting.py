"""Transitions of what stands in Zoho already."""

from typing import Any

from journaling.models import Entry
from journaling.trace import add_lines, note

State = Entry.State


def note_rewritten(entry: Entry, *, record: dict[str, Any], modified_at: str) -> None:
    """The delivered record was changed by us; `modified_at` is the moment to remember for it."""
    note(entry, "completed")
    Entry.objects.filter(pk=entry.pk, state=State.DELIVERED).update(
        record=record,
        zoho_modified_at=modified_at,
        trace=add_lines(entry),
    )


def supersede(entry: Entry, *, by: Entry, reason: str) -> None:
    """Our record was removed from Zoho: another one stands there instead."""
    code = "replaced_anew" if reason == "written_anew" else "replaced"
    note(entry, code, zoho_id=by.zoho_id)
    Entry.objects.filter(pk=entry.pk, state=State.DELIVERED).update(
        state=State.LEFT_OUT, reason=reason, trace=add_lines(entry)
    )


def give_back(entry: Entry, *, former: Entry) -> None:
    """It was to be written anew and stays out of Zoho: the former one is the call again."""
    note(entry, "former_stays")
    Entry.objects.filter(pk=entry.pk, state=State.LEFT_OUT).update(
        reason="former_stays", trace=add_lines(entry)
    )
    entry.events.update(entry=former)
    entry.followers.filter(kind=Entry.Kind.FOLLOW_UP).update(after=former)
