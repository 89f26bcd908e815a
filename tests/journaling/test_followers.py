"""What follows a record (notes, files, tasks) is there once, whatever became of Zoho's answer."""

from datetime import timedelta

import pytest
import requests
import time_machine
from django.utils import timezone

from connector.models import Connection
from journaling import entries
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body
from tests.support.zoho import ControlledZoho

pytestmark = pytest.mark.django_db

State, Kind = Entry.State, Entry.Kind
LINES = {"Notes": 2_000, "Attachments": 5_000}
LANES = ("Calls", "Tasks", "Notes", "Attachments")


@pytest.fixture
def acme(zoho: ControlledZoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0, "follow_up_enabled": True})


def report_chat(connection: Connection, *, lines: int) -> None:
    text = "\n".join(f"Visitor: line {number} of a long chat" for number in range(lines))
    body = build_call_body(messages=text, email="nobody@example.org", number="")
    store_report(connection=connection, kind="chat", body=body)
    settle_connection(connection.pk)


def come_to_rest(connection: Connection) -> None:
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(5):
            for module in LANES:
                deliver_lane(connection_id=connection.pk, module=module)
            clock.shift(timedelta(minutes=5))


def list_files(zoho: ControlledZoho, connection: Connection, task: str) -> list[dict]:
    answer = requests.get(
        f"{zoho.url}/crm/v8/Tasks/{task}/Attachments",
        params={"fields": "File_Name"},
        headers={"Authorization": f"Zoho-oauthtoken {connection.grant.access_token.reveal()}"},
        timeout=5,
    )
    return answer.json()["data"] if answer.content else []


@pytest.mark.parametrize("commit", ["before", "after"])
@pytest.mark.parametrize("module", ["Notes", "Attachments"])
def test_what_follows_is_there_once_after_a_lost_answer(zoho, acme, module, commit):
    report_chat(acme, lines=LINES[module])
    # The file's own address is that of its task.
    where = {"module": "Notes"} if module == "Notes" else {"path": "/Attachments$"}
    zoho.fail("cut", method="POST", commit=commit, **where)
    come_to_rest(acme)
    [task] = zoho.list_records("Tasks")
    there = zoho.list_records("Notes") if module == "Notes" else list_files(zoho, acme, task["id"])
    followers = Entry.objects.filter(module=module)
    assert {entry.state for entry in followers} == {State.DELIVERED}
    assert {entry.zoho_id for entry in followers} == {row["id"] for row in there}
    assert len(followers) == len(there)


@pytest.mark.parametrize("commit", ["before", "after"])
def test_the_task_to_call_back_is_there_once_after_a_lost_answer(zoho, acme, commit):
    start = (timezone.now() - timedelta(minutes=9)).replace(microsecond=0)
    facts = {"start": start.isoformat(), "end": (start + timedelta(seconds=40)).isoformat()}
    body = build_call_body(type="Missed", seconds="0", number="+441632961999", **facts)
    store_report(connection=acme, kind="call", body=body)
    settle_connection(acme.pk)
    zoho.fail("cut", method="POST", module="Tasks", commit=commit)
    come_to_rest(acme)
    [task] = zoho.list_records("Tasks")
    entry = Entry.objects.get(kind=Kind.FOLLOW_UP)
    assert (entry.state, entry.zoho_id) == (State.DELIVERED, task["id"])


def test_several_records_that_may_be_ours_are_left_to_a_person(zoho, acme):
    """Both bear our reference: somebody has copied the task meanwhile."""
    report_chat(acme, lines=1)
    zoho.fail("cut", method="POST", module="Tasks", commit="after")
    deliver_lane(connection_id=acme.pk, module="Tasks")
    [task] = zoho.list_records("Tasks")
    copied = {name: task[name] for name in ("Subject", "Description", "Due_Date", "Status")}
    requests.post(
        f"{zoho.url}/crm/v8/Tasks",
        json={"data": [copied]},
        headers={"Authorization": f"Zoho-oauthtoken {acme.grant.access_token.reveal()}"},
        timeout=5,
    ).raise_for_status()
    come_to_rest(acme)
    entry = Entry.objects.get(kind=Kind.CHAT)
    both = sorted(row["id"] for row in zoho.list_records("Tasks"))
    assert (entry.state, entry.reason) == (State.PARKED, "several_candidates")
    assert sorted(entries.amending.list_candidates(entry)) == both
    assert len(both) == 2
