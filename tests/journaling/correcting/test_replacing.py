"""What can happen to a record, or to its correction, while another one waits to replace it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from connector.granting.grants import open_client
from connector.models import Connection
from journaling import entries
from journaling.attempts import AttemptBook
from journaling.correcting.corrector import Corrector
from journaling.deliver import deliver_lane
from journaling.entries.amending import take_candidate
from journaling.models import Entry, Event
from tests.journaling.correcting.test_late import Kind, State, deliver, report

pytestmark = pytest.mark.django_db

AGO = timedelta(minutes=10)


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0})


@pytest.fixture
def call_began():
    return (timezone.now() - timedelta(minutes=5)).replace(microsecond=0)


@pytest.fixture
def replaced_while_asked_for(zoho, acme, call_began) -> Entry:
    """A missed call whose answered part stands in Zoho, and that is asked for there anew."""
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver_lane(connection_id=acme.pk, module="Calls")
    missed = Entry.objects.get(call_type="Missed", kind=Kind.CALL)
    assert entries.ask_again(missed)
    return missed


def test_a_missed_call_that_needs_a_decision_keeps_its_legs_until_then(
    zoho, acme, replaced_while_asked_for
):
    missed = replaced_while_asked_for
    [there] = [call["id"] for call in zoho.list_records("Calls") if call["Call_Type"] == "Missed"]
    Entry.objects.filter(pk=missed.pk).update(
        state=State.PARKED, reason="several_candidates", next_attempt_at=None,
        trace=[{"code": "parked", "candidates": [there, "1"]}],
    )  # fmt: skip
    deliver(acme)
    assert missed.events.count() == 1
    removal = Entry.objects.get(kind=Kind.REMOVAL)
    assert (removal.state, removal.reason) == (State.WAITING, "several_candidates")
    assert take_candidate(missed.pk, zoho_id=there, by="operator")
    pass_time(acme)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Inbound"]


def test_a_parked_missed_call_can_be_tried_again_while_its_answered_part_waits_to_replace_it(
    zoho, acme, replaced_while_asked_for
):
    missed = replaced_while_asked_for
    Entry.objects.filter(pk=missed.pk).update(state=State.PARKED, reason="INVALID_DATA")
    deliver(acme)
    assert entries.release([missed.pk], by="operator") == 1
    pass_time(acme)
    assert not Entry.objects.filter(reason="internal_error").exists()
    answered = [call for call in zoho.list_records("Calls") if call["Call_Type"] == "Inbound"]
    assert len(answered) == 1


def test_a_missed_call_that_is_asked_for_while_it_is_being_deleted_is_not_left_without_legs(
    zoho, acme, call_began
):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver_lane(connection_id=acme.pk, module="Calls")
    missed = Entry.objects.get(call_type="Missed", kind=Kind.CALL)
    token, [removal] = entries.claim(connection_id=acme.pk, module=Entry.CORRECTIONS, limit=1)
    client = open_client(acme)
    corrector = Corrector(client, connection=acme, token=token, book=AttemptBook(acme))
    client.on_exchange = lambda exchange: ask_for(missed) if exchange.method == "DELETE" else None
    corrector.correct([removal])
    pass_time(acme)
    assert not Entry.objects.filter(reason="internal_error").exists()
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Inbound"]
    missed.refresh_from_db()
    assert (missed.state, missed.reason) == (State.LEFT_OUT, "replaced_by_answered")


def ask_for(entry: Entry) -> None:
    assert entries.ask_again(Entry.objects.get(pk=entry.pk))


def test_a_missed_call_that_somebody_deleted_in_zoho_is_replaced_and_never_tried_again(
    zoho, acme, call_began
):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver_lane(connection_id=acme.pk, module="Calls")
    missed = Entry.objects.get(call_type="Missed", kind=Kind.CALL)
    assert entries.mark_gone(missed, by="Tom", at="")
    deliver(acme)
    assert entries.release([missed.pk], by="operator") == 0
    missed.refresh_from_db()
    assert (missed.state, missed.reason) == (State.LEFT_OUT, "replaced_by_answered")


def test_an_answered_part_that_was_left_out_first_replaces_the_missed_call_after_all(
    zoho, acme, call_began
):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    answered = Entry.objects.get(call_type="Inbound")
    entries.leave_out([answered.pk], by="operator")
    deliver(acme)
    entries.release([answered.pk], by="operator")
    deliver(acme)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Inbound"]


def pass_time(connection: Connection) -> None:
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(6):
            clock.shift(timedelta(minutes=21))
            deliver(connection)


def test_a_correction_that_cannot_be_made_stops_no_other(zoho, acme, call_began):
    report(acme, call_began, kind="Inbound", agent="102")
    report(acme, call_began, kind="Inbound", agent="104", after=1000)
    deliver(acme)
    report(acme, call_began, kind="Missed", agent="101", after=2)
    report(acme, call_began, kind="Missed", agent="103", after=1002)
    Event.objects.filter(entry=Entry.objects.order_by("pk").first()).delete()
    deliver(acme)
    first, second = Entry.objects.filter(kind=Kind.COMPLETION).order_by("pk")
    assert (first.state, first.reason) == (State.PARKED, "internal_error")
    assert "IndexError" in str(first.words)
    assert second.state == State.DELIVERED


def test_a_removal_of_what_became_a_part_of_another_call_is_done(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    Entry.objects.get(call_type="Missed", kind=Kind.CALL).delete()
    deliver(acme)
    assert Entry.objects.get(kind=Kind.REMOVAL).state == State.DELIVERED


def test_a_removal_survives_when_its_answered_part_becomes_a_part_of_another_call(
    zoho, acme, call_began
):
    report(acme, call_began - AGO, kind="Missed", agent="101", seconds=8)
    deliver(acme)
    report(acme, call_began - AGO, kind="Inbound", agent="102", after=3, seconds=60)
    report(acme, call_began - AGO, kind="Inbound", agent="104", after=100, seconds=20)
    assert Entry.objects.filter(kind=Kind.CALL).count() == 3
    report(acme, call_began - AGO, kind="Inbound", agent="103", after=63, seconds=37)
    deliver(acme)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Inbound"]
