"""What is older than the rule goes, what is not in Zoho stays, and repeats are still recognised."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry as DjangosOwnLog
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from connector.auth import lend_key
from connector.models import (
    Connection,
    ConsentRequest,
    DialIntent,
    RefusedKnock,
    Tally,
    TrialKey,
)
from journaling import entries
from journaling.ending.leftovers import purge_portal
from journaling.ending.retention import purge_connection
from journaling.ingest import store_report
from journaling.models import (
    Alarm,
    Attempt,
    AttemptVerdict,
    Entry,
    Event,
    EventVersion,
    Reconciliation,
)
from journaling.settle import settle_connection
from tests.support.builders import build_call_body, build_connection, build_entry

pytestmark = pytest.mark.django_db
State = Entry.State


@pytest.fixture
def acme() -> Connection:
    return build_connection(journal={"settle_seconds": 0})


def ago(days: float):
    return timezone.now() - timedelta(days=days)


def build_old(acme: Connection, *, days: float, state: str = State.DELIVERED, **values) -> Entry:
    """A call that came so long ago, with its report."""
    number = f"+4416329600{Event.objects.count():02}"
    store_report(connection=acme, kind="call", body=build_call_body(number=number))
    settle_connection(acme.pk)
    entry = Entry.objects.order_by("pk").last()
    Event.objects.filter(entry=entry).update(received_at=ago(days))
    facts = {"record": {"Description": "a secret"}, "words": "words"} | values
    Entry.objects.filter(pk=entry.pk).update(state=state, created_at=ago(days), **facts)
    return Entry.objects.get(pk=entry.pk)


def purge(acme: Connection) -> None:
    purge_connection(acme.pk)
    purge_portal()


@pytest.mark.parametrize(
    ("days", "has_body", "has_texts", "is_there"),
    [(29, True, True, True), (31, False, True, True), (181, False, False, True),
     (731, False, False, False)],
)  # fmt: skip
def test_each_part_of_a_call_has_its_own_end(acme, days, has_body, has_texts, is_there):
    entry = build_old(acme, days=days)
    purge(acme)
    event = Event.objects.first()
    assert Entry.objects.filter(pk=entry.pk).exists() is (event is not None) is is_there
    if event is not None:
        left = Entry.objects.get()
        assert (bool(bytes(event.body)), event.body_deleted_at is None) == (has_body, has_body)
        assert (bool(left.record), left.texts_deleted_at is None) == (has_texts, has_texts)


@pytest.mark.parametrize("state", [State.WAITING, State.UNKNOWN, State.PARKED, State.SETTLING])
def test_what_is_not_in_zoho_stays_whole(acme, state):
    entry = build_old(acme, days=2000, state=state)
    purge(acme)
    assert Entry.objects.get(pk=entry.pk).record
    assert bytes(entry.events.get().body)


def test_what_an_undelivered_note_belongs_to_stays(acme):
    call = build_old(acme, days=2000)
    build_entry(acme, kind=Entry.Kind.NOTE, after=call, state=State.PARKED)
    purge(acme)
    assert Entry.objects.get(pk=call.pk).record


def test_what_came_after_a_deleted_one_is_not_deleted_with_it(acme):
    person = build_old(acme, days=2000)
    Entry.objects.filter(pk=person.pk).update(kind=Entry.Kind.PERSON)
    call = build_entry(acme, after=person, state=State.DELIVERED)
    purge(acme)
    assert set(Entry.objects.all()) == {person, call}


def test_a_connection_has_its_own_days(acme):
    beta = build_connection("beta", journal={"keep_texts_days": 3})
    for connection in (acme, beta):
        build_old(connection, days=5)
        purge(connection)
    assert Entry.objects.get(connection=acme).record
    assert Entry.objects.get(connection=beta).record is None
    assert bytes(Event.objects.get(connection=beta).body) == b""


@pytest.mark.django_db(transaction=True)
def test_a_repeat_of_a_deleted_report_is_known_and_brings_nothing_back(acme):
    build_old(acme, days=31)
    purge(acme)
    for body in (build_call_body(number="+441632960000"), b'{"summary": "x", '
                 + build_call_body(number="+441632960000")[1:]):  # fmt: skip
        receipt = store_report(connection=acme, kind="call", body=body)
        assert receipt.is_repeat
    assert (Event.objects.count(), EventVersion.objects.count()) == (1, 0)


def test_what_has_no_report_any_more_is_not_tried_again(acme):
    entry = build_old(acme, days=31, state=State.LEFT_OUT)
    assert entries.release([entry.pk], by="olga") == 1
    Entry.objects.update(state=State.LEFT_OUT)
    purge(acme)
    assert entries.release([entry.pk], by="olga") == 0


def test_the_page_says_that_and_when_the_rule_deleted(acme, admin_client: Client):
    entry = build_old(acme, days=200)
    purge(acme)
    page = admin_client.get(reverse("admin:journaling_entry_change", args=[entry.pk]))
    text = page.content.decode()
    today = date_format(timezone.now(), "j M Y")
    for what in ("texts", "reports"):
        assert f"Deleted on {today} by the connection's rule for {what}." in text


def test_attempts_go_unless_they_explain_what_waits(acme):
    waiting = build_entry(acme)
    for entry in (waiting, None):
        attempt = Attempt.objects.create(connection=acme, sent_at=ago(91), took_ms=1)
        if entry:
            AttemptVerdict.objects.create(attempt=attempt, entry=entry, outcome="failed")
    purge(acme)
    assert Attempt.objects.get().verdicts.get().entry == waiting


def test_a_heap_goes_in_small_batches(acme):
    old = [Attempt(connection=acme, sent_at=ago(91), took_ms=1) for _number in range(450)]
    Attempt.objects.bulk_create([*old, Attempt(connection=acme, sent_at=ago(89), took_ms=1)])
    with CaptureQueriesContext(database) as asked:
        purge_connection(acme.pk)
    assert Attempt.objects.count() == 1
    batches = [
        int(found[1])
        for query in asked
        if (found := re.search(r'^SELECT "journaling_attempt".* LIMIT (\d+)$', query["sql"]))
    ]
    assert len(batches) > 2
    assert max(batches) <= 200


def test_what_belongs_to_no_rule_ends_too(acme):
    Alarm.objects.create(key="disk", began_at=ago(95), ended_at=ago(91))
    Alarm.objects.create(key="worker", began_at=ago(95))
    Tally.objects.create(name="lookups", labels='{"connection": "gone", "status": "200"}')
    Tally.objects.create(name="lookups", labels='{"connection": "acme", "status": "200"}')
    ConsentRequest.objects.create(connection=acme, purpose="admin", expires_at=ago(2))
    DialIntent.objects.create(
        connection=acme, extension="101", number_key="+441632960011", module="Contacts",
        zoho_id="1", created_at=ago(8), until_at=ago(8),
    )  # fmt: skip
    for slug, days in (("acme", 8), ("acme2", 8), ("acme", 6)):
        RefusedKnock.objects.create(
            address=f"203.0.113.{days}", slug=slug, reason="no_key", first_at=ago(9),
            last_at=ago(days),
        )  # fmt: skip
    purge(acme)
    assert Alarm.objects.get().key == "worker"
    assert "acme" in Tally.objects.get().labels
    assert not ConsentRequest.objects.exists()
    assert not DialIntent.objects.exists()
    assert RefusedKnock.objects.get().address == "203.0.113.6"


ENDS = {
    # By the connection's own days (journaling.ending.retention).
    "Event": "keep_reports_days", "EventVersion": "keep_reports_days", "Entry": "keep_entries_days",
    "Attempt": "keep_attempts_days", "AttemptVerdict": "keep_attempts_days",
    "CreatedPerson": "keep_entries_days", "RefusedKnock": "keep_knocks_days",
    "Reconciliation": "keep_entries_days", "ErasedNumber": "30 days", "Erasure": "a day",
    # By the portal's (journaling.ending.leftovers, connector).
    "TrialCall": "30 days", "TrialKey": "a minute", "Alarm": "90 days", "AlarmNotice": "Alarm",
    "ConsentRequest": "a day", "Session": "expires", "LogEntry": "730 days",
    "AccessAttempt": "7 days", "DialIntent": "7 days", "XapiToken": "30 days",
    "CreditHour": "a day", "Pulse": "a day", "Tally": "connection",
    # As many as there are of what they tell: connections, users, and people in Zoho.
    "Connection": "", "JournalSettings": "", "DialSettings": "", "ZohoGrant": "",
    "ProposedGrant": "", "ZohoOrganisation": "", "ZohoUser": "", "Mirror": "", "MirroredPerson": "",
    "MirroredKey": "", "Agent": "", "Queue": "", "ExtensionReading": "", "Lane": "",
    "AlarmReceiver": "", "RefusedReports": "", "Installation": "",
    "User": "", "Assignment": "", "SecondStep": "",
    # One for each time that a person pressed a button.
    "PbxKey": "", "AgentToken": "",
    # Never written.
    "Group": "", "Permission": "", "ContentType": "", "AccessLog": "", "AccessFailureLog": "",
    "AccessAttemptExpiration": "",
}  # fmt: skip
"""What ends the rows of each table."""


def test_every_table_has_an_end():
    """A new one fails here until somebody decides when its rows go."""
    assert {model.__name__ for model in apps.get_models()} == set(ENDS)


def test_comparisons_lent_keys_and_djangos_own_log_end_too(acme, admin_user):
    for days in (731, 729):
        Reconciliation.objects.create(connection=acme, day=ago(days).date(), kind="zoho")
        row = DjangosOwnLog.objects.create(user=admin_user, action_flag=1)
        DjangosOwnLog.objects.filter(pk=row.pk).update(action_time=ago(days))
    lend_key(acme)
    TrialKey.objects.update(expires_at=ago(1))
    purge(acme)
    assert Reconciliation.objects.get().day == ago(729).date()
    assert DjangosOwnLog.objects.count() == 1
    assert not TrialKey.objects.exists()
