"""The queues page: right when nothing works, and its buttons."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from connector.counting import pulses
from connector.models import Connection, Pulse
from journaling.models import Entry, Lane
from tests.support.builders import build_connection, build_entry, build_grant, build_user
from tests.support.catalogue import read_text

pytestmark = pytest.mark.django_db
BUTTONS = ("pause", "resume", "retry", "free")


@pytest.fixture
def broker(valkey, settings):
    settings.CELERY_BROKER_URL = valkey.url
    return valkey


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


def log_in(role: str) -> Client:
    client = Client()
    client.force_login(build_user(role))
    return client


def show(client: Client) -> str:
    answer = client.get("/admin/queues/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_worker_the_page_says_so_first(broker, boss):
    page = show(boss)
    assert page.index("No worker answers.") < page.index('id="workers"')
    assert "Everything moves." not in page


def test_without_a_broker_the_page_says_so(broker, boss):
    broker.kill()
    assert "The broker does not answer" in show(boss)


def test_messages_that_wait_are_counted_with_the_age_of_the_oldest(broker, boss):
    with broker.connect() as client:
        client.lpush("celery", '{"headers": {"sent_at": 1}}')
        client.lpush("celery", '{"headers": {}}')
    queues = boss.get("/admin/queues/").context["queues"]
    assert [(queue.name, queue.length) for queue in queues] == [("celery", 2)]
    assert queues[0].oldest_seconds > 1_000_000


def test_each_connection_shows_what_waits_until_when_and_what_is_parked(broker, boss):
    acme = build_connection(held_code="grant_refused", held_words="Zoho said no")
    build_grant(acme)
    build_entry(acme)
    build_entry(acme, state=Entry.State.PARKED, reason="INVALID_DATA")
    [row] = boss.get("/admin/queues/").context["rows"]
    assert (row.waiting, [(p.reason, p.number) for p in row.parked]) == (1, [("INVALID_DATA", 1)])
    assert row.next_try == ""
    Connection.objects.update(held_code="")
    [row] = boss.get("/admin/queues/").context["rows"]
    assert row.next_try


def test_pause_and_resume(broker, boss):
    acme = build_connection()
    boss.post(f"/admin/queues/{acme.pk}/pause/")
    assert Connection.objects.get().paused_at
    boss.post(f"/admin/queues/{acme.pk}/resume/")
    assert Connection.objects.get().paused_at is None


def test_try_all_again_takes_one_reason_of_one_connection_only(broker, boss):
    acme, beta = build_connection(), build_connection("beta")
    parked = {"state": Entry.State.PARKED, "reason": "INVALID_DATA"}
    wanted = build_entry(acme, **parked)
    others = [build_entry(acme, **parked | {"reason": "other"}), build_entry(beta, **parked)]
    boss.post(f"/admin/queues/{acme.pk}/retry/", {"reason": "INVALID_DATA"})
    wanted.refresh_from_db()
    assert wanted.state == Entry.State.WAITING
    assert Entry.objects.filter(pk__in=[row.pk for row in others], state="parked").count() == 2


def test_a_released_claim_sends_what_was_not_sent_and_asks_for_what_may_have_been(broker, boss):
    acme, beta = build_connection(), build_connection("beta")
    until = timezone.now() + timedelta(minutes=2)
    claimed = {"state": Entry.State.SENDING, "claim": uuid.uuid4(), "claimed_until": until}
    unsent = build_entry(acme, **claimed)
    sent = build_entry(acme, **claimed, last_sent_at=timezone.now())
    other = build_entry(beta, **claimed)
    Lane.objects.create(
        connection=acme, module="Calls", claim=claimed["claim"], claimed_until=until
    )
    boss.post(f"/admin/queues/{acme.pk}/free/")
    states = dict(Entry.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (unsent, sent, other)] == ["waiting", "unknown", "sending"]
    assert Lane.objects.get().claim is None


def test_who_may_only_look_finds_no_buttons_and_no_doors(broker):
    acme = build_connection()
    viewer = log_in("viewer")
    assert "queues-pause" not in show(viewer)
    assert f"/admin/queues/{acme.pk}/" not in show(viewer)
    for button in BUTTONS:
        assert viewer.post(f"/admin/queues/{acme.pk}/{button}/").status_code == 403


def test_strangers_are_led_to_the_login():
    assert Client().get("/admin/queues/").status_code == 302


def test_buttons_are_not_pressed_by_following_a_link(boss):
    acme = build_connection()
    for button in BUTTONS:
        assert boss.get(f"/admin/queues/{acme.pk}/{button}/").status_code == 405


def test_a_sign_of_life_without_an_answer_is_told(broker, boss):
    Pulse.objects.create(name="worker@one:1", at=timezone.now(), facts={"tasks_last_minute": 3})
    page = show(boss)
    assert "No worker answers." in page
    assert "worker@one:1 gave its last sign of life" in page


def test_database_tasks_and_failures_stand_on_the_page(broker, boss):
    for number in (1, 2):
        facts = {"tasks_last_minute": 40 + number, "failures_last_hour": number}
        Pulse.objects.create(name=f"worker@one:{number}", at=timezone.now(), facts=facts)
    page = read_text(show(boss))
    assert "Tasks in the last minute 83 Failed tasks in the last hour 3" in page
    assert re.search(r"Database (PostgreSQL|SQLite) \d+\.\d+\S*, [\d.]+ [KMG]B", page)


def test_a_workers_tasks_count_for_a_minute_and_its_failures_for_an_hour():
    pulses._ended.clear()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        pulses.note_task(failed=True)
        pulses.note_task(failed=False)
        assert pulses.sum_tasks() == {"tasks_last_minute": 2, "failures_last_hour": 1}
        clock.shift(61)
        assert pulses.sum_tasks() == {"tasks_last_minute": 0, "failures_last_hour": 1}
        clock.shift(3600)
        assert pulses.sum_tasks() == {"tasks_last_minute": 0, "failures_last_hour": 0}
    pulses._ended.clear()
