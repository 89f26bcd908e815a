"""Step 2: legs of one call become one Entry.

A leg joins a call that is not sent yet. A leg that comes while its call is being sent waits for
the verdict; later legs become corrections of what stands in Zoho (journaling/correcting/late.py).
"""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from connector.models import Connection
from connector.phones import NumberKind, read_number
from journaling import entries
from journaling.call_log.twins import find_logged, take_place
from journaling.correcting.late import complete_new_versions, replace_later
from journaling.door import read_note
from journaling.follow_ups.closing import close_follow_ups
from journaling.joining import append, find_due_moment, join, unite
from journaling.journals import load_journal
from journaling.legs import ANSWERED, find_calls, find_logged_call
from journaling.models import Entry, Event, JournalSettings, Lane
from journaling.models.ids import derive_reference
from journaling.trace import note

log = logging.getLogger(__name__)

BATCH = 200
LOOK_AGAIN = timedelta(seconds=5)
"""How long a leg waits while its call is being sent."""

MUCH_LATER = timedelta(minutes=10)
"""How long a report waits that the portal cannot settle."""

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
    """Where one report cannot be settled, each is settled for itself."""
    try:
        return settle_some(connection, most=BATCH)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s: reports are settled one by one", connection.slug)
    return sum(settle_one(connection) for _number in range(BATCH))


def settle_some(connection: Connection, *, most: int) -> int:
    """One transaction: two workers may not look for the same call's entry side by side."""
    with transaction.atomic():
        lock_settling(connection)
        events = list(list_next(connection)[:most])
        for event in events:
            settle_event(event, connection=connection)
    return len(events)


def list_next(connection: Connection) -> QuerySet[Event]:
    return list_new_events().filter(connection=connection).order_by("received_at", "pk")


def settle_one(connection: Connection) -> int:
    """The next one; it waits when it cannot be settled."""
    first = list_next(connection).first()
    try:
        return settle_some(connection, most=1)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if first is None:
            return 0
        log.exception("report %s cannot be settled and waits", first.pk)
        return Event.objects.filter(pk=first.pk).update(settle_at=timezone.now() + MUCH_LATER)


def settle_event(event: Event, *, connection: Connection) -> None:
    if settle_twin(event):
        event.save(update_fields=["entry", "settle_at"])
        return
    settings = connection.journal
    reason = find_exclusion(event, connection=connection)
    calls = []
    if event.kind == Event.Kind.CALL and not reason and not event.unreadable_reason:
        calls = [] if event.is_trial else find_its_calls(event, connection=connection)
    if len(calls) > 1:
        calls = entries.hold(calls)
    if not calls:
        event.entry = open_entry(event, settings=settings, reason=reason)
    elif any(map(entries.is_moving, calls)):
        event.settle_at = timezone.now() + LOOK_AGAIN
    else:
        add_leg(calls[0], event, settings=settings)
    if event.entry:
        unite(event.entry, calls[1:], settings=settings)
    if event.entry and not reason:
        close_follow_ups(event)
    event.save(update_fields=["entry", "settle_at"])


def find_its_calls(event: Event, *, connection: Connection) -> list[Entry]:
    """By the id of the PBX's call log where there is one, else by the facts."""
    legs = connection.journal.legs
    logged = find_logged_call(event, legs=legs)
    if logged:
        return [logged]
    return find_calls(event, legs=legs, rules=connection.number_rules)


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


def add_leg(call: Entry, event: Event, *, settings: JournalSettings) -> None:
    """Into the call while it is not sent; else a correction, once it is known what stands in
    Zoho."""
    if join(call, event, settings=settings):
        event.entry = call
        return
    call.refresh_from_db()
    if call.state != Entry.State.DELIVERED:
        event.settle_at = timezone.now() + LOOK_AGAIN
    elif event.call_type in ANSWERED and call.call_type not in ANSWERED:
        event.entry = open_entry(event, settings=settings, reason="")
        replace_later(call, by=event.entry)
    else:
        event.entry = call
        append(call, event)


def find_exclusion(event: Event, *, connection: Connection) -> str:
    """The rule that keeps a report out of Zoho, or ""."""
    settings = connection.journal
    is_call = event.kind == Event.Kind.CALL
    if event.excluded_by:
        return "excluded"
    if not connection.active:
        return "connection_inactive"
    if not (settings.calls_enabled if is_call else settings.chats_enabled):
        return "journaling_off"
    if event.unreadable_reason:
        return ""
    began_at = event.started_at or event.received_at
    if settings.journal_from and began_at < settings.journal_from and not event.is_trial:
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
        reference=derive_reference(event.pk),
        kind=event.kind,
        module=choose_module(event, settings=settings),
        is_trial=event.is_trial,
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
        note(entry, "left_out", reason=reason, **describe_rule(event))
    elif event.unreadable_reason:
        park_unreadable(entry, event)
    return entry


def describe_rule(event: Event) -> dict[str, str]:
    if not event.excluded_by:
        return {}
    return {"rule": f"excluded_{event.excluded_by}", "note": read_note(event)}


def park_unreadable(entry: Entry, event: Event) -> None:
    entry.kind, entry.module = Entry.Kind.REPORT, ""
    entry.state, entry.next_attempt_at = Entry.State.PARKED, None
    entry.reason, entry.words = "unreadable_report", event.unreadable_reason
    note(entry, "parked", reason=entry.reason, words=entry.words)


def choose_module(event: Event, *, settings: JournalSettings) -> str:
    if event.kind == Event.Kind.CALL or settings.chats_store_as == settings.StoreAs.CALL:
        return "Calls"
    return "Tasks"
