"""Legs that arrive in any order while workers settle, deliver and correct at the same time."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random
from threading import Event as Flag
from threading import Thread

import pytest
from django.db import connection as database
from django.db.utils import OperationalError
from django.utils import timezone

from connector.models import Connection, ZohoOrganisation
from journaling import entries, lanes
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry, Event
from journaling.settle import settle_connection
from tests.support.builders import build_call_body
from tests.support.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

LANES = ("Calls", Entry.CORRECTIONS)
CALLS, SEED = 8, 20261130
LEGS = (
    # Ringing at one agent, then at another who answers, and a transfer to a third.
    {"type": "Missed", "agent": "101", "after": 0, "seconds": 8},
    {"type": "Inbound", "agent": "102", "after": 3, "seconds": 60},
    {"type": "Inbound", "agent": "103", "after": 63, "seconds": 30},
)
TROUBLE = (
    {"method": "POST", "commit": "after"},
    {"method": "POST", "commit": "before"},
    {"method": "PUT", "commit": "after"},
    {"method": "DELETE", "commit": "after"},
    {"method": "DELETE", "commit": "before"},
)


def plan_bodies(*, seed: int) -> list[bytes]:
    began = (timezone.now() - timedelta(hours=1)).replace(microsecond=0)
    bodies = []
    for number in range(CALLS):
        for leg in LEGS:
            start = began + timedelta(seconds=leg["after"])
            end = start + timedelta(seconds=leg["seconds"])
            bodies.append(
                build_call_body(
                    type=leg["type"], agent=leg["agent"], number=f"+44163296{number:04}",
                    start=start.isoformat(), end=end.isoformat(), seconds=str(leg["seconds"]),
                )
            )  # fmt: skip
    Random(seed).shuffle(bodies)
    return bodies


def end_waits() -> None:
    """Time passes: what waits is due, but for rows that a worker is just changing."""
    now = timezone.now()
    ZohoOrganisation.objects.update(waits_until=None)
    Event.objects.filter(entry=None).update(settle_at=None)
    Entry.objects.filter(state__in=["waiting", "unknown", "settling"]).update(next_attempt_at=now)


def start_worker(work: Callable[[], object], *, done: Flag) -> Thread:
    def go_on() -> None:
        while not done.is_set():
            with suppress(OperationalError):  # two in each other's way: one of them begins anew
                work()
        database.close()

    worker = Thread(target=go_on)
    worker.start()
    return worker


def start_workers(connection: Connection, *, done: Flag) -> list[Thread]:
    """Two settle, two deliver in each lane."""
    settle = partial(settle_connection, connection.pk)
    lanes = [partial(deliver_lane, connection_id=connection.pk, module=one) for one in LANES]
    return [start_worker(work, done=done) for work in [settle, *lanes] * 2]


def test_every_call_stands_in_zoho_once_as_an_answered_one(zoho):
    acme = zoho.connect(journal={"settle_seconds": 0})
    done, random = Flag(), Random(SEED)
    zoho.control(latency_ms=40)
    workers = start_workers(acme, done=done)
    try:
        for number, body in enumerate(plan_bodies(seed=SEED)):
            store_report(connection=acme, kind="call", body=body)
            if number % 6 == 0:
                zoho.fail("cut", module="Calls", **random.choice(TROUBLE))
            with suppress(OperationalError):
                end_waits()
            done.wait(random.uniform(0, 0.6))
    finally:
        done.set()
        for worker in workers:
            worker.join()
    zoho.control(reset=["faults"], latency_ms=0)
    entries.free_claims(connection_id=acme.pk)
    lanes.free_lanes(connection_id=acme.pk)
    for _ in range(12):
        end_waits()
        settle_connection(acme.pk)
        for module in LANES:
            deliver_lane(connection_id=acme.pk, module=module)
    states = set(Entry.objects.values_list("state", flat=True))
    assert states <= {Entry.State.DELIVERED, Entry.State.LEFT_OUT}
    calls = zoho.list_records("Calls")
    assert [call["Call_Type"] for call in calls] == ["Inbound"] * CALLS
    found = Entry.objects.filter(kind=Entry.Kind.CALL, state=Entry.State.DELIVERED)
    assert {entry.zoho_id for entry in found} == {call["id"] for call in calls}
    assert not Event.objects.filter(entry=None).exists()


def take_report(connection: Connection, *, type: str, agent: str, after: int = 0) -> None:
    start = timezone.now().replace(microsecond=0) - timedelta(minutes=5) + timedelta(seconds=after)
    body = build_call_body(
        type=type, agent=agent, number="+441632960999", seconds="60",
        start=start.isoformat(), end=(start + timedelta(seconds=60)).isoformat(),
    )  # fmt: skip
    store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [("Missed", "Inbound", "Inbound"), ("Inbound", "Missed", "Missed")],
    ids=["the missed record is deleted", "the text is completed"],
)
def test_a_leg_stays_in_the_story_though_it_comes_while(zoho, first, second, third):
    acme = zoho.connect(journal={"settle_seconds": 0})
    for number, kind in enumerate((first, second)):
        take_report(acme, type=kind, agent=f"10{number}", after=number)
        deliver_lane(connection_id=acme.pk, module="Calls")
    zoho.control(latency_ms=800)
    worker = Thread(target=deliver_corrections, args=(acme,))
    worker.start()
    try:
        corrections = Entry.objects.filter(module=Entry.CORRECTIONS, state=Entry.State.SENDING)
        wait_until(corrections.exists, what="the correction to begin")
        Flag().wait(0.3)  # it has read what it works on, and waits for Zoho
        take_report(acme, type=third, agent="109", after=2)
    finally:
        worker.join()
    [call] = Entry.objects.filter(kind=Entry.Kind.CALL, state=Entry.State.DELIVERED)
    assert "109" in {row["agent"] for row in call.trace if row["code"] == "joined"}


def deliver_corrections(connection: Connection) -> None:
    deliver_lane(connection_id=connection.pk, module=Entry.CORRECTIONS)
    database.close()
