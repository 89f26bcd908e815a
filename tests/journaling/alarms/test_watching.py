"""Alarms: told once, and again when they end; never in quiet hours; nothing is lost on the way."""

from datetime import UTC, datetime, time, timedelta

import pytest
import responses
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connector.models import Connection, Pulse
from journaling.alarms.watching import watch, watch_if_nobody_does
from journaling.health import list_connections
from journaling.models import Alarm, AlarmNotice, AlarmReceiver, Entry, Event
from tests.support.builders import build_connection, build_entry, build_grant

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def everything_moves(valkey, settings):
    settings.CELERY_BROKER_URL = valkey.url
    settings.EMAIL_IS_SET_UP = True
    return valkey


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        breathe()
        yield clock


def breathe(*, workers: bool = True, beat: bool = True) -> None:
    """Signs of life, as of now."""
    Pulse.objects.all().delete()
    if workers:
        Pulse.objects.create(name="worker@one:1", at=timezone.now())
    if beat:
        Pulse.objects.create(name="tick", at=timezone.now())


def build_receiver(**values) -> AlarmReceiver:
    return AlarmReceiver.objects.create(**{"name": "Olga", "email": "olga@ops.example"} | values)


def build_held(slug: str = "acme", **values) -> Connection:
    held = {"held_code": "no_scope", "held_at": timezone.now(), "held_words": "A scope is missing."}
    connection = build_connection(slug, **held | {"last_lookup_at": timezone.now()} | values)
    build_grant(connection)
    return connection


def watch_for(clock, minutes: int, **life: bool) -> None:
    for _minute in range(minutes):
        clock.shift(60)
        breathe(**life)
        watch()


def list_told() -> list[str]:
    return [message.subject for message in mail.outbox]


def test_while_everything_is_well_nobody_is_told(clock):
    build_receiver()
    watch_for(clock, 4)
    assert (list_told(), Alarm.objects.count()) == ([], 0)


def test_a_held_connection_is_told_once_and_once_more_when_it_is_over(clock):
    build_receiver()
    build_held()
    watch_for(clock, 6)
    assert len(list_told()) == 1
    assert "Acme: Paused: A scope is missing." in list_told()[0]
    assert "/admin/connector/connection/" in mail.outbox[0].body
    Connection.objects.update(held_code="", held_at=None)
    watch_for(clock, 4)
    assert len(list_told()) == 2
    assert list_told()[1].startswith("Patchbay: Over: Acme")


def test_what_is_over_soon_is_told_to_nobody(clock):
    build_receiver()
    build_held()
    watch_for(clock, 1)
    Connection.objects.update(held_code="", held_at=None)
    watch_for(clock, 4)
    assert list_told() == []


@pytest.mark.parametrize(
    ("life", "words"),
    [
        ({"workers": False}, "No worker answers."),
        ({"beat": False}, "Workers answer, but beat does not tick."),
    ],
)
def test_workers_and_beat_are_missed(clock, life, words):
    build_receiver()
    watch_for(clock, 4, **life)
    assert [words in subject for subject in list_told()] == [True]


def test_a_broker_that_is_gone_is_told(clock, everything_moves):
    build_receiver()
    everything_moves.kill()
    watch_for(clock, 4)
    assert ["The broker does not answer" in subject for subject in list_told()] == [True]


def test_the_web_process_watches_only_when_nobody_else_does(clock):
    build_held()
    Pulse.objects.create(name="watch", at=timezone.now())
    watch_if_nobody_does()
    assert Alarm.objects.count() == 0
    clock.shift(200)
    watch_if_nobody_does()
    assert Alarm.objects.count() > 0


def test_a_receiver_of_one_connection_hears_of_no_other_in_its_own_language(clock):
    acme, beta = build_held(), build_held("beta")
    build_receiver(connection=acme, language="ru")
    watch_for(clock, 4, workers=False)
    assert len(list_told()) == 1
    assert "Acme" in list_told()[0]
    assert "Paused" not in list_told()[0]
    assert Alarm.objects.filter(connection=beta).exists()


def test_quiet_hours_hold_messages_back_until_they_end(clock):
    build_receiver(quiet_from=time(22), quiet_until=time(12, 20), time_zone="Europe/London")
    build_held()
    watch_for(clock, 18)
    assert list_told() == []
    watch_for(clock, 4)
    assert len(list_told()) == 1


def test_a_webhook_gets_the_words_as_slack_takes_them(clock, settings):
    settings.ALLOWED_PRIVATE_HOSTS = ["127.0.0.1"]
    build_receiver(email="", webhook_url="http://127.0.0.1/hook/secret")
    build_held()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as fake:
        fake.add("POST", "http://127.0.0.1/hook/secret", status=200)
        watch_for(clock, 4)
        assert len(fake.calls) == 1
        assert "Acme: Paused" in fake.calls[0].request.body.decode()
    assert AlarmNotice.objects.get().sent_at


def test_a_message_that_does_not_arrive_is_tried_again_without_its_secret_in_the_words(
    clock, settings, caplog
):
    settings.ALLOWED_PRIVATE_HOSTS = ["127.0.0.1"]
    build_receiver(email="", webhook_url="http://127.0.0.1/hook/secret")
    build_held()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as fake:
        fake.add("POST", "http://127.0.0.1/hook/secret", status=500)
        watch_for(clock, 4)
        assert AlarmNotice.objects.get().sent_at is None
        fake.replace("POST", "http://127.0.0.1/hook/secret", status=200)
        watch_for(clock, 6)
    assert AlarmNotice.objects.get().sent_at
    assert "hook/secret" not in caplog.text + AlarmNotice.objects.get().trouble


def test_a_failing_webhook_repeats_no_mail_and_holds_no_end_back(clock, settings):
    settings.ALLOWED_PRIVATE_HOSTS = ["127.0.0.1"]
    build_receiver(webhook_url="http://127.0.0.1/hook")
    build_held()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as fake:
        fake.add("POST", "http://127.0.0.1/hook", status=500)
        watch_for(clock, 14)
        assert (len(list_told()), len(fake.calls)) == (1, 3)
        Connection.objects.update(held_code="", held_at=None)
        watch_for(clock, 1)
        assert [subject.startswith("Patchbay: Over: ") for subject in list_told()] == [False, True]
        tried = len(fake.calls)
        fake.replace("POST", "http://127.0.0.1/hook", status=200)
        watch_for(clock, 7)
        assert [b"Over: " in call.request.body for call in fake.calls][tried:] == [True]
    assert len(list_told()) == 2


def test_what_never_arrives_is_given_up_after_a_day(clock):
    build_receiver(email="", webhook_url="https://127.0.0.1/hook")
    build_held()
    watch_for(clock, 4)
    clock.shift(timedelta(days=1))
    tried = AlarmNotice.objects.get().next_try_at
    watch_for(clock, 2)
    assert AlarmNotice.objects.get().next_try_at == tried


def test_a_growing_number_that_needs_a_decision_is_told_at_each_step(clock):
    build_receiver()
    acme = build_connection(last_lookup_at=timezone.now())
    build_grant(acme)
    for more in (1, 1, 8, 1, 90):
        for _row in range(more):
            build_entry(acme, state=Entry.State.PARKED, reason="rejected")
        watch_for(clock, 3)
    assert [subject.split()[2] for subject in list_told()] == ["1", "10", "101"]
    Entry.objects.all().delete()
    watch_for(clock, 3)
    assert list_told()[3:] == [f"Patchbay: Over: {list_told()[2].removeprefix('Patchbay: ')}"]


def test_a_private_address_is_not_asked(clock):
    build_receiver(email="", webhook_url="https://127.0.0.1/hook")
    build_held()
    watch_for(clock, 4)
    assert "private network" in AlarmNotice.objects.get().trouble


def report(connection: Connection, *, at: datetime, number: int, version: str = "") -> None:
    Event.objects.bulk_create(
        Event(
            connection=connection,
            kind="call",
            identity=f"{at}{row}",
            body=b"{}",
            received_at=at,
            template_version=version,
        )
        for row in range(number)
    )


def test_a_pbx_that_is_silent_but_for_test_calls_is_told(clock, admin_client):
    build_receiver()
    acme = build_connection(last_lookup_at=timezone.now())
    build_grant(acme)
    for weeks in (1, 2, 3):
        report(acme, at=NOON - timedelta(weeks=weeks, minutes=30), number=6)
    report(acme, at=NOON - timedelta(minutes=5), number=1, version="trial")
    watch_for(clock, 4)
    lasting = Alarm.objects.filter(key="silent acme", ended_at=None)
    assert lasting.exists()
    assert list_connections().get().last_report_at == NOON - timedelta(weeks=1, minutes=30)
    page = admin_client.get(reverse("admin:journaling_alarm_changelist")).content.decode()
    assert "Acme: the PBX reports nothing, though it usually does at this hour." in page
    age = 'patchbay_pbx_last_report_age_seconds{connection="acme"} 60'  # a week and half an hour
    assert age in Client().get("/metrics").content.decode()
    report(acme, at=timezone.now(), number=1)
    watch_for(clock, 1)
    assert not lasting.exists()
    assert list_told()[-1].startswith("Patchbay: Over: Acme: the PBX reports nothing")


def test_a_pbx_that_is_never_busy_at_this_hour_may_be_silent(clock):
    acme = build_connection(last_lookup_at=timezone.now())
    for weeks in (1, 2, 3):
        report(acme, at=NOON - timedelta(weeks=weeks, hours=5), number=6)
    watch_for(clock, 2)
    assert not Alarm.objects.filter(key="silent acme").exists()
