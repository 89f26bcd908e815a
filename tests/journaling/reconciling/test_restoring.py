"""A portal that comes from a backup or a copy: silent until told, and nothing is doubled."""

from datetime import timedelta

import pytest
import time_machine
from auditlog.models import LogEntry
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from connector import silence
from connector.models import Connection, Installation
from journaling import lanes
from journaling.alarms.watching import watch
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import AlarmReceiver, Entry, Event
from journaling.reconciling.restoring import prepare_restored
from journaling.settle import settle_connection
from tests.support.builders import build_call_body, build_entry

pytestmark = pytest.mark.django_db

State = Entry.State


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0})


def report(connection: Connection, **values) -> None:
    start = (timezone.now() - timedelta(minutes=3)).replace(microsecond=0)
    body = build_call_body(
        number="anonymous", start=start.isoformat(), end=start.isoformat(), seconds="5", **values
    )
    store_report(connection=connection, kind="call", body=body)


def deliver(connection: Connection, *, minutes: int = 0) -> None:
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for module in ("Calls", "Notes", "Calls", "Notes"):
            deliver_lane(connection_id=connection.pk, module=module)
            clock.shift(timedelta(minutes=minutes))


def restore_backup_of(moment: str) -> None:
    """The rows as a backup made then has them, whatever has been sent since."""
    Installation.objects.all().delete()
    if moment == "before settling":
        Entry.objects.all().delete()
    elif moment == "before sending":
        Entry.objects.exclude(after=None).delete()
        Entry.objects.update(
            state=State.WAITING, next_attempt_at=timezone.now(), record=None, zoho_id="",
            first_sent_at=None, last_sent_at=None, delivered_at=None,
        )  # fmt: skip
    elif moment == "while it needed a decision":
        Entry.objects.exclude(after=None).delete()
        Entry.objects.update(state=State.PARKED, reason="INVALID_DATA", record=None, zoho_id="",
                             first_sent_at=None, last_sent_at=None, delivered_at=None)  # fmt: skip
    prepare_restored(data_until=timezone.now())


@pytest.mark.parametrize(
    "moment", ["before settling", "before sending", "while it needed a decision"]
)
def test_an_old_backup_doubles_nothing(zoho, acme, moment):
    report(acme, transcription="word " * 8000)
    settle_connection(acme.pk)
    deliver(acme)
    calls, notes = zoho.list_records("Calls"), zoho.list_records("Notes")
    assert (len(calls), len(notes) > 0) == (1, True)
    restore_backup_of(moment)
    silence.speak()
    if moment.startswith("while"):
        Entry.objects.update(state=State.WAITING, next_attempt_at=timezone.now())
    deliver(acme, minutes=2)
    deliver(acme, minutes=2)
    assert {entry.state for entry in Entry.objects.all()} == {State.DELIVERED}
    assert Entry.objects.get(kind="call").zoho_id == calls[0]["id"]
    assert (zoho.list_records("Calls"), zoho.list_records("Notes")) == (calls, notes)


def test_what_was_never_sent_is_sent_after_zoho_was_asked_twice(zoho, acme):
    report(acme)
    restore_backup_of("before settling")
    silence.speak()
    deliver(acme)
    assert Entry.objects.get().state == State.UNKNOWN
    deliver(acme, minutes=2)
    assert len(zoho.list_records("Calls")) == 1


def test_a_restored_portal_is_silent_until_somebody_says_yes(zoho, acme, capsys):
    report(acme)
    restore_backup_of("before settling")
    now = timezone.now() + timedelta(minutes=1)
    assert lanes.list_due_lanes(now=now) == []
    deliver(acme)
    assert zoho.count_inserts("Calls") == 0
    call_command("portal", "resume")
    assert "sends again" in capsys.readouterr().out
    assert lanes.list_due_lanes(now=now) == [(acme.pk, "Calls")]


def test_a_copy_of_the_database_is_silent(acme):
    build_entry(acme)
    assert lanes.list_due_lanes(now=timezone.now()) == [(acme.pk, "Calls")]
    Installation.objects.update(home="postgresql 1 2")
    assert lanes.list_due_lanes(now=timezone.now()) == []
    found = silence.find_silence()
    assert (found and found.code) == "copied"


def test_reports_are_stored_while_the_portal_is_silent(acme):
    silence.fall_silent(silence.Code.COPIED)
    report(acme)
    assert Event.objects.count() == 1


def test_the_page_says_why_it_is_silent_and_has_the_button(admin_client):
    silence.fall_silent(silence.Code.RESTORED, data_until=timezone.now())
    assert "This portal is silent" in admin_client.get(reverse("admin:index")).text
    assert "Yes, this is the portal" in admin_client.get(reverse("queues")).text
    admin_client.post(reverse("queues-speak"))
    assert silence.find_silence() is None
    told = LogEntry.objects.get(content_type__model="installation")
    assert told.actor.username == "admin"
    history = admin_client.get(reverse("admin:auditlog_logentry_changelist")).text
    assert "portal: changed" in history
    assert "The portal sends again." in history


def test_a_copy_alarms_nobody(mailoutbox, settings):
    settings.EMAIL_IS_SET_UP = True
    AlarmReceiver.objects.create(name="x", email="x@acme.example")
    silence.fall_silent(silence.Code.COPIED)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        watch()
        clock.shift(timedelta(minutes=3))
        watch()
        assert mailoutbox == []
        silence.fall_silent(silence.Code.RESTORED)
        watch()
    assert mailoutbox
