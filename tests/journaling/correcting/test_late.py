"""Parts of a call that come after it was written to Zoho, or while it is being sent."""

from datetime import timedelta

import pytest
import requests
import time_machine
from django.utils import timezone

from connector.models import Connection
from journaling import entries, lanes
from journaling.correcting.card_by_hand import put_on
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry, Event
from journaling.settle import settle_connection
from tests.support.builders import build_call_body

pytestmark = pytest.mark.django_db

State, Kind = Entry.State, Entry.Kind
NUMBER = "+441134960999"
HOUR = timedelta(hours=1)


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0})


@pytest.fixture
def call_began():
    return (timezone.now() - timedelta(minutes=5)).replace(microsecond=0)


def report(connection: Connection, began, *, kind: str, agent: str, after: int = 0, **values):
    start = began + timedelta(seconds=after)
    seconds = values.pop("seconds", 60)
    body = build_call_body(
        type=kind, agent=agent, number=NUMBER, queue="800", seconds=str(seconds),
        start=start.isoformat(), end=(start + timedelta(seconds=seconds)).isoformat(), **values,
    )  # fmt: skip
    store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


def deliver(connection: Connection) -> None:
    for module in ("Calls", Entry.CORRECTIONS, Entry.CORRECTIONS):
        deliver_lane(connection_id=connection.pk, module=module)


def change_in_zoho(zoho, connection: Connection, zoho_id: str, **fields) -> None:
    """What a person does in Zoho, a while later."""
    zoho.control(clock_ahead_seconds=60)
    answer = requests.put(
        f"{zoho.url}/crm/v8/Calls",
        json={"data": [{"id": zoho_id, **fields}]},
        headers={"Authorization": f"Zoho-oauthtoken {connection.grant.access_token.reveal()}"},
        timeout=5,
    )
    assert answer.json()["data"][0]["code"] == "SUCCESS", answer.text


def test_a_late_answered_part_replaces_the_missed_call(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Missed"]
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver(acme)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Inbound"]
    missed, answered, removal, completion = Entry.objects.order_by("pk")
    assert (missed.state, missed.reason) == (State.LEFT_OUT, "replaced_by_answered")
    assert {row.state for row in (answered, removal, completion)} == {State.DELIVERED}


def test_the_missed_call_is_removed_only_after_the_answered_one_is_written(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Missed"]
    assert not lanes.list_pairs(entries.list_due(now=timezone.now()).filter(kind=Kind.REMOVAL))


def test_a_missed_call_that_somebody_changed_stays_and_is_named(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    [missed] = zoho.list_records("Calls")
    change_in_zoho(zoho, acme, missed["id"], Description="I rang them back. Tom")
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver(acme)
    calls = {call["Call_Type"]: call for call in zoho.list_records("Calls")}
    assert calls["Missed"]["Description"] == "I rang them back. Tom"
    assert missed["id"] in calls["Inbound"]["Description"]


def test_a_removal_whose_worker_died_after_zoho_deleted_is_done_when_looked_at_again(
    zoho, acme, call_began
):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver_lane(connection_id=acme.pk, module="Calls")
    zoho.fail("cut", method="DELETE", module="Calls", commit="after")
    deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Inbound"]
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=True):
        deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
    missed = Entry.objects.order_by("pk").first()
    assert missed.reason == "replaced_by_answered"


def test_a_replaced_call_cannot_be_tried_again(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver(acme)
    missed = Entry.objects.order_by("pk").first()
    assert entries.release([missed.pk], by="operator") == 0


def test_a_late_missed_part_is_mentioned_in_the_answered_call(zoho, acme, call_began):
    report(acme, call_began, kind="Inbound", agent="102")
    deliver(acme)
    report(acme, call_began, kind="Missed", agent="101", after=2)
    deliver(acme)
    [call] = zoho.list_records("Calls")
    assert "Also rang: 101" in call["Description"]
    assert call["Call_Type"] == "Inbound"


def test_several_late_parts_are_one_correction(zoho, acme, call_began):
    report(acme, call_began, kind="Inbound", agent="102")
    deliver(acme)
    report(acme, call_began, kind="Missed", agent="101", after=2)
    report(acme, call_began, kind="Missed", agent="103", after=2)
    assert Entry.objects.filter(kind=Kind.COMPLETION).count() == 1
    deliver(acme)
    [call] = zoho.list_records("Calls")
    assert "Also rang: 101, 103" in call["Description"]


def test_what_a_person_wrote_into_the_text_stays(zoho, acme, call_began):
    report(acme, call_began, kind="Inbound", agent="102")
    deliver(acme)
    [call] = zoho.list_records("Calls")
    change_in_zoho(zoho, acme, call["id"], Description="Wants an offer by Friday.")
    report(acme, call_began, kind="Missed", agent="101", after=2)
    deliver(acme)
    [call] = zoho.list_records("Calls")
    assert call["Description"] == "Wants an offer by Friday.\nAlso rang: 101"


@pytest.mark.django_db(transaction=True)  # a repeat is found by a constraint
def test_a_recording_that_comes_late_is_added(zoho, acme, call_began):
    report(acme, call_began, kind="Inbound", agent="102")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", recording_url="https://pbx.example/r/7")
    deliver(acme)
    [call] = zoho.list_records("Calls")
    assert "https://pbx.example/r/7" in str(call)


def test_a_correction_whose_answer_was_lost_is_made_once(zoho, acme, call_began):
    report(acme, call_began, kind="Inbound", agent="102")
    deliver(acme)
    report(acme, call_began, kind="Missed", agent="101", after=2)
    zoho.fail("cut", method="PUT", module="Calls", commit="after")
    deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=True):
        deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
    [call] = zoho.list_records("Calls")
    assert call["Description"].count("Also rang: 101") == 1
    assert Entry.objects.get(kind=Kind.COMPLETION).state == State.DELIVERED


def test_a_record_that_somebody_deleted_is_not_written_again(zoho, acme, call_began):
    report(acme, call_began, kind="Inbound", agent="102")
    deliver(acme)
    Entry.objects.update(zoho_id="5000000000999999")
    report(acme, call_began, kind="Missed", agent="101", after=2)
    deliver(acme)
    completion = Entry.objects.get(kind=Kind.COMPLETION)
    assert (completion.state, completion.reason) == (State.LEFT_OUT, "gone_in_zoho")


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_a_part_that_comes_while_the_call_is_being_sent_waits(acme, call_began, state):
    report(acme, call_began, kind="Missed", agent="101")
    Entry.objects.update(state=state)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    waiting = Event.objects.get(entry__isnull=True)
    assert waiting.settle_at > timezone.now()
    assert Entry.objects.get().call_type == "Missed"
    assert lanes.list_connections_to_settle() == []


def test_a_call_that_may_stand_in_zoho_takes_no_further_part(acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    Entry.objects.update(reason="unknown_outcome")
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    assert Entry.objects.get().call_type == "Missed"
    assert Event.objects.filter(entry__isnull=True).count() == 1


def test_a_parked_call_that_is_not_in_zoho_takes_further_parts(acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    Entry.objects.update(state=State.PARKED, reason="INVALID_DATA")
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    entry = Entry.objects.get()
    assert (entry.state, entry.call_type) == (State.PARKED, "Inbound")


def test_a_missed_call_is_replaced_when_a_leg_between_shows_that_it_was_answered(
    zoho, acme, call_began
):
    report(acme, call_began, kind="Inbound", agent="102", after=61, seconds=30)
    report(acme, call_began, kind="Missed", agent="103", after=1, seconds=10)
    deliver(acme)
    assert len(zoho.list_records("Calls")) == 2
    report(acme, call_began, kind="Inbound", agent="101", seconds=60)
    deliver(acme)
    [call] = zoho.list_records("Calls")
    assert call["Call_Type"] == "Inbound"
    assert "Also answered: 102" in call["Description"]


def test_a_missed_call_with_a_persons_words_stays_though_we_completed_it(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    [missed] = zoho.list_records("Calls")
    change_in_zoho(zoho, acme, missed["id"], Description="I rang them back. Tom")
    report(acme, call_began, kind="Missed", agent="103", after=1)
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver(acme)
    calls = {call["Call_Type"]: call for call in zoho.list_records("Calls")}
    assert calls["Missed"]["Description"] == "I rang them back. Tom\nAlso rang: 103"


def test_a_missed_call_that_we_put_on_another_card_is_replaced(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    contact = zoho.find_person("Contacts", "Lane")
    zoho.control(clock_ahead_seconds=60)
    put_on(Entry.objects.get(), module="Contacts", zoho_id=contact["id"], by="operator")
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver(acme)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Inbound"]


def test_a_missed_call_stays_when_its_answered_part_is_left_out(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    entries.leave_out([Entry.objects.get(call_type="Inbound").pk], by="operator")
    deliver(acme)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Missed"]
    removal = Entry.objects.get(kind=Kind.REMOVAL)
    assert (removal.state, removal.reason) == (State.LEFT_OUT, "parent_missing")


def test_the_answered_call_mentions_the_missed_part_that_it_replaced(zoho, acme, call_began):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver(acme)
    [call] = zoho.list_records("Calls")
    assert (call["Call_Type"], "Also rang: 101" in call["Description"]) == ("Inbound", True)


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_part_near_the_replaced_one_belongs_to_the_same_call(zoho, acme, call_began, is_replaced):
    """It began too early to be compared with the answered part itself."""
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    deliver_lane(connection_id=acme.pk, module="Calls")
    if is_replaced:
        deliver(acme)
    report(acme, call_began, kind="Missed", agent="103", after=-4)
    deliver(acme)
    deliver(acme)
    [call] = zoho.list_records("Calls")
    assert call["Call_Type"] == "Inbound"
    assert "101" in call["Description"]
    assert "103" in call["Description"]


def test_a_missed_call_is_replaced_though_the_answer_to_its_completion_was_lost(
    zoho, acme, call_began
):
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    zoho.control(clock_ahead_seconds=60)
    report(acme, call_began, kind="Missed", agent="103", after=2)
    zoho.fail("cut", method="PUT", module="Calls", commit="after")
    deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=True):
        deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
        report(acme, call_began, kind="Inbound", agent="102", after=3)
        deliver(acme)
    [call] = zoho.list_records("Calls")
    assert call["Call_Type"] == "Inbound"
    assert "Also rang: 101, 103" in call["Description"]


def test_a_missed_call_that_is_looked_for_in_zoho_is_replaced_once_it_is_found(
    zoho, acme, call_began
):
    """The nightly comparison missed it; it is asked for and may be sent anew meanwhile."""
    report(acme, call_began, kind="Missed", agent="101")
    deliver(acme)
    report(acme, call_began, kind="Inbound", agent="102", after=3)
    missed = Entry.objects.get(call_type="Missed", kind=Kind.CALL)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        assert entries.ask_again(missed)
        Entry.objects.filter(pk=missed.pk).update(next_attempt_at=timezone.now() + HOUR)
        deliver(acme)
        missed.refresh_from_db()
        assert missed.state == State.UNKNOWN
        Entry.objects.filter(pk=missed.pk).update(next_attempt_at=timezone.now())
        for _ in range(4):
            clock.shift(timedelta(minutes=5))
            deliver(acme)
    assert [call["Call_Type"] for call in zoho.list_records("Calls")] == ["Inbound"]
    missed.refresh_from_db()
    assert (missed.state, missed.reason) == (State.LEFT_OUT, "replaced_by_answered")
