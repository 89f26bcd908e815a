"""A call that stands in Zoho already is given its card, or another one."""

from typing import Any

from connector.wording import Words
from journaling.models import Entry
from journaling.trace import add_lines, note

State = Entry.State


def relink(
    entry: Entry,
    *,
    module: str,
    zoho_id: str,
    person: str,
    code: str,
    modified_at: str,
    **facts: Any,
) -> bool:
    """Note where the record stands now and when it was written last; False when the entry
    changed meanwhile."""
    note(entry, code, module=module, zoho_id=zoho_id, name=person, **facts)
    same = Entry.objects.filter(
        pk=entry.pk,
        state=State.DELIVERED,
        card_module=entry.card_module,
        card_zoho_id=entry.card_zoho_id,
    )
    return bool(
        same.update(
            card_module=module,
            card_zoho_id=zoho_id,
            person=person[:200] or entry.person,
            zoho_modified_at=modified_at,
            trace=add_lines(entry),
        )
    )


def give_up_relinking(entry: Entry, *, words: Words) -> None:
    """Zoho did not let it be moved; it stays as it is."""
    note(entry, "not_relinked", words=words)
    Entry.objects.filter(pk=entry.pk, state=State.DELIVERED).update(trace=add_lines(entry))
