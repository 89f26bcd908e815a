"""A missed caller becomes one task, until somebody speaks with them."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from connector.models import Connection
from journaling import entries
from journaling.deliver import deliver_lane
from journaling.follow_ups.calendar import find_due_day
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from journaling.telling.story import tell
from journaling.trying.whatif import Bench
from tests.support.builders import build_call_body, build_connection

pytestmark = pytest.mark.django_db

Kind, State = Entry.Kind, Entry.State
LANES = ("Calls", "Tasks", Entry.CORRECTIONS)


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0, "follow_up_enabled": True})


def report(connection: Connection, *, minutes_ago: int, **values) -> None:
    start = timezone.now().replace(microsecond=0) - timedelta(minutes=minutes_ago)
    facts = {"start": start.isoformat(), "end": (start + timedelta(seconds=40)).isoformat()}
    defaults = {"type": "Missed", "seconds": "0", "number": "+441632961999"}
    body = build_call_body(**{**defaults, **facts, **values})
    store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


def deliver(connection: Connection) -> None:
    for module in LANES:
        deliver_lane(connection_id=connection.pk, module=module)


def find(kind: str) -> list[Entry]:
    return list(Entry.objects.filter(kind=kind).order_by("pk"))


def test_a_missed_call_becomes_a_task_for_its_owner_on_its_card(zoho, acme):
    contact = zoho.find_person("Contacts", "Lane")
    report(acme, minutes_ago=9, number=contact["Phone"])
    deliver(acme)
    [call], [task] = zoho.list_records("Calls"), zoho.list_records("Tasks")
    assert (task["Status"], task["Who_Id"]["id"]) == ("Not Started", contact["id"])
    assert task["Owner"]["id"] == call["Owner"]["id"]
    assert task["Subject"].startswith("Call back: ")
    assert contact["Phone"] in task["Subject"]
    [entry] = find(Kind.FOLLOW_UP)
    assert (entry.zoho_id, entry.after.zoho_id) == (task["id"], call["id"])
    assert any(f"({entry.reference})" in line.text for line in tell(entry.after))


def test_a_caller_who_tries_again_gets_no_second_task(zoho, acme):
    for minutes in (30, 20, 10):
        report(acme, minutes_ago=minutes)
        deliver(acme)
    assert len(zoho.list_records("Calls")) == 3
    assert len(zoho.list_records("Tasks")) == 1
    words = [line.text for line in tell(find(Kind.CALL)[2])]
    assert any("A task to call back is open already" in text for text in words)


@pytest.mark.parametrize("kind", ["Inbound", "Outbound"])
def test_whoever_reaches_the_caller_closes_the_task(zoho, acme, kind):
    report(acme, minutes_ago=30)
    deliver(acme)
    report(acme, minutes_ago=20, type=kind, seconds="40", agent="102")
    deliver(acme)
    [task] = zoho.list_records("Tasks")
    assert task["Status"] == "Completed"
    assert "Extension 102 has spoken with the caller." in task["Description"]
    assert find(Kind.CLOSING)[0].state == State.DELIVERED


def test_an_attempt_without_an_answer_closes_nothing(zoho, acme):
    report(acme, minutes_ago=30)
    report(acme, minutes_ago=20, type="Notanswered")
    deliver(acme)
    assert [task["Status"] for task in zoho.list_records("Tasks")] == ["Not Started"]


def test_after_the_caller_was_reached_the_next_missed_call_is_a_new_episode(zoho, acme):
    for minutes, values in ((30, {}), (20, {"type": "Inbound", "seconds": "40"}), (10, {})):
        report(acme, minutes_ago=minutes, **values)
        deliver(acme)
    states = sorted(row["Status"] for row in zoho.list_records("Tasks"))
    assert states == ["Completed", "Not Started"]


def test_a_task_that_a_person_completed_ends_the_episode_as_well(zoho, acme):
    report(acme, minutes_ago=30)
    deliver(acme)
    [task] = find(Kind.FOLLOW_UP)
    change = {"id": task.zoho_id, "Status": "Completed"}
    Bench(acme).composer.client.put("/crm/v8/Tasks", {"data": [change], "trigger": []})
    report(acme, minutes_ago=10)
    deliver(acme)
    assert len(zoho.list_records("Tasks")) == 2


def test_a_task_whose_call_needs_a_decision_comes_after_the_callers_next_call(zoho, acme):
    zoho.fail("bad_record", module="Calls", field="Subject", contains="3CX")
    report(acme, minutes_ago=30)
    deliver(acme)
    assert [entry.state for entry in find(Kind.FOLLOW_UP)] == [State.WAITING]
    zoho.control(reset=["faults"])
    trial = Bench(acme).try_report(build_call_body(type="Missed", seconds="0"), kind="call")
    report(acme, minutes_ago=10)
    deliver(acme)
    [task], [entry] = zoho.list_records("Tasks"), find(Kind.FOLLOW_UP)
    first, second = find(Kind.CALL)
    assert (first.state, entry.after, entry.zoho_id) == (State.PARKED, second, task["id"])
    assert trial.task, "another caller has no task yet"


def test_what_was_left_out_takes_its_task_along(zoho, acme):
    zoho.fail("bad_record", module="Calls", field="Subject", contains="3CX")
    report(acme, minutes_ago=30)
    deliver(acme)
    entries.leave_out([call.pk for call in find(Kind.CALL)], by="ann")
    deliver(acme)
    assert [(task.state, task.reason) for task in find(Kind.FOLLOW_UP)] == [
        (State.LEFT_OUT, "parent_missing")
    ]


def test_a_task_that_is_not_written_yet_stays_unwritten(zoho, acme):
    report(acme, minutes_ago=30)
    deliver_lane(connection_id=acme.pk, module="Calls")
    report(acme, minutes_ago=20, type="Inbound", seconds="40")
    deliver(acme)
    assert zoho.list_records("Tasks") == []
    [task] = find(Kind.FOLLOW_UP)
    assert (task.state, task.reason) == (State.LEFT_OUT, "caller_reached")


def test_a_caller_who_was_reached_before_the_missed_call_was_written_needs_no_task(acme):
    report(acme, minutes_ago=30)
    report(acme, minutes_ago=20, type="Outbound", seconds="40")
    deliver(acme)
    assert find(Kind.FOLLOW_UP) == []


@pytest.mark.parametrize("values", [{"number": "anonymous"}, {"type": "Inbound", "seconds": "9"}])
def test_who_cannot_be_called_back_or_was_answered_becomes_no_task(acme, values):
    report(acme, minutes_ago=30, **values)
    deliver(acme)
    assert find(Kind.FOLLOW_UP) == []


def test_the_task_speaks_the_connections_language(zoho, acme):
    Connection.objects.update(language="ru")
    report(Connection.objects.get(), minutes_ago=30)
    deliver(acme)
    assert zoho.list_records("Tasks")[0]["Subject"].startswith("Перезвонить: ")


def test_the_bench_says_that_a_task_would_follow(acme):
    trial = Bench(acme).try_report(build_call_body(type="Missed", seconds="0"), kind="call")
    assert "A task to call back would follow, due on " in tell(trial.entry)[-1].text
    assert trial.task.record["Subject"].startswith("Call back: ")
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("missed", "due"),
    [
        ("2026-12-23T10:00", "2026-12-23"),
        ("2026-12-23T15:30", "2026-12-24"),
        ("2026-12-24T16:00", "2026-12-28"),
        ("2026-12-26T12:00", "2026-12-28"),
        ("2026-12-23T07:00", "2026-12-23"),
        ("2026-12-23T22:00", "2026-12-24"),
    ],
)
def test_the_task_is_due_in_working_hours_and_never_on_a_holiday(missed, due):
    journal = {"follow_up_enabled": True, "holidays": ["2026-12-25"]}
    acme = build_connection(time_zone="Europe/Berlin", journal=journal)
    moment = datetime.fromisoformat(f"{missed}+01:00")
    assert find_due_day(moment, connection=acme).isoformat() == due


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("work_days", ["monday"]), ("work_days", []), ("holidays", ["25.12.2026"]),
        ("work_until", "08:00"), ("work_from", "9"),
    ],
)  # fmt: skip
def test_wrong_working_times_are_refused_at_their_field(column, value):
    journal = build_connection().journal
    journal.follow_up_enabled = True
    setattr(journal, column, value)
    with pytest.raises(ValidationError) as refusal:
        journal.full_clean()
    assert list(refusal.value.message_dict) == [column]
