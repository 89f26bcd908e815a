from datetime import timedelta
from threading import Thread

import psycopg
import pytest
import time_machine
from django.db import OperationalError
from django.db import connection as database
from django.utils import timezone

from connector.counting import tallies
from connector.models import Connection, Tally, ZohoOrganisation
from journaling import entries, lanes
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Attempt, Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body
from tests.support.processes import wait_until

pytestmark = pytest.mark.django_db

State = Entry.State
PROMPT = {"settle_seconds": 0}


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal=PROMPT)


def report(connection: Connection, *, count: int = 1, **values) -> None:
    now = timezone.now().replace(microsecond=0)
    for number in range(count):
        start = now - timedelta(minutes=3, seconds=number)
        facts = {"start": start.isoformat(), "end": (start + timedelta(seconds=65)).isoformat()}
        body = build_call_body(**{**facts, "seconds": "65", **values})
        store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


def deliver(connection: Connection, module: str = "Calls") -> list[Entry]:
    deliver_lane(connection_id=connection.pk, module=module)
    return list(Entry.objects.order_by("pk"))


def test_a_call_of_a_known_person_stands_on_their_card(zoho, acme):
    contact = zoho.find_person("Contacts", "Lane")
    report(acme, number=contact["Phone"] or contact["Mobile"])
    [entry] = deliver(acme)
    [call] = zoho.list_records("Calls")
    assert (entry.state, entry.zoho_id) == (State.DELIVERED, call["id"])
    assert call["Who_Id"]["id"] == contact["id"]
    assert call["Owner"]["id"] == zoho.find_user("ann@acme.example")
    assert (call["Call_Type"], call["Call_Duration"]) == ("Inbound", "01:05")
    assert [row["code"] for row in entry.trace][-1] == "delivered"


def test_a_withheld_number_is_journaled_without_a_card(zoho, acme):
    report(acme, number="anonymous", type="Missed")
    [entry] = deliver(acme)
    [call] = zoho.list_records("Calls")
    assert entry.state == State.DELIVERED
    assert (call.get("Who_Id"), call.get("What_Id")) == (None, None)


def test_a_card_that_does_not_hold_the_number_is_not_believed(zoho, acme):
    contact = zoho.find_person("Contacts", "Lane")
    report(acme, number="+441632961999", entity_id=contact["id"], entity_type="Contacts")
    deliver(acme)
    assert not zoho.list_records("Calls")[0].get("Who_Id")


def test_unknown_numbers_are_left_out_when_the_settings_say_so(zoho):
    connection = zoho.connect(journal={**PROMPT, "unknown_numbers": "leave_out"})
    report(connection, number="+441632961999")
    [entry] = deliver(connection)
    assert (entry.state, entry.reason) == (State.LEFT_OUT, "unknown_number")
    assert not zoho.list_records("Calls")


def test_a_hundred_calls_go_in_one_request(zoho, acme):
    report(acme, count=100, number="anonymous")
    assert {entry.state for entry in deliver(acme)} == {State.DELIVERED}
    assert zoho.count_inserts("Calls") == 1
    assert Attempt.objects.get().entries.count() == 100


def test_a_record_that_zoho_dislikes_is_parked_alone_with_its_words(zoho, acme):
    report(acme, count=3, number="anonymous")
    bad = Entry.objects.order_by("pk")[1]
    zoho.fail("bad_record", module="Calls", field="Description", contains=bad.reference)
    tallies.flush()
    Tally.objects.all().delete()
    entries = deliver(acme)
    assert [entry.state for entry in entries] == [
        State.DELIVERED, State.PARKED, State.DELIVERED
    ]  # fmt: skip
    assert entries[1].reason == "INVALID_DATA"
    reasons = {row["outcome"]: row["reason"] for row, _number in tallies.read()["outcomes"]}
    assert reasons == {"delivered": "", "rejected": "INVALID_DATA"}
    assert "invalid data" in entries[1].words


def test_while_zoho_is_out_of_order_the_connection_waits_and_no_try_is_counted(zoho, acme):
    zoho.fail("status", status=503, times=None)
    report(acme, count=2, number="anonymous")
    entries = deliver(acme)
    organisation = ZohoOrganisation.objects.get()
    assert organisation.failures == 1
    assert organisation.waits_until > timezone.now()
    assert {entry.tries for entry in entries} == {0}


def test_after_trouble_one_record_asks_before_all_others_follow(zoho, acme):
    ZohoOrganisation.objects.update(failures=2)
    report(acme, count=20, number="anonymous")
    deliver(acme)
    attempts = Attempt.objects.order_by("pk")
    assert [attempt.entries.count() for attempt in attempts] == [1, 19]
    assert ZohoOrganisation.objects.get().failures == 0


def test_429_makes_the_connection_wait(zoho, acme):
    zoho.fail("too_many_requests", module="Calls")
    report(acme, number="anonymous")
    [entry] = deliver(acme)
    assert entry.state == State.WAITING
    assert ZohoOrganisation.objects.get().failures == 1


@pytest.mark.parametrize("kind", ["cut", "truncate", "html"])
def test_after_an_unknown_outcome_zoho_is_asked_and_nothing_is_doubled(zoho, acme, kind):
    zoho.fail(kind, module="Calls", method="POST", commit="after", status=200)
    report(acme, number="anonymous")
    with time_machine.travel(timezone.now(), tick=True) as clock:
        [entry] = deliver(acme)
        assert entry.state == State.UNKNOWN
        clock.shift(timedelta(minutes=3))
        [entry] = deliver(acme)
    [call] = zoho.list_records("Calls")
    assert (entry.state, entry.zoho_id) == (State.DELIVERED, call["id"])
    assert entry.trace[-1]["code"] == "found_delivered"


def test_what_zoho_does_not_have_after_asking_twice_is_sent_again(zoho, acme):
    zoho.fail("cut", module="Calls", method="POST", commit="before")
    report(acme, number="anonymous")
    with time_machine.travel(timezone.now(), tick=True) as clock:
        deliver(acme)
        for _ in range(3):
            clock.shift(timedelta(minutes=3))
            [entry] = deliver(acme)
    assert entry.state == State.DELIVERED
    assert len(zoho.list_records("Calls")) == 1


def test_an_owner_whom_zoho_refuses_is_replaced(zoho):
    connection = zoho.connect(journal=PROMPT, fallback_owner="boss@acme.example")
    zoho.control(users=[{"email": "ann@acme.example", "status": "deleted"}])
    report(connection, number="anonymous")
    [entry] = deliver(connection)
    [call] = zoho.list_records("Calls")
    assert entry.state == State.DELIVERED
    assert call["Owner"]["id"] == zoho.find_user("boss@acme.example")
    assert "owner_refused" in [row["code"] for row in entry.trace]


def test_after_two_refused_owners_the_fallback_owner_has_to_do(zoho):
    connection = zoho.connect(journal=PROMPT, fallback_owner="boss@acme.example")
    connection.queues.create(extension="800", owner="head@acme.example")
    gone = [{"email": f"{name}@acme.example", "status": "deleted"} for name in ("ann", "head")]
    zoho.control(users=gone)
    report(connection, number="anonymous", queue="800")
    [entry] = deliver(connection)
    [call] = zoho.list_records("Calls")
    assert call["Owner"]["id"] == zoho.find_user("boss@acme.example")
    owners = [row["rule"] for row in entry.trace if row["code"] == "owner"]
    assert owners == ["same_email", "queue", "fallback"]


def test_when_zoho_refuses_every_owner_the_connected_user_has_the_call(zoho):
    connection = zoho.connect(journal=PROMPT, fallback_owner="boss@acme.example")
    gone = [{"email": f"{name}@acme.example", "status": "deleted"} for name in ("ann", "boss")]
    zoho.control(users=gone)
    report(connection, number="anonymous")
    [entry] = deliver(connection)
    assert (entry.state, entry.owner_zoho_id) == (State.DELIVERED, "")
    assert len(zoho.list_records("Calls")) == 1


def test_a_revoked_grant_holds_the_connection_and_what_waits_waits(zoho, acme):
    zoho.control(revoke_grants=True)
    report(acme, number="anonymous")
    [entry] = deliver(acme)
    acme.refresh_from_db()
    assert entry.state == State.WAITING
    assert acme.held_code
    assert acme.held_words


def test_a_fresh_call_runs_the_organisations_workflows_and_an_old_one_does_not(zoho, acme):
    report(acme, number="anonymous", agent="101")
    start = (timezone.now() - timedelta(hours=3)).replace(microsecond=0)
    end = (start + timedelta(seconds=65)).isoformat()
    report(acme, number="anonymous", agent="102", start=start.isoformat(), end=end)
    entries = deliver(acme)
    assert [entry.trigger for entry in entries] == ["workflow", ""]
    assert zoho.read_counters()["workflows"] == {"Calls": 1}


def test_a_long_chat_goes_on_in_notes_on_the_same_task(zoho, acme):
    text = "\n".join(f"Visitor: line {number} of a long chat" for number in range(2000))
    body = build_call_body(messages=text, email="nobody@example.org", number="")
    store_report(connection=acme, kind="chat", body=body)
    settle_connection(acme.pk)
    deliver(acme, "Tasks")
    entries = deliver(acme, "Notes")
    [task] = zoho.list_records("Tasks")
    notes = zoho.list_records("Notes")
    assert {entry.state for entry in entries} == {State.DELIVERED}
    whole = "\n".join(note["Note_Content"] for note in notes)
    assert [line for line in whole.splitlines() if line.startswith("Visitor")] == text.split("\n")
    assert {note["Parent_Id"]["id"] for note in notes} == {task["id"]}


@pytest.mark.django_db(transaction=True)
def test_a_recording_that_a_repeat_brings_stands_in_the_record(zoho, acme):
    report(acme, number="anonymous")
    entry = Entry.objects.get()
    event = entry.events.get()
    fuller = bytes(event.body)[:-1] + b', "recording_url": "https://pbx.example/r/1"}'
    store_report(connection=acme, kind="call", body=fuller)
    deliver(acme)
    [call] = zoho.list_records("Calls")
    assert "https://pbx.example/r/1" in str(call)


@pytest.mark.django_db(transaction=True)
def test_a_database_in_trouble_while_composing_parks_no_call(zoho, acme):
    report(acme, number="+441632961234")
    facts = database.get_connection_params()
    with psycopg.connect(
        host=facts["host"], port=facts["port"], user=facts["user"], dbname=facts["dbname"]
    ) as other:
        other.execute("lock table journaling_createdperson in access exclusive mode")
        with database.cursor() as cursor:
            cursor.execute("set lock_timeout = '200ms'")
        with pytest.raises(OperationalError):
            deliver(acme)
    with database.cursor() as cursor:
        cursor.execute("set lock_timeout = 0")
    assert entries.free_claims(connection_id=acme.pk) == 1
    lanes.free_lanes(connection_id=acme.pk)
    assert [entry.state for entry in deliver(acme)] == [State.DELIVERED]


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_is_stored_before_it_is_sent(zoho, acme):
    """Seen by another connection while Zoho has not answered yet."""
    report(acme, number="+441632961234")
    zoho.fail("hang", method="POST", module="Calls", seconds=3, commit="never")

    def work() -> None:
        deliver_lane(connection_id=acme.pk, module="Calls")
        database.close()

    slow = Thread(target=work)
    slow.start()
    wait_until(lambda: zoho.count_inserts("Calls"), what="the request")
    entry = Entry.objects.get()
    assert (entry.state, entry.last_sent_at is not None) == (State.SENDING, True)
    assert entry.record["Call_Type"] == "Inbound"
    slow.join()
