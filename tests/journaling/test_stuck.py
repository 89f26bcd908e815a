"""One report, one question or one decision that fails holds up nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from connector.models import Connection
from journaling import entries
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


def deliver_for(connection: Connection, *, minutes: int) -> None:
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(minutes // 6):
            deliver_lane(connection_id=connection.pk, module="Calls")
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
