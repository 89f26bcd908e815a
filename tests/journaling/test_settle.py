from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from connector.models import Connection
from journaling.ingest import store_report
from journaling.models import Entry, Event, JournalSettings
from journaling.settle import settle_connection
from tests.support.builders import CALLED_AT, build_call_body, build_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Connection:
    return build_connection()


def report(connection: Connection, *, after: float = 0, kind: str = "call", **values) -> Event:
    """Store a report whose call began `after` seconds later than the usual one."""
    start = CALLED_AT + timedelta(seconds=after)
    seconds = int(values.get("seconds", 0))
    values.setdefault("start", start.isoformat())
    values.setdefault("end", (start + timedelta(seconds=seconds)).isoformat())
    store_report(connection=connection, kind=kind, body=build_call_body(**values))
    return Event.objects.order_by("received_at").last()


def settle(connection: Connection) -> list[Entry]:
    settle_connection(connection.pk)
    assert not Event.objects.filter(entry__isnull=True).exists()
    return list(Entry.objects.order_by("pk"))


def test_a_call_becomes_an_entry_that_waits_for_the_settling_time(acme):
    event = report(acme, seconds="65")
    [entry] = settle(acme)
    assert entry.state == Entry.State.SETTLING
    assert entry.next_attempt_at == event.received_at + timedelta(seconds=20)
    assert (entry.module, entry.number_key) == ("Calls", "+441632960011")


def test_legs_of_a_queue_call_are_one_call_and_the_answered_one_speaks(acme):
    report(acme, type="Missed", agent="102", queue="800")
    report(acme, type="Inbound", agent="104", queue="800", seconds="65", after=3)
    [entry] = settle(acme)
    assert (entry.call_type, entry.extension) == ("Inbound", "104")
    assert entry.events.count() == 2


def test_the_order_of_arrival_does_not_matter(acme):
    report(acme, type="Inbound", agent="104", queue="800", seconds="65", after=3)
    report(acme, type="Missed", agent="102", queue="800")
    [entry] = settle(acme)
    assert (entry.call_type, entry.extension) == ("Inbound", "104")


def test_legs_that_start_six_seconds_apart_are_two_calls(acme):
    report(acme, type="Missed", agent="102", queue="800")
    report(acme, type="Missed", agent="102", queue="800", after=6)
    assert len(settle(acme)) == 2


def test_legs_of_different_queues_are_two_calls(acme):
    report(acme, type="Missed", agent="102", queue="800")
    report(acme, type="Missed", agent="103", queue="801")
    assert len(settle(acme)) == 2


def test_a_transfer_that_begins_at_the_end_of_the_other_leg_is_the_same_call(acme):
    report(acme, type="Inbound", agent="101", seconds="60")
    report(acme, type="Inbound", agent="102", seconds="30", after=61)
    [entry] = settle(acme)
    assert entry.events.count() == 2
    assert entry.ended_at - entry.started_at == timedelta(seconds=91)


def test_calls_that_only_overlap_stay_two_calls(acme):
    report(acme, type="Inbound", agent="101", seconds="600")
    report(acme, type="Inbound", agent="102", seconds="30", after=100)
    assert len(settle(acme)) == 2


def test_a_missed_call_right_after_another_ended_is_a_call_of_its_own(acme):
    report(acme, type="Inbound", agent="101", seconds="60")
    report(acme, type="Missed", agent="102", after=61)
    assert len(settle(acme)) == 2


def test_calls_in_opposite_directions_are_two_calls(acme):
    report(acme, type="Missed", agent="101")
    report(acme, type="Outbound", agent="101", seconds="30", after=2)
    assert len(settle(acme)) == 2


def test_withheld_numbers_join_only_in_the_same_queue(acme):
    report(acme, number="anonymous", type="Missed", agent="101", queue="800")
    report(acme, number="anonymous", type="Missed", agent="102", queue="800", after=1)
    report(acme, number="anonymous", type="Missed", agent="103", after=2)
    assert [entry.events.count() for entry in settle(acme)] == [2, 1]


def test_one_per_leg_keeps_every_leg():
    connection = build_connection(journal={"legs": "one_per_leg"})
    report(connection, type="Missed", agent="102", queue="800")
    report(connection, type="Inbound", agent="104", queue="800", seconds="65")
    assert len(settle(connection)) == 2


def test_one_per_answered_leg_keeps_both_sides_of_a_transfer():
    connection = build_connection(journal={"legs": "one_per_answered_leg"})
    report(connection, type="Missed", agent="103", queue="")
    report(connection, type="Inbound", agent="101", seconds="60", after=1)
    report(connection, type="Inbound", agent="102", seconds="30", after=62)
    assert [entry.extension for entry in settle(connection)] == ["101", "102"]


def test_an_answered_leg_after_the_missed_call_was_sent_gets_a_record_of_its_own(acme):
    report(acme, type="Missed", agent="102", queue="800")
    settle(acme)
    Entry.objects.update(state=Entry.State.DELIVERED)
    report(acme, type="Inbound", agent="104", queue="800", seconds="65", after=3)
    missed, answered, removal = settle(acme)
    assert (missed.call_type, answered.call_type) == ("Missed", "Inbound")
    assert (removal.kind, removal.after) == (Entry.Kind.REMOVAL, answered)


def test_a_missed_leg_of_a_delivered_call_joins_it(acme):
    report(acme, type="Inbound", agent="104", queue="800", seconds="65")
    settle(acme)
    Entry.objects.update(state=Entry.State.DELIVERED)
    report(acme, type="Missed", agent="102", queue="800", after=1)
    entry, completion = settle(acme)
    assert entry.state == Entry.State.DELIVERED
    assert (completion.kind, completion.after) == (Entry.Kind.COMPLETION, entry)
    assert entry.trace[-1]["code"] == "joined"


def test_a_missed_queue_leg_waits_for_the_ring_time_of_its_queue(acme):
    acme.queues.create(extension="800", ring_seconds=90)
    event = report(acme, type="Missed", agent="102", queue="800")
    [entry] = settle(acme)
    assert entry.next_attempt_at == event.received_at + timedelta(seconds=90)


def test_a_later_leg_prolongs_the_settling_time(acme):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        report(acme, type="Missed", agent="102")
        settle(acme)
        clock.shift(15)
        last = report(acme, type="Missed", agent="103", after=1)
        [entry] = settle(acme)
    assert entry.next_attempt_at == last.received_at + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("changes", "journal", "reason"),
    [
        ({"active": False}, {}, "connection_inactive"),
        ({}, {"calls_enabled": False}, "journaling_off"),
    ],
)
def test_a_report_to_a_switched_off_connection_is_left_out_with_the_reason(
    changes, journal, reason
):
    connection = build_connection(journal=journal, **changes)
    report(connection)
    [entry] = settle(connection)
    assert (entry.state, entry.reason) == (Entry.State.LEFT_OUT, reason)


def test_internal_calls_are_never_journaled(acme):
    report(acme, number="104")
    [entry] = settle(acme)
    assert (entry.state, entry.reason) == (Entry.State.LEFT_OUT, "internal")


def test_a_chat_is_due_at_once_as_a_task(acme):
    report(acme, kind="chat", messages="Visitor: hello")
    [entry] = settle(acme)
    assert (entry.kind, entry.module) == ("chat", "Tasks")
    assert entry.next_attempt_at <= timezone.now()


def test_an_unreadable_report_needs_a_decision(acme):
    store_report(connection=acme, kind="call", body=b"{")
    [entry] = settle(acme)
    assert (entry.state, entry.reason) == (Entry.State.PARKED, "unreadable_report")
    assert entry.words


def test_no_call_that_began_before_journal_from_is_ever_sent():
    began_at = timezone.now() - timedelta(minutes=10)
    connection = build_connection(journal={"journal_from": began_at + timedelta(minutes=1)})
    early = build_call_body(start=began_at.isoformat())
    later = build_call_body(number="+441632960012", start=timezone.now().isoformat())
    for body in (early, later):
        store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)
    found = Entry.objects.order_by("pk").values_list("state", "reason")
    assert list(found) == [("left_out", "before_journal_from"), ("settling", "")]


def test_a_connection_without_journal_settings_gets_the_usual_ones_of_its_language(acme):
    Connection.objects.update(language="ru")
    JournalSettings.objects.all().delete()
    report(acme, seconds="65")
    [entry] = settle(acme)
    assert entry.state == Entry.State.SETTLING
    assert JournalSettings.objects.get().missed.startswith("[DateTime]: пропущен")


def test_fillers_that_trunks_send_for_withheld_numbers_tell_nobody_apart(acme):
    report(acme, number="000000", type="Missed", agent="101")
    report(acme, number="000000", type="Missed", agent="102", after=1)
    assert len(settle(acme)) == 2


def test_a_leg_between_two_others_shows_that_all_are_one_call(acme):
    report(acme, type="Inbound", agent="102", seconds="30", after=61)
    report(acme, type="Missed", agent="103", after=1)
    assert len(settle(acme)) == 2
    report(acme, type="Inbound", agent="101", seconds="60")
    [entry] = settle(acme)
    assert (entry.call_type, entry.events.count()) == ("Inbound", 3)
    assert entry.ended_at - entry.started_at == timedelta(seconds=91)


def test_a_leg_between_two_others_waits_while_one_of_them_is_being_sent(acme):
    report(acme, type="Inbound", agent="102", seconds="30", after=61)
    report(acme, type="Missed", agent="103", after=1)
    settle(acme)
    Entry.objects.filter(call_type="Missed").update(state=Entry.State.SENDING)
    event = report(acme, type="Inbound", agent="101", seconds="60")
    settle_connection(acme.pk)
    event.refresh_from_db()
    assert event.entry is None
    assert event.settle_at > timezone.now()


def test_one_per_answered_leg_never_makes_two_answered_legs_one():
    connection = build_connection(journal={"legs": "one_per_answered_leg"})
    report(connection, type="Inbound", agent="101", seconds="60")
    report(connection, type="Inbound", agent="102", seconds="50", after=4)
    report(connection, type="Missed", agent="103", after=2)
    assert [entry.events.count() for entry in settle(connection)] == [1, 2]


@pytest.mark.parametrize(("gap", "calls"), [(2, 1), (3, 2)])
def test_a_transfer_begins_within_two_seconds(acme, gap, calls):
    report(acme, type="Outbound", agent="101", seconds="60")
    report(acme, type="Outbound", agent="102", seconds="30", after=60 + gap)
    assert len(settle(acme)) == calls


def test_a_transfer_of_a_withheld_caller_is_not_recognised(acme):
    report(acme, number="anonymous", agent="101", queue="800", seconds="60")
    report(acme, number="anonymous", agent="102", queue="800", seconds="30", after=61)
    assert len(settle(acme)) == 2
