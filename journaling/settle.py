"""Step 2: legs of one call become one Entry.

A leg joins a call that is not sent yet. A leg that comes while its call is being sent waits for
the verdict; later legs become corrections of what stands in Zoho (journaling/late.py).
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from connector.models import Connection
from connector.phones import NumberKind, read_number
from journaling.call_log.twins import find_logged, take_place
from journaling.journals import load_journal
from journaling.late import complete_later, complete_new_versions, replace_later
from journaling.legs import ANSWERED, find_call, find_logged_call
from journaling.models import Entry, Event, JournalSettings, Lane
from journaling.trace import note

log = logging.getLogger(__name__)

BATCH = 200
LOOK_AGAIN = timedelta(seconds=5)
"""How long a leg waits while its call is being sent."""

SETTLING_LANE = "settle"


def settle_connection(connection_id: int) -> int:
    """Give every new report of a connection its entry; returns how many reports were settled."""
    connection = Connection.objects.get(pk=connection_id)
    load_journal(connection)
    make_settling_lane(connection)
    settled = 0
    while done := settle_batch(connection):
        settled += done
    with transaction.atomic():
        lock_settling(connection)
        complete_new_versions(connection)
    return settled


def make_settling_lane(connection: Connection) -> None:
    Lane.objects.get_or_create(connection=connection, module=SETTLING_LANE)


def lock_settling(connection: Connection) -> None:
    Lane.objects.select_for_update().get(connection=connection, module=SETTLING_LANE)


def list_new_events() -> QuerySet[Event]:
    """Reports without an entry that are to be looked at now."""
    due = Q(settle_at__isnull=True) | Q(settle_at__lte=timezone.now())
    return Event.objects.filter(due, entry__isnull=True)


def settle_batch(connection: Connection) -> int:
    """One transaction: two workers may not look for the same call's entry side by side."""
    with transaction.atomic():
        lock_settling(connection)
        new = list_new_events().filter(connection=connection)
        events = list(new.order_by("received_at", "pk")[:BATCH])
        for event in events:
            settle_event(event, connection=connection)
    return len(events)


def settle_event(event: Event, *, connection: Connection) -> None:
    if settle_twin(event):
        event.save(update_fields=["entry", "settle_at"])
        return
    settings = connection.journal
    reason = find_exclusion(event, connection=connection)
    call = None
    if event.kind == Event.Kind.CALL and not reason and not event.unreadable_reason:
        call = find_logged_call(event, legs=settings.legs) or find_call(event, legs=settings.legs)
    if call is None:
        event.entry = open_entry(event, settings=settings, reason=reason)
    elif join(call, event, settings=settings):
        event.entry = call
    else:
        settle_late(call, event, settings=settings)
    event.save(update_fields=["entry", "settle_at"])


def settle_twin(event: Event) -> bool:
    """A report of what the PBX's call log had first, or such a row whose report is there: true
    when nothing else is to be done with it now."""
    if event.source == Event.Source.CALL_LOG:
        if event.report and not event.report.entry:
            event.settle_at = timezone.now() + LOOK_AGAIN
        event.entry = event.report.entry if event.report else None
        return bool(event.report)
    logged = find_logged(event)
    return logged is not None and take_place(logged, event, look_again=LOOK_AGAIN)


def settle_late(call: Entry, event: Event, *, settings: JournalSettings) -> None:
    """A leg of a call that was sent: a correction, once it is known what stands in Zoho."""
    call.refresh_from_db()
    if call.state != Entry.State.DELIVERED:
        event.settle_at = timezone.now() + LOOK_AGAIN
        return
    if event.call_type in ANSWERED and call.call_type not in ANSWERED:
        event.entry = open_entry(event, settings=settings, reason="")
        replace_later(call, by=event.entry)
        return
    note_leg(call, event)
    Entry.objects.filter(pk=call.pk).update(trace=call.trace)
    event.entry = call
    complete_later(call)


def find_exclusion(event: Event, *, connection: Connection) -> str:
    """The rule that keeps a report out of Zoho, or ""."""
    settings = connection.journal
    is_call = event.kind == Event.Kind.CALL
    if not connection.active:
        return "connection_inactive"
    if not (settings.calls_enabled if is_call else settings.chats_enabled):
        return "journaling_off"
    if event.unreadable_reason:
        return ""
    began_at = event.started_at or event.received_at
    if settings.journal_from and began_at < settings.journal_from:
        return "before_journal_from"
    kind = read_number(event.number, connection.number_rules).kind
    return "internal" if kind == NumberKind.INTERNAL else ""


def open_entry(event: Event, *, settings: JournalSettings, reason: str) -> Entry:
    entry = draft_entry(event, settings=settings, reason=reason)
    entry.save(force_insert=True)
    return entry


def draft_entry(event: Event, *, settings: JournalSettings, reason: str) -> Entry:
    """What a report becomes, not stored yet."""
    entry = Entry(
        connection_id=event.connection_id,
        kind=event.kind,
        module=choose_module(event, settings=settings),
        call_type=event.call_type,
        number=event.number,
        number_key=event.number_key,
        extension=event.extension,
        queue=event.queue,
        started_at=event.started_at,
        ended_at=event.ended_at,
        next_attempt_at=find_due_moment(event, settings=settings),
    )
    is_logged = event.source == Event.Source.CALL_LOG
    note(entry, "found_in_call_log" if is_logged else "reported",
         type=event.call_type or event.kind, agent=event.extension,
         queue=event.queue, event=str(event.pk))  # fmt: skip
    if reason:
        entry.state, entry.reason, entry.next_attempt_at = Entry.State.LEFT_OUT, reason, None
        note(entry, "left_out", reason=reason)
    elif event.unreadable_reason:
        park_unreadable(entry, event)
    return entry


def park_unreadable(entry: Entry, event: Event) -> None:
    entry.kind, entry.module = Entry.Kind.REPORT, ""
    entry.state, entry.next_attempt_at = Entry.State.PARKED, None
    entry.reason, entry.words = "unreadable_report", event.unreadable_reason
    note(entry, "parked", reason=entry.reason, words=entry.words)


def choose_module(event: Event, *, settings: JournalSettings) -> str:
    if event.kind == Event.Kind.CALL or settings.chats_store_as == settings.StoreAs.CALL:
        return "Calls"
    return "Tasks"


def find_due_moment(event: Event, *, settings: JournalSettings) -> datetime:
    """By our clock, from the arrival: the PBX's own clock may be wrong."""
    if event.kind == Event.Kind.CHAT:
        return event.received_at
    seconds = settings.settle_seconds
    if event.queue and event.call_type not in ANSWERED:
        queue = settings.connection.queues.filter(extension=event.queue).first()
        seconds = max(seconds, queue.ring_seconds if queue else 0)
    return event.received_at + timedelta(seconds=seconds)


def join(entry: Entry, event: Event, *, settings: JournalSettings) -> bool:
    """Add a leg to a call that is certainly not in Zoho; the leg that answered speaks for it."""
    note_leg(entry, event)
    changes: dict[str, object] = {"trace": entry.trace}
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
    if entry.state != Entry.State.PARKED:
        due_at = find_due_moment(event, settings=settings)
        changes["next_attempt_at"] = max(entry.next_attempt_at or due_at, due_at)
    return bool(list_joinable(entry).update(**changes))


def list_joinable(entry: Entry) -> QuerySet[Entry]:
    """The entry, while it is as it was read and no try of it may have reached Zoho."""
    unsent = Entry.objects.filter(pk=entry.pk, state=entry.state, claim__isnull=True)
    states = [Entry.State.SETTLING, Entry.State.WAITING, Entry.State.PARKED]
    return unsent.filter(state__in=states).exclude(reason__in=Entry.DOUBTFUL)


def note_leg(entry: Entry, event: Event) -> None:
    note(entry, "joined", type=event.call_type, agent=event.extension, queue=event.queue,
         event=str(event.pk))  # fmt: skip
