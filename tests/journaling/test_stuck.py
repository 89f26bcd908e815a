"""One report, one question or one decision that fails holds up nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from connector.models import Connection
from journaling import entries
from journaling.correcting.late import complete_later
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry, Event
from journaling.models.ids import derive_reference
from journaling.settle import settle_connection
from journaling.setup.reference_field import make_reference_field
from tests.support.builders import build_call_body, build_entry

pytestmark = pytest.mark.django_db

State = Entry.State
REFUSED = {"code": "INVALID_DATA", "message": "invalid query", "status": "error", "details": {}}


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0})


def store(connection: Connection, *, agent: str = "101", number: str = "", ago: int = 1) -> None:
    moment = (timezone.now() - timedelta(hours=ago)).replace(microsecond=0).isoformat()
    body = build_call_body(agent=agent, number=number, start=moment, end=moment)
    store_report(connection=connection, kind="call", body=body)


def deliver_for(connection: Connection, *, minutes: int, module: str = "Calls") -> None:
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(minutes // 6):
            deliver_lane(connection_id=connection.pk, module=module)
            clock.shift(timedelta(minutes=6))


def test_a_report_that_cannot_be_settled_waits_alone(acme):
    for ago, agent in enumerate(("101", "102", "103"), start=1):
        store(acme, agent=agent, ago=ago)
    guilty = Event.objects.get(extension="102")
    # Two of a hundred million million references were the same.
    build_entry(acme, reference=derive_reference(guilty.pk), state=State.DELIVERED)
    settle_connection(acme.pk)
    waiting = Event.objects.get(entry=None)
    assert waiting == guilty
    assert waiting.settle_at > timezone.now()


def test_a_question_about_one_caller_that_always_fails_holds_up_no_other_call(zoho, acme):
    zoho.fail("status", method="GET", path="search", status=500, times=None)
    store(acme, number="+441632960999", ago=4)
    for ago in (1, 2, 3):
        store(acme, ago=ago)
    settle_connection(acme.pk)
    deliver_for(acme, minutes=48)
    assert len(zoho.list_records("Calls")) == 3
    waiting = Entry.objects.get(state=State.WAITING)
    assert (waiting.reason, waiting.tries) == ("temporary", 0)
    zoho.control(reset=["faults"])
    deliver_for(acme, minutes=60)
    assert len(zoho.list_records("Calls")) == 4


def test_no_call_is_put_off_because_zoho_cannot_be_reached(zoho, acme):
    store(acme, number="+441632960999")
    settle_connection(acme.pk)
    zoho.sandbox.stop()
    deliver_lane(connection_id=acme.pk, module="Calls")
    entry = Entry.objects.get()
    assert (entry.state, entry.reason) == (State.WAITING, "")
    assert entry.next_attempt_at <= timezone.now()


@pytest.fixture
def parked_in_doubt(zoho, acme) -> Entry:
    """Zoho has it, but its answer was lost, and it took no question about it."""
    zoho.fail("cut", method="POST", module="Calls", commit="after")
    zoho.fail("status", path="coql", status=400, body=REFUSED, times=None)
    store(acme)
    settle_connection(acme.pk)
    deliver_for(acme, minutes=18)
    entry = Entry.objects.get()
    assert (entry.state, entry.reason) == (State.PARKED, "unknown_outcome")
    return entry


def test_try_again_asks_first_whether_zoho_has_the_call(zoho, acme, parked_in_doubt):
    zoho.control(reset=["faults"])
    assert entries.release([parked_in_doubt.pk], by="operator") == 1
    deliver_for(acme, minutes=30)
    assert len(zoho.list_records("Calls")) == 1
    assert Entry.objects.get().state == State.DELIVERED


def test_a_call_that_zoho_takes_no_question_about_is_sent_when_a_person_insists(
    zoho, acme, parked_in_doubt
):
    entries.release([parked_in_doubt.pk], by="operator")
    deliver_for(acme, minutes=12)
    assert Entry.objects.get().reason == "unanswered"
    entries.release([parked_in_doubt.pk], by="operator")
    deliver_for(acme, minutes=12)
    assert Entry.objects.get().state == State.DELIVERED


@pytest.mark.parametrize("is_guarded", [False, True])
def test_a_record_over_which_zoho_stumbles_is_parked_and_its_neighbours_arrive(
    zoho, acme, is_guarded
):
    if is_guarded:
        make_reference_field(acme)
    zoho.fail("status", method="POST", path="Calls$", status=500, contains="66601", times=None)
    for ago, agent in enumerate(("101", "66601", "102", "103"), start=1):
        store(acme, ago=ago, agent=agent)
    settle_connection(acme.pk)
    deliver_for(acme, minutes=60)
    assert len(zoho.list_records("Calls")) == 3
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(60):
            clock.shift(timedelta(hours=6))
            deliver_lane(connection_id=acme.pk, module="Calls")
    assert Entry.objects.exclude(state=State.DELIVERED).get().state == State.PARKED


def test_a_correction_that_zoho_never_answers_holds_up_no_other(zoho, acme):
    for ago in (1, 3):
        store(acme, number="+441632960999", ago=ago)
    settle_connection(acme.pk)
    deliver_for(acme, minutes=6)
    guilty, other = Entry.objects.order_by("started_at")  # it is the first of each batch
    zoho.fail("status", method="GET", path=guilty.zoho_id, status=500, times=None)
    for entry in (guilty, other):
        complete_later(entry, lines=("Somebody called again.",))
    deliver_for(acme, minutes=30, module=Entry.CORRECTIONS)
    told = [str(call["Description"]) for call in zoho.list_records("Calls")]
    assert sorted("called again" in text for text in told) == [False, True]
    zoho.control(reset=["faults"])
    deliver_for(acme, minutes=60, module=Entry.CORRECTIONS)
    assert set(Entry.objects.values_list("state", flat=True)) == {State.DELIVERED}


def test_a_file_for_a_locked_record_holds_up_no_other(zoho, acme):
    parents = [build_entry(acme, state=State.DELIVERED, zoho_id=f"50{n}") for n in range(2)]
    for parent in parents:
        build_entry(
            acme, kind=Entry.Kind.ATTACHMENT, module="Attachments", after=parent,
            record={"title": "Transcript", "content": "Hello"},
        )  # fmt: skip
    locked = {"code": "RECORD_LOCKED", "message": "locked", "status": "error", "details": {}}
    done = {"data": [{"code": "SUCCESS", "details": {"id": "7"}, "status": "success"}]}
    zoho.fail("status", path="500/Attachments", status=400, body=locked, times=None)
    zoho.fail("status", path="501/Attachments", status=200, body=done)
    deliver_for(acme, minutes=30, module="Attachments")
    files = Entry.objects.filter(module="Attachments").order_by("pk")
    assert [file.state for file in files] == [State.WAITING, State.DELIVERED]
