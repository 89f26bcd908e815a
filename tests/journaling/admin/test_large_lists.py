"""The lists read as much of the database with many calls as with few."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection as database
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.many_entries import ENTRIES, FILL
from connector.admin.readonly import ReadOnlyAdmin
from connector.models import Connection
from journaling.models import Entry, Event
from tests.conftest import ON_SQLITE
from tests.support.builders import build_connection

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(ON_SQLITE, reason="what SQLite reads is told by test_sqlite"),
]

FEW, MANY = 2_000, 24_000
PER_PAGE = ReadOnlyAdmin.list_per_page
DEEPER = 10
"""Pages of the database that deeper indexes add to a list. Rows that lie apart take one each."""
ALL_CALLS = 1_200
SEARCHED = 4_000
"""All the calls and reports fill 3,100; whoever goes from each report to its call reads 72,000."""


@pytest.fixture(autouse=True)
def connections() -> list[Connection]:
    return [build_connection(f"connection{number}") for number in range(5)]


def fill(rows: int) -> None:
    """So many calls and chats, and a report of each, as the bench makes them, and nothing else."""
    with database.cursor() as cursor:
        cursor.execute("TRUNCATE journaling_entry, journaling_event RESTART IDENTITY CASCADE")
        cursor.execute(ENTRIES, {"first": 0, "rows": rows, "last": rows})
        cursor.execute(FILL, {"first": 0})
        cursor.execute("VACUUM ANALYZE journaling_entry, journaling_event")


def ask(client: Client, name: str, **asked: str) -> tuple[list[Any], int]:
    """The rows of a list, and the pages of the database that it looks at."""
    address = f"{reverse(f'admin:journaling_{name}_changelist')}?{urlencode(asked)}"
    with CaptureQueriesContext(database) as captured:
        rows = list(client.get(address).context["cl"].result_list)
    statements = [one["sql"] for one in captured if ' FROM "journaling_e' in one["sql"]]
    return rows, sum(count_pages(statement) for statement in statements)


def count_pages(statement: str) -> int:
    with database.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        [[found]] = cursor.fetchall()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    read: int = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return read


def list_addresses(connection: Connection) -> list[tuple[str, dict[str, str]]]:
    one = {"connection__id__exact": str(connection.pk)}
    return [
        ("entry", {}),
        ("entry", {"p": "5"}),
        ("entry", one),
        ("entry", {"state__exact": "delivered"}),
        ("entry", {"state__exact": "parked"}),
        ("entry", {"state__exact": "unknown"}),
        ("entry", {"state__exact": "parked"} | one),
        ("entry", {"kind__exact": "chat"}),
        ("entry", {"kind__exact": "attachment"}),
        ("entry", {"reason": "rejected"}),
        ("entry", {"reason": "no_card"}),
        ("entry", {"reason": "left_out"} | one),
        ("entry", {"state__exact": "left_out"} | one),
        ("entry", {"extension": "101"}),
        ("entry", {"extension": "101"} | one),
        ("entry", {"extension": "999"}),
        ("entry", {"day": timezone.now().date().isoformat()}),
        ("event", {}),
        ("event", one),
        ("event", {"kind__exact": "chat"}),
        ("event", {"source__exact": "call_log"}),
    ]


def test_lists_and_filters_read_as_much_of_many_calls_as_of_few(admin_client, connections):
    asked = list_addresses(connections[0])
    fill(FEW)
    few = [ask(admin_client, name, **values)[1] for name, values in asked]
    fill(MANY)
    many = [ask(admin_client, name, **values)[1] for name, values in asked]
    assert [
        (name, values, small, large)
        for (name, values), small, large in zip(asked, few, many, strict=True)
        if large > max(small, PER_PAGE) + DEEPER
    ] == []


NAMES = {
    "Often Heard": Q(pk__iregex="00$"),
    "Long Ago": Q(pk__lte=600),
    "Just Lately": Q(pk__gt=MANY - 60),
    "Rare Guest": Q(pk__in=[5005, 7007, 20020]),
}


def test_every_page_of_a_name_shows_its_newest_and_little_is_read(admin_client):
    fill(MANY)
    for person, chosen in NAMES.items():
        Entry.objects.filter(chosen).update(person=person)
    with database.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE journaling_entry")
    for person in NAMES:
        calls = Entry.objects.filter(person=person).order_by("-created_at")
        reports = Event.objects.filter(entry__person=person).order_by("-pk")
        for name, wanted in (("entry", list(calls)), ("event", list(reports))):
            for page in (1, 2):
                rows, pages = ask(admin_client, name, q=person.lower()[1:], p=str(page))
                assert rows == wanted[PER_PAGE * (page - 1) : PER_PAGE * page]
                assert pages < SEARCHED
    rows, pages = ask(admin_client, "entry", q="zq")
    assert rows == []
    assert pages < ALL_CALLS
