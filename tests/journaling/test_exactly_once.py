"""Records are told apart by the unique field, by the last line, or by their facts."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from connector import leases
from connector.models import Connection, ZohoGrant, ZohoOrganisation
from connector.zoho.client import MOST_SECONDS
from journaling import entries
from journaling.deliver import deliver_lane
from journaling.entries import claiming
from journaling.ingest import store_report
from journaling.models import Entry, JournalSettings
from journaling.settle import settle_connection
from journaling.setup.reference_field import list_missing, make_reference_field
from tests.support.builders import CALLED_AT, build_call_body, build_entry
from tests.support.processes import wait_until

pytestmark = pytest.mark.django_db

State = Entry.State


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0})


def report(connection: Connection) -> None:
    start = (timezone.now() - timedelta(minutes=3)).replace(microsecond=0)
    end = start + timedelta(seconds=65)
    body = build_call_body(
        number="anonymous", start=start.isoformat(), end=end.isoformat(), seconds="65"
    )
    store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


def deliver(connection: Connection) -> Entry:
    deliver_lane(connection_id=connection.pk, module="Calls")
    return Entry.objects.get()


def test_an_answer_takes_less_than_half_of_a_lease():
    assert timedelta(seconds=2 * MOST_SECONDS) < min(claiming.LEASE, leases.LEASE)


def test_the_reference_field_is_made_where_it_is_missing(zoho, acme):
    assert list_missing(acme) == ["Calls", "Tasks"]
    assert make_reference_field(acme) == []
    assert make_reference_field(acme) == []
    report(acme)
    entry = deliver(acme)
    [call] = zoho.list_records("Calls")
    assert call["PBX_Ref"] == entry.reference
    assert "ref " not in call["Description"]


def test_with_the_field_a_lost_answer_is_found_by_sending_again(zoho, acme):
    make_reference_field(acme)
    report(acme)
    zoho.fail("cut", method="POST", module="Calls", commit="after")
    entry = deliver(acme)
    assert (entry.state, entry.reason) == (State.WAITING, "unknown_outcome")
    with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=True):
        entry = deliver(acme)
    [call] = zoho.list_records("Calls")
    assert (entry.state, entry.zoho_id) == (State.DELIVERED, call["id"])


@pytest.mark.parametrize("is_ours", [True, False])
def test_without_field_and_line_a_record_is_known_by_its_author_facts_and_text(zoho, acme, is_ours):
    if not is_ours:
        ZohoGrant.objects.update(user_zoho_id="1")
    JournalSettings.objects.update(reference_line=False)
    report(acme)
    zoho.fail("cut", method="POST", module="Calls", commit="after")
    with time_machine.travel(timezone.now(), tick=True) as clock:
        deliver(acme)
        for _ in range(3):
            clock.shift(timedelta(minutes=3))
            entry = deliver(acme)
    calls = zoho.list_records("Calls")
    assert "ref " not in calls[0]["Description"]
    assert len(calls) == (1 if is_ours else 2)
    assert entry.state == State.DELIVERED
    assert entry.zoho_id in [call["id"] for call in calls]


def test_a_record_that_zoho_writes_later_than_the_waiting_time_is_doubled(zoho, acme):
    """The limit of the promise without the unique field, as docs/reliability.md states it."""
    JournalSettings.objects.update(unknown_seconds=30)
    report(acme)
    zoho.fail("commit_late", method="POST", module="Calls", status=500, seconds=3)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(4):
            deliver(acme)
            clock.shift(timedelta(minutes=2))
    wait_for_calls(zoho, 2)


def wait_for_calls(zoho, number: int) -> None:
    wait_until(
        lambda: len(zoho.list_records("Calls")) == number, what=f"{number} calls", seconds=20
    )


def test_the_waiting_time_of_the_connection_holds_for_killed_workers_too(acme):
    JournalSettings.objects.update(unknown_seconds=300)
    build_entry(acme)
    token, batch = entries.claim(connection_id=acme.pk, module="Calls", limit=1)
    entries.write_composed(token, batch)
    entries.sweep(now=timezone.now() + timedelta(minutes=3))
    entry = Entry.objects.get()
    assert entry.next_attempt_at == entry.last_sent_at + timedelta(minutes=5)


def report_at(connection: Connection, *, minutes: int, agent: str = "101") -> None:
    """A call from nobody knows whom, so many minutes ago."""
    start = (timezone.now() - timedelta(minutes=minutes)).replace(microsecond=0)
    end = start + timedelta(seconds=65)
    body = build_call_body(
        number="anonymous", start=start.isoformat(), end=end.isoformat(), agent=agent
    )
    store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


def lose_answer(zoho, connection: Connection, *, commit: str) -> None:
    """Of what is due now; trouble that was there before is over."""
    ZohoOrganisation.objects.update(waits_until=None, failures=0)
    zoho.fail("cut", method="POST", module="Calls", commit=commit)
    deliver_lane(connection_id=connection.pk, module="Calls")


def come_to_rest(connection: Connection) -> None:
    ZohoOrganisation.objects.update(waits_until=None, failures=0)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(6):
            clock.shift(timedelta(minutes=3))
            deliver_lane(connection_id=connection.pk, module="Calls")


def test_a_record_of_another_moment_is_never_taken_for_ours(zoho, acme):
    """Two calls alike in everything but their start: only the second one reached Zoho."""
    JournalSettings.objects.update(reference_line=False, answered_inbound="[Number] called")
    for minutes, commit in ((9, "before"), (5, "after")):
        report_at(acme, minutes=minutes)
        lose_answer(zoho, acme, commit=commit)
    come_to_rest(acme)
    calls = {call["id"]: call["Call_Start_Time"] for call in zoho.list_records("Calls")}
    assert len(calls) == 2
    for entry in Entry.objects.all():
        assert datetime.fromisoformat(calls[entry.zoho_id]) == entry.started_at


def test_with_the_field_the_right_one_of_two_twins_is_found(zoho, acme):
    """Two calls of the same second that look the same; workers were killed while sending them, and
    only the second one reached Zoho."""
    JournalSettings.objects.update(answered_inbound="[Number] called")
    make_reference_field(acme)
    for agent, commit in (("101", "before"), ("102", "after")):
        with time_machine.travel(CALLED_AT, tick=False):
            report_at(acme, minutes=5, agent=agent)
        Entry.objects.update(next_attempt_at=F("created_at") + timedelta(days=3650))
        Entry.objects.filter(extension=agent).update(next_attempt_at=timezone.now())
        lose_answer(zoho, acme, commit=commit)
    Entry.objects.update(state=State.UNKNOWN, next_attempt_at=timezone.now())
    come_to_rest(acme)
    calls = {call["id"]: call["PBX_Ref"] for call in zoho.list_records("Calls")}
    found = Entry.objects.order_by("extension")
    assert [entry.state for entry in found] == [State.DELIVERED] * 2
    assert [calls[entry.zoho_id] for entry in found] == [entry.reference for entry in found]


def test_where_the_field_is_gone_since_zoho_is_asked_before_it_is_sent_again(zoho, acme):
    make_reference_field(acme)
    report(acme)
    lose_answer(zoho, acme, commit="after")
    entry = Entry.objects.get()
    assert (entry.state, entry.reason) == (State.WAITING, "unknown_outcome")
    ZohoOrganisation.objects.update(fields={})
    come_to_rest(acme)
    [call] = zoho.list_records("Calls")
    entry.refresh_from_db()
    assert (entry.state, entry.zoho_id) == (State.DELIVERED, call["id"])
