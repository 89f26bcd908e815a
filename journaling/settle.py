"""Step 2: legs of one call become one Entry.

The PBX posts one report per agent leg and no call id, so legs are recognised by their facts:
the same connection, direction and number, and either starts within 5 s of each other with the
same queue (or one without), or an answered leg that starts within 2 s of another's end (a
transfer). Mere overlap never joins: it would swallow real calls.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from connector.models import Connection
from connector.phones import NumberKind, read_number
from connector.threecx.reports import CallType
from journaling.models import Entry, Event, JournalSettings, Lane
from journaling.trace import note

log = logging.getLogger(__name__)

BATCH = 200
SAME_START = timedelta(seconds=5)
TRANSFER_GAP = timedelta(seconds=2)
SEARCH_WINDOW = timedelta(hours=4)
"""How far before a leg the call may have begun that it belongs to."""

ANSWERED = {CallType.INBOUND, CallType.OUTBOUND}
OUTGOING = {CallType.OUTBOUND, CallType.NOTANSWERED}
SETTLING_LANE = "settle"


def settle_connection(connection_id: int) -> int:
    """Give every new report of a connection its entry; returns how many reports were settled."""
    connection = Connection.objects.select_related("journal").get(pk=connection_id)
    Lane.objects.get_or_create(connection_id=connection_id, module=SETTLING_LANE)
    settled = 0
    while done := settle_batch(connection):
        settled += done
    return settled


def settle_batch(connection: Connection) -> int:
    """One transaction: two workers may not look for the same call's entry side by side."""
    with transaction.atomic():
        Lane.objects.select_for_update().get(connection=connection, module=SETTLING_LANE)
        new = Event.objects.filter(connection=connection, entry__isnull=True)
        events = list(new.order_by("received_at", "pk")[:BATCH])
        for event in events:
            settle_event(event, connection=connection)
    return len(events)


def settle_event(event: Event, *, connection: Connection) -> None:
    settings = connection.journal
    reason = find_exclusion(event, connection=connection)
    entry = None
    if event.kind == Event.Kind.CALL and not reason and not event.unreadable_reason:
        entry = find_call(event, legs=settings.legs)
    if entry:
        join(entry, event, settings=settings)
    else:
        entry = open_entry(event, settings=settings, reason=reason)
    event.entry = entry
    event.save(update_fields=["entry"])


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
    note(entry, "reported", type=event.call_type or event.kind, agent=event.extension,
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


def find_call(event: Event, *, legs: str) -> Entry | None:
    """The call that this leg belongs to, if another leg of it came before."""
    if legs == JournalSettings.Legs.ONE_PER_LEG or not event.started_at or not event.ended_at:
        return None
    if legs == JournalSettings.Legs.ONE_PER_ANSWERED_LEG and event.call_type in ANSWERED:
        neighbours = list_neighbours(event).exclude(entry__call_type__in=ANSWERED)
    else:
        neighbours = list_neighbours(event)
    for other in neighbours.select_related("entry").order_by("-received_at"):
        if belong_together(event, other) and other.entry and can_take(other.entry, event):
            return other.entry
    return None


def list_neighbours(event: Event) -> QuerySet[Event]:
    started_at, ended_at = read_times(event)
    same_direction = Q(call_type__in=OUTGOING)
    if event.call_type not in OUTGOING:
        same_direction = ~same_direction
    return Event.objects.filter(
        same_direction,
        connection_id=event.connection_id,
        kind=Event.Kind.CALL,
        number_key=event.number_key,
        started_at__gte=started_at - SEARCH_WINDOW,
        started_at__lte=ended_at + SAME_START,
        entry__isnull=False,
    ).exclude(entry__state=Entry.State.LEFT_OUT)


def belong_together(leg: Event, other: Event) -> bool:
    """Whether two legs with the same number and direction are parts of one call."""
    began, ended = read_times(leg)
    other_began, other_ended = read_times(other)
    if abs(began - other_began) <= SAME_START:
        if not leg.number_key:
            return bool(leg.queue) and leg.queue == other.queue
        return leg.queue == other.queue or not (leg.queue and other.queue)
    if not leg.number_key or not {leg.call_type, other.call_type} <= ANSWERED:
        return False
    return min(abs(began - other_ended), abs(other_began - ended)) <= TRANSFER_GAP


def read_times(event: Event) -> tuple[datetime, datetime]:
    """Start and end of a readable report; a row without them counts from its arrival."""
    return event.started_at or event.received_at, event.ended_at or event.received_at


def can_take(entry: Entry, event: Event) -> bool:
    """An answered leg cannot join a call that already stands in Zoho as missed: its type is fixed
    there. It gets an entry of its own."""
    if entry.state in (Entry.State.SETTLING, Entry.State.WAITING):
        return True
    return event.call_type not in ANSWERED or entry.call_type in ANSWERED


def join(entry: Entry, event: Event, *, settings: JournalSettings) -> None:
    """Add a leg. Until the call is sent, the leg that answered speaks for it."""
    note(entry, "joined", type=event.call_type, agent=event.extension, queue=event.queue,
         event=str(event.pk))  # fmt: skip
    changes = {"trace": entry.trace}
    unsent = Entry.objects.filter(
        pk=entry.pk, state__in=[Entry.State.SETTLING, Entry.State.WAITING], claim__isnull=True
    )
    if event.call_type in ANSWERED and entry.call_type not in ANSWERED:
        changes |= {
            "call_type": event.call_type,
            "extension": event.extension,
            "queue": event.queue or entry.queue,
        }
    due_at = find_due_moment(event, settings=settings)
    started_at, ended_at = read_times(event)
    times = {
        "started_at": min(entry.started_at or started_at, started_at),
        "ended_at": max(entry.ended_at or ended_at, ended_at),
        "next_attempt_at": max(entry.next_attempt_at or due_at, due_at),
    }
    if not unsent.update(**changes, **times):
        Entry.objects.filter(pk=entry.pk).update(trace=entry.trace)
        log.info("a leg came after its call was sent: entry %s", entry.pk)
