"""While Zoho answers a batch the next one is claimed and composed: what ends between the two."""

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection as database
from django.db import connections, transaction
from django.utils import timezone

from connector.models import Connection, ZohoGrant, ZohoOrganisation
from journaling import entries
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Attempt, Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body
from tests.support.processes import Running, start_process, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

State = Entry.State
UNSENT = {"first_sent_at": None, "last_sent_at": None}
WORKER = (
    "from journaling.deliver import deliver_lane; deliver_lane(connection_id={}, module='Calls')"
)


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0, "fresh_minutes": 0})


def report(connection: Connection, *, count: int, number: str = "anonymous") -> None:
    start = timezone.now().replace(microsecond=0) - timedelta(hours=5)
    for place in range(count):
        moment = (start + timedelta(seconds=30 * place)).isoformat()
        body = build_call_body(number=number, start=moment, end=moment, seconds="0")
        store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


def deliver(connection: Connection) -> Counter[str]:
    deliver_lane(connection_id=connection.pk, module="Calls")
    return count_states()


def count_states() -> Counter[str]:
    return Counter(Entry.objects.values_list("state", flat=True))


def is_next_claimed() -> bool:
    sending = Entry.objects.filter(state=State.SENDING)
    sent, ahead = sending.exclude(last_sent_at=None), sending.filter(**UNSENT)
    return sent.count() == 100 and ahead.exists()


@contextmanager
def while_zoho_answers(zoho, connection: Connection) -> Iterator[None]:
    """The first batch has been written by Zoho, which takes its time to say so."""
    zoho.fail("hang", method="POST", module="Calls", commit="after", seconds=3)
    with run_worker(lambda: deliver_lane(connection_id=connection.pk, module="Calls")):
        wait_until(is_next_claimed, seconds=30, what="the batch after the one on its way")
        yield


@contextmanager
def while_no_verdict_can_be_written(zoho) -> Iterator[None]:
    """Zoho has answered the first batch and takes its time for the second one."""
    zoho.fail("hang", method="POST", module="Calls", commit="after", seconds=8)
    with transaction.atomic():
        first = Entry.objects.exclude(last_sent_at=None).order_by("pk")[:1]
        assert first.select_for_update().get().state == State.SENDING
        wait_until(lambda: zoho.count_inserts("Calls") == 2, what="the second request")
        yield


@contextmanager
def run_worker(work: Callable[[], None]) -> Iterator[None]:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    worker = threading.Thread(target=run)
    worker.start()
    try:
        yield
    finally:
        worker.join()


def start_worker(connection: Connection, *, log: Path) -> Running:
    facts = database.settings_dict
    url = f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    return start_process(
        [sys.executable, "manage.py", "shell", "-c", WORKER.format(connection.pk)],
        environment={
            **os.environ, "DATABASE_URL": url, "ZOHO_TRUSTED_URLS": connection.grant.api_url,
        },
        log=log,
    )  # fmt: skip


def deliver_to_the_end(zoho, connection: Connection, *, count: int) -> None:
    """Later, by other workers: each call is in Zoho once."""
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(4):
            clock.shift(timedelta(minutes=6))
            entries.sweep(now=timezone.now())
            deliver(connection)
    assert count_states() == {State.DELIVERED: count}
    ids = [call["id"] for call in zoho.list_records("Calls")]
    assert sorted(ids) == sorted(Entry.objects.values_list("zoho_id", flat=True))
    assert len(set(ids)) == count


def test_the_next_batch_is_claimed_while_zoho_answers_and_follows_at_once(zoho, acme):
    report(acme, count=220)
    with while_zoho_answers(zoho, acme):
        assert zoho.count_inserts("Calls") == 1
        assert Entry.objects.filter(state=State.SENDING, **UNSENT).count() == 100
    assert count_states() == {State.DELIVERED: 220}
    attempts = Attempt.objects.order_by("pk")
    assert [attempt.entries.count() for attempt in attempts] == [100, 100, 20]
    assert len(zoho.list_records("Calls")) == 220


def test_the_next_batch_is_on_its_way_before_the_verdicts_on_the_former_are_written(zoho, acme):
    report(acme, count=220)
    with while_zoho_answers(zoho, acme), while_no_verdict_can_be_written(zoho):
        assert Entry.objects.filter(state=State.SENDING).exclude(last_sent_at=None).count() == 200
    assert count_states() == {State.DELIVERED: 220}
    assert len(zoho.list_records("Calls")) == 220
    [first, second, third] = Attempt.objects.order_by("sent_at")
    assert first.sent_at < second.sent_at < third.sent_at
    assert [one.entries.count() for one in (first, second, third)] == [100, 100, 20]


def test_an_unknown_outcome_takes_nothing_from_the_batch_answered_before(zoho, acme):
    report(acme, count=220)
    with while_zoho_answers(zoho, acme):
        zoho.fail("cut", method="POST", module="Calls", commit="after")
    assert count_states() == {State.DELIVERED: 100, State.UNKNOWN: 100, State.WAITING: 20}
    assert Entry.objects.filter(claim=None, **UNSENT).count() == 20
    deliver_to_the_end(zoho, acme, count=220)


def test_after_an_unknown_outcome_the_batch_composed_meanwhile_is_not_sent(zoho, acme):
    report(acme, count=120)
    zoho.fail("cut", method="POST", module="Calls", commit="after")
    assert deliver(acme) == {State.UNKNOWN: 100, State.WAITING: 20}
    assert Entry.objects.filter(claim=None, **UNSENT).count() == 20
    assert zoho.count_inserts("Calls") == 1
    assert ZohoOrganisation.objects.get().failures == 1
    deliver_to_the_end(zoho, acme, count=120)


def test_a_connection_that_a_person_pauses_meanwhile_sends_no_further_batch(zoho, acme):
    report(acme, count=120)
    with while_zoho_answers(zoho, acme):
        Connection.objects.filter(pk=acme.pk).update(paused_at=timezone.now())
    assert count_states() == {State.DELIVERED: 100, State.WAITING: 20}
    assert Entry.objects.filter(claim=None, **UNSENT).count() == 20
    assert zoho.count_inserts("Calls") == 1


def test_trouble_with_composing_the_next_batch_takes_nothing_from_the_one_on_its_way(zoho, acme):
    report(acme, count=100)
    zoho.fail("status", method="GET", path="search", status=503, times=None)
    report(acme, count=20, number="+441632960999")
    assert deliver(acme) == {State.DELIVERED: 100, State.WAITING: 20}
    assert zoho.count_inserts("Calls") == 1
    assert ZohoOrganisation.objects.get().failures == 1


def test_a_token_refused_for_both_batches_is_renewed_once_and_nobody_waits(zoho, acme):
    report(acme, count=100)
    report(acme, count=20, number="+441632960999")
    zoho.fail("invalid_token", method="POST", module="Calls")
    zoho.fail("invalid_token", method="GET", path="search")
    assert deliver(acme) == {State.DELIVERED: 120}
    assert len(ZohoGrant.objects.get().refreshed_at_moments) == 1
    assert ZohoOrganisation.objects.get().failures == 0


def test_a_token_refused_twice_while_composing_makes_the_connection_wait_not_its_organisation(
    zoho, acme
):
    report(acme, count=100)
    report(acme, count=20, number="+441632960999")
    zoho.fail("invalid_token", method="GET", path="search", times=2)
    assert deliver(acme) == {State.DELIVERED: 100, State.WAITING: 20}
    organisation = ZohoOrganisation.objects.get()
    assert (organisation.failures, organisation.waits_until) == (0, None)
    assert ZohoGrant.objects.get().waits_until > timezone.now()


def test_after_another_connections_trouble_one_record_asks_not_the_batch_composed_before(
    zoho, acme
):
    report(acme, count=120)
    with while_zoho_answers(zoho, acme):
        ZohoOrganisation.objects.update(failures=1, waits_until=timezone.now())
    attempts = Attempt.objects.order_by("pk")
    assert [attempt.entries.count() for attempt in attempts] == [100, 1, 19]
    assert len(zoho.list_records("Calls")) == 120


def test_a_worker_that_was_taken_for_dead_sends_nothing_that_it_composed(zoho, acme):
    report(acme, count=120)
    with while_zoho_answers(zoho, acme):
        entries.sweep(now=timezone.now() + timedelta(minutes=3))
    assert count_states() == {State.UNKNOWN: 100, State.WAITING: 20}
    assert zoho.count_inserts("Calls") == 1
    deliver_to_the_end(zoho, acme, count=120)


def test_what_a_person_takes_back_meanwhile_is_not_sent_and_the_rest_is_composed_anew(zoho, acme):
    report(acme, count=120)
    with while_zoho_answers(zoho, acme):
        taken = Entry.objects.filter(state=State.SENDING, **UNSENT).order_by("pk")[:5]
        ids = list(taken.values_list("pk", flat=True))
        Entry.objects.filter(pk__in=ids).update(claim=None, state=State.PARKED, reason="moved")
    assert count_states() == {State.DELIVERED: 100, State.PARKED: 5, State.WAITING: 15}
    assert deliver(acme) == {State.DELIVERED: 115, State.PARKED: 5}
    assert len(zoho.list_records("Calls")) == 115


def test_kill_9_before_verdicts_are_written_loses_and_doubles_nothing(zoho, acme, tmp_path: Path):
    report(acme, count=220)
    zoho.fail("hang", method="POST", module="Calls", commit="after", seconds=3)
    worker = start_worker(acme, log=tmp_path / "worker.log")
    wait_until(is_next_claimed, what="the batch after the one on its way")
    with while_no_verdict_can_be_written(zoho):
        worker.kill()
    entries.sweep(now=timezone.now() + timedelta(minutes=3))
    assert count_states() == {State.UNKNOWN: 200, State.SETTLING: 20}
    deliver_to_the_end(zoho, acme, count=220)


def test_kill_9_between_composing_and_sending_loses_and_doubles_nothing(zoho, acme, tmp_path: Path):
    report(acme, count=120)
    zoho.fail("hang", method="POST", module="Calls", commit="after", seconds=20)
    worker = start_worker(acme, log=tmp_path / "worker.log")
    wait_until(is_next_claimed, what="the batch after the one on its way")
    worker.kill()
    entries.sweep(now=timezone.now() + timedelta(minutes=3))
    assert count_states() == {State.UNKNOWN: 100, State.WAITING: 20}
    assert Entry.objects.filter(**UNSENT).count() == 20
    deliver_to_the_end(zoho, acme, count=120)
