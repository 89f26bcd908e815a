"""The nightly comparison: what the portal says is in Zoho beside what is really there."""

import csv
import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from connector.granting.grants import open_client
from connector.models import Connection, CreditHour, ZohoGrant, ZohoOrganisation
from connector.zoho import records
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry, Reconciliation
from journaling.reconciling.comparing import compare_day
from journaling.reconciling.days import find_today, list_due_days
from journaling.reconciling.ledger import read_ledger
from journaling.reconciling.nightly import reconcile_connection
from journaling.reconciling.words import describe
from journaling.settle import settle_connection
from tests.support.builders import build_call_body, build_connection, build_entry, build_grant

pytestmark = pytest.mark.django_db

State = Entry.State


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(time_zone="UTC", journal={"settle_seconds": 0})


def write_calls(connection: Connection, number: int) -> list[Entry]:
    """Calls that are really in Zoho, delivered ten minutes ago."""
    calls = [build_entry(connection) for _ in range(number)]
    sent = [
        {
            "Subject": "Call",
            "Call_Type": "Inbound",
            "Call_Start_Time": "2026-11-20T09:15:30+00:00",
            "Call_Duration": "02:41",
            "Description": f"ref {call.reference}",
        }
        for call in calls
    ]
    verdicts = records.insert(open_client(connection), module="Calls", records=sent, trigger=[])
    at = timezone.now() - timedelta(minutes=10)
    for call, record, verdict in zip(calls, sent, verdicts, strict=True):
        call.record, call.zoho_id, call.state = record, verdict.zoho_id, State.DELIVERED
        call.delivered_at = call.first_sent_at = at
        call.save()
    return calls


def lose(zoho, call: Entry) -> None:
    """The record vanishes without a trace in the list of deleted ones."""
    [organisation] = zoho.sandbox.store
    del organisation.shelves["Calls"].records[call.zoho_id]


def delete(connection: Connection, call: Entry) -> None:
    records.delete(open_client(connection), module="Calls", zoho_ids=[call.zoho_id])


def compare(connection: Connection, *, day: date | None = None) -> Reconciliation:
    row = compare_day(connection, day or find_today(connection))
    assert row is not None
    return row


def test_a_day_adds_up(zoho, acme):
    calls = write_calls(acme, 6)
    build_entry(acme, state=State.LEFT_OUT, reason="internal")
    build_entry(acme, state=State.PARKED, reason="INVALID_DATA")
    build_entry(acme)
    delete(acme, calls[0])
    lose(zoho, calls[1])
    row = compare(acme)
    assert describe(row) == (
        "9 calls and chats from 0 reports, 4 in Zoho, 1 excluded by rule, 1 still on the way, "
        "1 waiting for a decision, 1 deleted in Zoho by somebody: left alone, "
        "1 missing: sent again."
    )
    parts = {
        name: number for name, number in row.figures.items() if name not in ("reports", "calls")
    }
    assert sum(parts.values()) == row.figures["calls"]


def test_what_somebody_deleted_in_zoho_stays_deleted(zoho, acme):
    [call] = write_calls(acme, 1)
    delete(acme, call)
    [finding] = compare(acme).findings
    call.refresh_from_db()
    assert (finding["code"], bool(finding["by"])) == ("deleted", True)
    assert (call.state, call.reason) == (State.LEFT_OUT, "gone_in_zoho")
    row = compare(acme)
    assert (row.figures["deleted"], row.findings) == (1, [finding])


def test_a_missing_record_is_sent_again_once(zoho, acme):
    """As Zoho's own list of deleted records does not name it."""
    day = find_today(acme)
    start = timezone.now().replace(microsecond=0) - timedelta(minutes=20)
    body = build_call_body(
        number="anonymous", start=start.isoformat(), end=start.isoformat(), seconds="5"
    )
    store_report(connection=acme, kind="call", body=body)
    settle_connection(acme.pk)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        deliver_lane(connection_id=acme.pk, module="Calls")
        first = Entry.objects.get()
        lose(zoho, first)
        clock.shift(timedelta(minutes=10))
        assert compare(acme, day=day).figures["sent_again"] == 1
        for _ in range(2):
            deliver_lane(connection_id=acme.pk, module="Calls")
            clock.shift(timedelta(minutes=10))
        again = Entry.objects.get()
        [record] = zoho.list_records("Calls")
        assert (again.state, again.zoho_id) == (State.DELIVERED, record["id"])
        assert first.reference in record["Description"]
        lose(zoho, again)
        assert compare(acme, day=day).figures["not_found"] == 1


def test_a_record_that_stands_there_under_another_id_is_not_doubled(zoho, acme):
    [call] = write_calls(acme, 1)
    there = call.zoho_id
    Entry.objects.update(zoho_id="777")
    compare(acme)
    deliver_lane(connection_id=acme.pk, module="Calls")
    call.refresh_from_db()
    assert (call.state, call.zoho_id, len(zoho.list_records("Calls"))) == (
        State.DELIVERED, there, 1,
    )  # fmt: skip


def test_many_missing_at_once_wait_for_a_persons_yes(zoho, acme, admin_client):
    for call in write_calls(acme, 5):
        lose(zoho, call)
    row = compare(acme)
    assert (row.figures["not_found"], Entry.objects.filter(state=State.DELIVERED).count()) == (5, 5)
    page = admin_client.get(reverse("admin:connector_connection_proof", args=[acme.pk]))
    assert "Send the missing ones again" in page.text
    url = reverse("admin:connector_connection_send_missing", args=[acme.pk])
    admin_client.post(url, {"day": row.day.isoformat()})
    row.refresh_from_db()
    assert (row.figures["not_found"], row.figures["sent_again"]) == (0, 5)
    assert Entry.objects.filter(state=State.UNKNOWN).count() == 5


def test_what_another_organisation_has_is_not_looked_for_in_this_one(acme):
    write_calls(acme, 1)
    Entry.objects.update(zoho_id="777")
    ZohoGrant.objects.update(moved_at=timezone.now())
    acme = Connection.objects.get(pk=acme.pk)
    assert compare(acme).figures["elsewhere"] == 1


def test_a_comparison_goes_on_where_it_stopped(zoho, acme):
    [first, *_rest] = [*write_calls(acme, 100), *write_calls(acme, 1)]
    lose(zoho, first)
    zoho.fail("status", method="GET", module="Calls", skip=1, status=500)
    row = compare(acme)
    assert row.trouble
    assert row.compared_at is None
    before = zoho.read_counters()["requests"]["GET Calls"]
    ZohoOrganisation.objects.update(waits_until=None)
    row = compare(acme)
    assert zoho.read_counters()["requests"]["GET Calls"] == before + 1
    assert (row.figures["in_zoho"], row.figures["sent_again"], row.trouble) == (100, 1, "")


def test_a_comparison_waits_for_credits(acme):
    write_calls(acme, 1)
    ZohoOrganisation.objects.update(edition="free")
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    CreditHour.objects.create(
        organisation=acme.grant.organisation, hour=hour, work="other", credits=4000
    )
    row = compare(Connection.objects.get(pk=acme.pk))
    assert "credits" in str(row.trouble)
    assert row.compared_at is None


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", date(2026, 10, 25)),
        ("Europe/London", date(2026, 3, 29)),
        ("Africa/Cairo", date(2026, 4, 24)),  # begins at one o'clock
        ("America/Havana", date(2026, 11, 1)),  # midnight comes twice
    ],
)
def test_where_the_clocks_change_every_call_is_of_one_day(zone, day):
    connection = build_connection(time_zone=zone)
    build_grant(connection)
    first = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=36)
    for number in range(2 * 72):
        entry = build_entry(connection)
        moment = first + timedelta(minutes=30 * number)
        Entry.objects.filter(pk=entry.pk).update(created_at=moment)
    days = [day + timedelta(days=number) for number in range(-3, 4)]
    found = [row.pk for one in days for row in read_ledger(connection, one).rows]
    assert len(found) == len(set(found)) == 144


def test_two_workers_never_compare_the_same_day(acme):
    Reconciliation.objects.create(
        connection=acme, day=find_today(acme), kind="zoho", claim=uuid.uuid4(),
        claimed_until=timezone.now() + timedelta(minutes=1),
    )  # fmt: skip
    assert compare_day(acme, find_today(acme)) is None


def test_each_day_is_compared_in_the_night_after_and_a_missed_night_is_made_up(acme):
    Connection.objects.update(created_at="2026-11-01T00:00:00Z")
    acme = Connection.objects.get(pk=acme.pk)
    with time_machine.travel("2026-11-20T01:00:00Z", tick=False):
        assert find_today(acme) - list_due_days(acme, now=timezone.now())[-1] == timedelta(days=2)
    with time_machine.travel("2026-11-20T03:00:00Z", tick=False):
        days = list_due_days(acme, now=timezone.now())
    assert [day.isoformat() for day in days] == [f"2026-11-{number}" for number in range(13, 20)]


def test_a_night_compares_what_is_due_and_the_next_look_nothing(acme):
    Connection.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert reconcile_connection(acme.pk) >= 2
    assert reconcile_connection(acme.pk) == 0


def test_the_sheet_leaves_the_unproved_half_empty(acme, admin_client):
    write_calls(acme, 2)
    row = compare(acme)
    url = reverse("admin:connector_connection_proof_sheet", args=[acme.pk])
    lines = list(csv.DictReader(admin_client.get(url).text.lstrip("\ufeff").splitlines()))
    assert (lines[0]["day"], lines[0]["in_zoho"], lines[0]["pbx_calls"]) == (
        row.day.isoformat(), "2", "",
    )  # fmt: skip
    assert (lines[1]["day"], lines[1]["in_zoho"]) == (f"{row.day:%Y-%m}", "2")


def test_the_page_says_that_the_way_from_the_pbx_is_unproved(acme, admin_client):
    compare(acme)
    url = reverse("admin:connector_connection_proof", args=[acme.pk])
    assert "Unproved" in admin_client.get(url).text
    Reconciliation.objects.create(
        connection=acme, day=find_today(acme), kind="call_log", compared_at=timezone.now(),
        figures={"calls": 7, "reported": 6, "missing": 1},
        findings=[{"code": "missing", "at": "2026-11-20T09:15:30Z", "number": "+441632960011"}],
    )  # fmt: skip
    page = admin_client.get(url).text
    assert "7 calls in the PBX&#x27;s log, 6 reported, 1 never reported." in page
    assert "Unproved" not in page


def test_the_command_compares_a_day_and_fails_without_a_connection(acme, capsys):
    write_calls(acme, 1)
    call_command("journal", "reconcile", "acme", "--day", find_today(acme).isoformat())
    assert "1 in Zoho" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there is no connection"):
        call_command("journal", "reconcile", "nobody")
