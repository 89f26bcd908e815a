"""A worker that stood still for longer than its claim lasts, while another did its work."""

from threading import Thread

import pytest
from django.db import connection as database

from connector.models import Connection
from journaling import entries, lanes
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body
from tests.support.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

State = Entry.State
LONG = "\n".join(f"Visitor: line {number} of a long chat" for number in range(2000))


@pytest.fixture
def acme(zoho) -> Connection:
    connection = zoho.connect(journal={"settle_seconds": 0})
    body = build_call_body(messages=LONG, email="nobody@example.org", number="")
    store_report(connection=connection, kind="chat", body=body)
    settle_connection(connection.pk)
    return connection


def deliver_slowly(zoho, connection: Connection) -> Thread:
    """In a thread, which hangs at Zoho's answer to a question that composing asks."""
    zoho.fail("hang", method="GET", path="/search", seconds=4, commit="after")

    def work() -> None:
        deliver_lane(connection_id=connection.pk, module="Tasks")
        database.close()

    thread = Thread(target=work)
    thread.start()
    wait_until(lambda: Entry.objects.filter(state=State.SENDING).exists(), what="the claim")
    return thread


def end_claims(connection: Connection) -> None:
    entries.free_claims(connection_id=connection.pk)
    lanes.free_lanes(connection_id=connection.pk)


def test_neither_the_record_nor_what_follows_it_is_written_twice(zoho, acme):
    slow = deliver_slowly(zoho, acme)
    end_claims(acme)
    for module in ("Tasks", "Notes"):
        deliver_lane(connection_id=acme.pk, module=module)
    before = list(Entry.objects.order_by("pk").values())
    assert {row["state"] for row in before} == {State.DELIVERED}
    assert len(before) > 1
    slow.join()
    assert list(Entry.objects.order_by("pk").values()) == before
    deliver_lane(connection_id=acme.pk, module="Notes")
    assert len(zoho.list_records("Tasks")) == 1
    assert len(zoho.list_records("Notes")) == len(before) - 1


def test_while_the_other_has_not_sent_it_yet_only_the_other_does(zoho, acme):
    slow = deliver_slowly(zoho, acme)
    end_claims(acme)
    token, [entry] = entries.claim(connection_id=acme.pk, module="Tasks", limit=1)
    slow.join()
    entry.refresh_from_db()
    assert (entry.state, entry.claim, entry.record) == (State.SENDING, token, None)
    assert not zoho.list_records("Tasks")
    assert zoho.count_inserts("Tasks") == 0


def test_what_a_person_took_out_of_a_batch_stops_it_and_the_rest_follows(zoho, acme):
    """The whole batch is composed anew; what was taken out stays out of Zoho."""
    for minute in (20, 30):
        times = {"start": f"2026-11-20T09:{minute}:00Z", "end": f"2026-11-20T09:{minute}:30Z"}
        body = build_call_body(messages="Hello?", email="nobody@example.org", number="", **times)
        store_report(connection=acme, kind="chat", body=body)
    settle_connection(acme.pk)
    slow = deliver_slowly(zoho, acme)
    first = Entry.objects.order_by("pk").first()
    Entry.objects.filter(pk=first.pk).update(state=State.PARKED, claim=None, claimed_until=None)
    slow.join()
    assert not zoho.list_records("Tasks")
    deliver_lane(connection_id=acme.pk, module="Tasks")
    assert len(zoho.list_records("Tasks")) == 2
    states = Entry.objects.filter(kind=Entry.Kind.CHAT).order_by("pk")
    assert [entry.state for entry in states] == [State.PARKED, State.DELIVERED, State.DELIVERED]
