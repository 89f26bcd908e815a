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


def supersede(entry: Entry, *, by: Entry, reason: str) -> bool:
    """Our record is not in Zoho any more: another one stands there instead. False when this one
    is asked for or sent again meanwhile."""
    code = "replaced_anew" if reason == "written_anew" else "replaced"
    note(entry, code, zoho_id=by.zoho_id)
    gone = Entry.objects.filter(pk=entry.pk, state__in=[State.DELIVERED, State.LEFT_OUT])
    return bool(gone.update(state=State.LEFT_OUT, reason=reason, trace=add_lines(entry)))


def give_back(entry: Entry, *, former: Entry) -> None:
    """It was to be written anew and stays out of Zoho: the former one is the call again."""
    note(entry, "former_stays")
    Entry.objects.filter(pk=entry.pk, state=State.LEFT_OUT).update(
        reason="former_stays", trace=add_lines(entry)
    )
    entry.events.update(entry=former)
    entry.followers.filter(kind=Entry.Kind.FOLLOW_UP).update(after=former)
