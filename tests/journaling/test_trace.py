"""Decisions that several write down at once: each one stays in the story."""

from collections.abc import Callable
from threading import Event as Flag
from threading import Thread

import pytest
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from connector.models import Connection
from journaling import entries
from journaling.joining import append
from journaling.models import Entry, Event
from journaling.trace import KEPT_FIRST, KEPT_LAST, LONGEST_TRACE, note
from tests.support.builders import build_connection, build_entry

pytestmark = pytest.mark.django_db(transaction=True)

on_postgres = pytest.mark.skipif(
    "database.vendor != 'postgresql'", reason="SQLite has one writer at a time"
)


@pytest.fixture
def acme() -> Connection:
    return build_connection()


@pytest.fixture
def delivered(acme) -> Entry:
    entry = build_entry(acme, state=Entry.State.DELIVERED, zoho_id="1")
    note(entry, "delivered", words="Шесть “о'клок”")
    entry.save()
    return entry


def add_leg(entry: Entry) -> None:
    event = Event.objects.create(
        connection_id=entry.connection_id, kind="call", identity="1", body=b"", entry=entry,
        received_at=timezone.now(),
    )  # fmt: skip
    append(entry, event)


def put_on_card(entry: Entry) -> None:
    card = {"module": "Contacts", "zoho_id": "7", "person": "Nina"}
    assert entries.relink(entry, code="relinked", modified_at="", **card)


WRITERS: dict[str, Callable[[Entry], object]] = {
    "joined": add_leg,
    "completed": lambda entry: entries.note_rewritten(entry, record={}, modified_at=""),
    "relinked": put_on_card,
    "not_relinked": lambda entry: entries.give_up_relinking(entry, words="No."),
    "missing": entries.ask_again,
    "replaced": lambda entry: entries.supersede(entry, by=entry, reason="replaced_by_answered"),
}


def read_codes(entry: Entry) -> list[str]:
    return [row["code"] for row in Entry.objects.get(pk=entry.pk).trace]


@pytest.mark.parametrize("code", WRITERS)
def test_what_was_read_before_another_wrote_takes_no_line_away(delivered, code):
    stale = Entry.objects.get(pk=delivered.pk)
    add_leg(Entry.objects.get(pk=delivered.pk))
    Event.objects.all().delete()
    WRITERS[code](stale)
    assert read_codes(delivered) == ["delivered", "joined", code]


def test_a_claimed_entry_keeps_what_another_wrote_meanwhile(acme):
    batch = [build_entry(acme), build_entry(acme)]
    token, claimed = entries.claim(connection_id=acme.pk, module="Calls", limit=2)
    for entry in Entry.objects.all():
        add_leg(entry) if entry.pk == batch[0].pk else None
    for entry in claimed:
        note(entry, "owner", name="Ann O'Neill")
    assert entries.write_composed(token, claimed)
    for entry in claimed:
        note(entry, "delivered")
    entries.mark_delivered(token, claimed)
    assert [read_codes(entry) for entry in batch] == [
        ["joined", "owner", "delivered"],
        ["owner", "delivered"],
    ]
    assert {entry.state for entry in Entry.objects.filter(kind="call")} == {"delivered"}


def test_an_entry_is_stored_with_its_first_lines_once(acme):
    entry = build_entry(acme, state=Entry.State.DELIVERED)
    note(entry, "reported")
    entry.save()
    add_leg(entry)
    assert read_codes(entry) == ["reported", "joined"]


def test_a_line_is_stored_as_it_was_noted(delivered):
    stored = Entry.objects.get(pk=delivered.pk)
    put_on_card(stored)
    again = Entry.objects.get(pk=delivered.pk)
    assert again.trace == stored.trace
    assert again.trace[0]["words"] == "Шесть “о'клок”"


def test_of_a_long_story_the_beginning_and_the_end_are_kept(delivered):
    delivered.trace = [{"code": f"row {number}"} for number in range(LONGEST_TRACE)]
    delivered.save()
    put_on_card(Entry.objects.get(pk=delivered.pk))
    codes = read_codes(delivered)
    assert len(codes) == KEPT_FIRST + KEPT_LAST + 1
    assert codes[KEPT_FIRST - 1 : KEPT_FIRST + 1] == ["row 49", f"row {LONGEST_TRACE - KEPT_LAST}"]
    assert codes[-1] == "relinked"


@on_postgres
def test_two_transactions_at_once_leave_both_lines(delivered):
    has_written, begins = Flag(), Flag()

    def write_first() -> None:
        with transaction.atomic():
            add_leg(Entry.objects.get(pk=delivered.pk))
            has_written.set()
            begins.wait(10)
            Flag().wait(0.3)  # the other one waits for the row by now
        database.close()

    first = Thread(target=write_first)
    first.start()
    try:
        assert has_written.wait(10)
        stale = Entry.objects.get(pk=delivered.pk)
        begins.set()
        put_on_card(stale)
    finally:
        first.join()
    assert read_codes(delivered) == ["delivered", "joined", "relinked"]


@on_postgres
def test_four_connections_that_write_at_once_lose_no_line(delivered):
    def write_many() -> None:
        for _ in range(25):
            entries.give_up_relinking(Entry.objects.get(pk=delivered.pk), words="No.")
        database.close()

    workers = [Thread(target=write_many) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(read_codes(delivered)) == 101
