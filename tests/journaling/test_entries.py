import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection as database
from django.utils import timezone

from config.schedule import BEAT_SCHEDULE
from connector.models import Connection
from journaling import entries
from journaling.models import Entry
from journaling.tasks import tick
from tests.support.builders import build_connection, build_entry

State = Entry.State


@pytest.fixture
def acme(db) -> Connection:
    return build_connection()


def claim(connection: Connection, limit: int = 100):
    return entries.claim(connection_id=connection.pk, module="Calls", limit=limit)


@pytest.mark.django_db(transaction=True)
def test_four_connections_claim_no_row_twice():
    connection = build_connection()
    Entry.objects.bulk_create(
        Entry(
            connection=connection,
            kind=Entry.Kind.CALL,
            module="Calls",
            state=State.WAITING,
            next_attempt_at=timezone.now() - timedelta(seconds=1),
        )
        for _ in range(400)
    )
    claimed: list[int] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        while batch := claim(connection, limit=25)[1]:
            claimed.extend(entry.pk for entry in batch)
        database.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed))
    # A race can leave one round empty-handed while rows are left; none may be lost.
    assert len(claimed) + Entry.objects.filter(state=State.WAITING).count() == 400


def test_only_due_entries_are_claimed_oldest_first(acme):
    build_entry(acme, next_attempt_at=timezone.now() + timedelta(minutes=1))
    late = build_entry(acme, next_attempt_at=timezone.now() - timedelta(seconds=1))
    early = build_entry(acme, next_attempt_at=timezone.now() - timedelta(seconds=5))
    assert [entry.pk for entry in claim(acme, limit=1)[1]] == [early.pk]
    assert [entry.pk for entry in claim(acme)[1]] == [late.pk]


def test_a_follower_waits_until_its_parent_is_in_zoho(acme):
    parent = build_entry(acme, next_attempt_at=None)
    build_entry(acme, after=parent)
    assert not claim(acme)[1]
    Entry.objects.filter(pk=parent.pk).update(state=State.DELIVERED)
    assert len(claim(acme)[1]) == 1


def test_without_the_token_nothing_is_written(acme):
    build_entry(acme)
    token, [entry] = claim(acme)
    Entry.objects.update(claim=None)
    entry.zoho_id = "1"
    entries.mark_delivered(token, [entry])
    entries.park(token, entry, reason="x", words="y")
    entry.refresh_from_db()
    assert (entry.state, entry.zoho_id, entry.reason) == (State.SENDING, "", "")


def test_what_was_put_back_is_due_at_once_and_no_try_is_counted(acme):
    build_entry(acme)
    token, _ = claim(acme)
    entries.put_back(token)
    [entry] = claim(acme)[1]
    assert entry.tries == 0


def test_unsent_work_of_a_dead_worker_waits_again(acme):
    build_entry(acme)
    claim(acme)
    entries.sweep(now=timezone.now() + timedelta(minutes=3))
    assert Entry.objects.get().state == State.WAITING


def test_a_claim_lasts_two_minutes_and_is_found_half_a_minute_later(acme):
    build_entry(acme)
    _token, [entry] = claim(acme)
    assert entry.claimed_until <= timezone.now() + timedelta(minutes=2)
    assert BEAT_SCHEDULE["tick"]["schedule"] <= 30
    with time_machine.travel(entry.claimed_until + timedelta(seconds=1)):
        tick()
    entry.refresh_from_db()
    assert (entry.state, entry.claim) == (State.WAITING, None)


def test_sent_work_of_a_dead_worker_is_asked_for_at_zoho(acme):
    build_entry(acme)
    token, batch = claim(acme)
    entries.write_composed(token, batch)
    entries.sweep(now=timezone.now() + timedelta(minutes=3))
    entry = Entry.objects.get()
    assert entry.state == State.UNKNOWN
    assert entry.next_attempt_at == entry.last_sent_at + entries.UNKNOWN_WAIT


def test_letting_go_of_a_check_keeps_the_outcome_unknown(acme):
    build_entry(acme, state=State.UNKNOWN)
    token, [entry] = entries.claim_checks(connection_id=acme.pk, module="Calls", limit=9)
    entries.put_back(token)
    entry.refresh_from_db()
    assert (entry.state, entry.claim) == (State.UNKNOWN, None)


def test_a_records_own_trouble_is_tried_after_growing_times_and_parked_after_eight_days(acme):
    build_entry(acme)
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while (token_and_batch := claim(acme))[1]:
            token, [entry] = token_and_batch
            entries.try_later(token, entry, reason="RECORD_LOCKED", words="locked")
            entry.refresh_from_db()
            if entry.state == State.PARKED:
                break
            waits.append(entry.next_attempt_at - timezone.now())
            clock.move_to(entry.next_attempt_at)
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 20, 60, 240, 720] + [1440] * 7
    assert (entry.state, entry.words) == (State.PARKED, "locked")


def test_try_again_makes_a_parked_entry_due_at_once(acme):
    parked = build_entry(acme, state=State.PARKED, reason="INVALID_DATA", tries=4)
    assert entries.release([parked.pk], by="operator") == 1
    [entry] = claim(acme)[1]
    assert (entry.tries, entry.reason) == (0, "")
    assert entry.trace[-1] == {**entry.trace[-1], "code": "released", "by": "operator"}


def test_an_unreadable_report_cannot_be_tried_again(acme):
    report = build_entry(acme, state=State.PARKED, kind=Entry.Kind.REPORT, module="")
    assert entries.release([report.pk], by="operator") == 0


def test_what_is_being_sent_cannot_be_left_out(acme):
    build_entry(acme)
    [entry] = claim(acme)[1]
    assert entries.leave_out([entry.pk], by="operator") == 0


def test_what_was_put_back_keeps_its_place_before_what_came_later(acme):
    first = build_entry(acme, next_attempt_at=timezone.now() - timedelta(seconds=9))
    build_entry(acme, next_attempt_at=timezone.now() - timedelta(seconds=5))
    token, _claimed = claim(acme, limit=1)
    entries.put_back(token)
    _token, claimed = claim(acme, limit=1)
    assert claimed == [first]
