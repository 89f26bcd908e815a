"""Step 2a: a further leg joins its call, or shows that several calls are one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from journaling import entries
from journaling.correcting.late import complete_later, replace_later
from journaling.legs import ANSWERED
from journaling.models import Entry, Event, JournalSettings
from journaling.trace import add_lines, note

State = Entry.State


def join(entry: Entry, event: Event, *, settings: JournalSettings) -> bool:
    """Add a leg to a call that is certainly not in Zoho; the leg that answered speaks for it."""
    note_leg(entry, event)
    changes: dict[str, object] = {"trace": add_lines(entry)}
    if event.call_type in ANSWERED and entry.call_type not in ANSWERED:
        changes |= {
            "call_type": event.call_type,
            "extension": event.extension,
            "queue": event.queue or entry.queue,
        }
    if entry.started_at and event.started_at:
        changes["started_at"] = min(entry.started_at, event.started_at)
    if entry.ended_at and event.ended_at:
        changes["ended_at"] = max(entry.ended_at, event.ended_at)
    if entry.state != State.PARKED:
        due_at = find_due_moment(event, settings=settings)
        changes["next_attempt_at"] = max(entry.next_attempt_at or due_at, due_at)
    return bool(entries.list_joinable(entry).update(**changes))


def append(entry: Entry, event: Event) -> None:
    """Mention a leg in the text of a call that stands in Zoho."""
    note_leg(entry, event)
    Entry.objects.filter(pk=entry.pk).update(trace=add_lines(entry))
    complete_later(entry)


def take_over(former: Entry, *, into: Entry) -> None:
    """The legs of a call that another record stands for now are mentioned in that one, and later
    legs find it."""
    legs = list(former.events.order_by("received_at", "pk"))
    former.events.update(entry=into)
    former.followers.filter(kind=Entry.Kind.FOLLOW_UP).update(after=into)
    for event in legs:
        append(into, event)


def note_leg(entry: Entry, event: Event) -> None:
    note(entry, "joined", type=event.call_type, agent=event.extension, queue=event.queue,
         event=str(event.pk))  # fmt: skip


def find_due_moment(event: Event, *, settings: JournalSettings) -> datetime:
    """By our clock, from the arrival: the PBX's own clock may be wrong."""
    if event.kind == Event.Kind.CHAT or event.is_trial:
        return event.received_at
    seconds = settings.settle_seconds
    if event.queue and event.call_type not in ANSWERED:
        queue = settings.connection.queues.filter(extension=event.queue).first()
        seconds = max(seconds, queue.ring_seconds if queue else 0)
    return event.received_at + timedelta(seconds=seconds)


def unite(call: Entry, others: Iterable[Entry], *, settings: JournalSettings) -> None:
    """The others have a leg that fits a leg of `call`: they came in an order that hid it.

    What stands in Zoho as an answered call stays; a missed one goes after `call` is there.
    """
    for other in others:
        call.refresh_from_db()
        missed = other.call_type not in ANSWERED
        if other.state == State.DELIVERED:
            if missed and call.call_type in ANSWERED:
                replace_later(other, by=call)
        elif missed or settings.legs == settings.Legs.ONE_PER_CALL:
            absorb(other, into=call, settings=settings)


def absorb(other: Entry, *, into: Entry, settings: JournalSettings) -> None:
    for event in entries.dissolve(other, into=into):
        if into.state == State.DELIVERED:
            append(into, event)
        else:
            join(into, event, settings=settings)
            into.refresh_from_db()
