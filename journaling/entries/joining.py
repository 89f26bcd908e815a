"""Transitions of calls that are not in Zoho yet: further legs join them."""

from collections.abc import Sequence

from django.db.models import QuerySet

from journaling.models import Entry, Event

State = Entry.State
OPEN = (State.SETTLING, State.WAITING, State.PARKED)


def list_joinable(entry: Entry) -> QuerySet[Entry]:
    """The entry, while it is as it was read and no try of it may have reached Zoho."""
    same = Entry.objects.filter(pk=entry.pk, state=entry.state, claim__isnull=True, ask_first=False)
    return same.filter(state__in=OPEN).exclude(reason__in=Entry.DOUBTFUL)


def hold(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries as they stand now; nobody takes them until the transaction ends."""
    rows = Entry.objects.select_for_update().in_bulk([entry.pk for entry in entries])
    return [rows[entry.pk] for entry in entries if entry.pk in rows]


def is_moving(entry: Entry) -> bool:
    """Whether it is being sent, or nobody knows whether Zoho has it."""
    if entry.state == State.DELIVERED:
        return False
    doubtful = entry.ask_first or entry.reason in Entry.DOUBTFUL
    return entry.state not in OPEN or bool(entry.claim) or doubtful


def dissolve(entry: Entry, *, into: Entry) -> list[Event]:
    """A held call that was never sent is a part of another one: its legs go there. Returns them.

    So does the removal of a record in Zoho that it was to replace.
    """
    events = list(entry.events.order_by("received_at", "pk"))
    entry.events.update(entry=into)
    entry.followers.filter(kind=Entry.Kind.REMOVAL).update(after=into)
    entry.delete()
    return events
