"""Created people go to the agent who called; people one spoke with are remembered."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection as database
from django.utils import timezone

from connector.models import Connection, MirroredKey
from connector.phones import read_number
from journaling import entries
from journaling.creating.creation import create_person
from journaling.creating.newcomers import Wish
from journaling.models import CreatedPerson, Entry
from journaling.settle import settle_connection
from tests.journaling.test_batches_ahead import WORKER
from tests.journaling.test_deliver import PROMPT, deliver, report
from tests.support.mirror import sync
from tests.support.processes import start_process, wait_until
from tests.support.zoho import ControlledZoho

NUMBER = "+441632961234"


@pytest.fixture
def acme(zoho: ControlledZoho, transactional_db: None) -> Connection:
    return zoho.connect(fallback_owner="boss@acme.example", journal=PROMPT)


def create(connection: Connection) -> str:
    number = read_number(NUMBER, connection.number_rules)
    create_person(connection, Wish(number=number, last="Newman"))
    return CreatedPerson.objects.get().zoho_id


def find_owner(zoho: ControlledZoho, zoho_id: str) -> str:
    [row] = [row for row in zoho.list_records("Contacts") if row["id"] == zoho_id]
    return str(row["Owner"]["id"])


def test_a_created_person_goes_to_the_agent_of_the_call(
    zoho: ControlledZoho, acme: Connection
) -> None:
    zoho_id = create(acme)
    assert find_owner(zoho, zoho_id) == zoho.find_user("boss@acme.example")
    report(acme, number=NUMBER, agent_email="ben@acme.example")
    [entry] = deliver(acme)
    assert find_owner(zoho, zoho_id) == zoho.find_user("ben@acme.example")
    assert entry.card_zoho_id == zoho_id
    assert "handed_over" in {row["code"] for row in entry.trace}


def test_a_second_call_does_not_hand_over_again(zoho: ControlledZoho, acme: Connection) -> None:
    zoho_id = create(acme)
    report(acme, number=NUMBER, agent_email="ben@acme.example")
    deliver(acme)
    report(acme, number=NUMBER, agent_email="ann@acme.example", start="2026-11-20T11:15:30Z",
           end="2026-11-20T11:18:11Z")  # fmt: skip
    deliver(acme)
    assert find_owner(zoho, zoho_id) == zoho.find_user("ben@acme.example")


def test_after_two_hours_the_owner_stays(zoho: ControlledZoho, acme: Connection) -> None:
    zoho_id = create(acme)
    CreatedPerson.objects.update(created_at=timezone.now() - timedelta(minutes=121))
    report(acme, number=NUMBER, agent_email="ben@acme.example")
    deliver(acme)
    assert find_owner(zoho, zoho_id) == zoho.find_user("boss@acme.example")


def test_an_agent_without_a_zoho_user_leaves_it_to_the_fallback_owner(
    zoho: ControlledZoho, acme: Connection
) -> None:
    zoho_id = create(acme)
    report(acme, number=NUMBER, agent_email="stranger@acme.example")
    deliver(acme)
    assert find_owner(zoho, zoho_id) == zoho.find_user("boss@acme.example")


def test_kill_9_while_a_person_is_handed_over_leaves_them_to_the_agent_all_the_same(
    zoho: ControlledZoho, acme: Connection, tmp_path: Path
) -> None:
    zoho_id = create(acme)
    report(acme, number=NUMBER, agent_email="ben@acme.example")
    settle_connection(acme.pk)
    zoho.fail("hang", method="PUT", path="Contacts", commit="never", seconds=20)
    facts = database.settings_dict
    url = f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    worker = start_process(
        [sys.executable, "manage.py", "shell", "-c", WORKER.format(acme.pk)],
        environment={**os.environ, "DATABASE_URL": url, "ZOHO_TRUSTED_URLS": zoho.url},
        log=tmp_path / "worker.log",
    )
    wait_until(lambda: zoho.read_counters()["requests"].get("PUT Contacts"), what="the hand-over")
    worker.kill()
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=True):
        entries.sweep(now=timezone.now())
        deliver(acme)
    assert find_owner(zoho, zoho_id) == zoho.find_user("ben@acme.example")


def test_an_answered_call_is_remembered_for_the_order_of_people(acme: Connection) -> None:
    sync()
    report(acme, number="+441632960011")
    deliver(acme)
    entry = Entry.objects.get()
    assert MirroredKey.objects.get(key="+441632960011").spoken_at == entry.started_at
