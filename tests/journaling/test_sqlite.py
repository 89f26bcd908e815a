"""SQLite reads what is asked for often by its indexes, as PostgreSQL does, not every row."""

import json
import sqlite3
from collections.abc import Callable

import pytest

from tests.support.portal import DATABASE_FILE, Portal

EXPLAIN = """
import json, uuid
from datetime import timedelta
from django.utils import timezone
from journaling import entries, lanes, settle
from journaling.entries.claiming import held_by
from journaling.models import Entry, Event
from journaling.admin.entry_search import holds_part, list_among, sort_all
now, calls, events = timezone.now(), Entry.objects, Event.objects
lane = {"connection_id": 1, "module": "Calls"}
asked = {
    "due": entries.list_due(now=now).filter(**lane).order_by("next_attempt_at", "pk")[:100],
    "due checks": entries.list_due_checks(now=now).filter(**lane).order_by("next_attempt_at")[:100],
    "due lanes": entries.list_due(now=now)
    .filter(connection__in=lanes.list_ready_connections(now=now))
    .order_by()
    .values_list("connection_id", "module")
    .distinct(),
    "held": held_by(uuid.uuid4()),
    "dead": calls.filter(state="sending", claimed_until__lt=now),
    "new": settle.list_new_events().filter(connection_id=1).order_by("received_at", "pk")[:100],
    "repeat": events.filter(connection_id=1, identity="x"),
    "legs": calls.filter(connection_id=1, number_key="+44", started_at__gte=now),
    "reports": events.filter(entry__in=[1, 2]),
    "first page": calls.order_by("-created_at")[:100],
    "by state": calls.filter(state="parked").order_by("-created_at")[:100],
    "of one": calls.filter(connection_id=1).order_by("-created_at")[:100],
    "part of a name": calls.filter(holds_part("person", "lan") | Q(extension="lan")).order_by(),
    "part of a number": calls.filter(holds_part("number_key", "9600")).order_by(),
    "among the newest": list_among(calls.all(), holds_part("person", "lan"), newest=9)[:50],
    "all of a name": calls.filter(holds_part("person", "lan")).order_by(sort_all("created_at")),
}
print(json.dumps({name: query.explain() for name, query in asked.items()}))
"""
WAYS = {
    "due": "entry_due (connection_id=? AND module=? AND next_attempt_at<?)",
    "due checks": "entry_due (connection_id=? AND module=? AND next_attempt_at<?)",
    "due lanes": "entry_by_state (state=?)",
    "held": "entry_held (claim=?)",
    "dead": "entry_by_state (state=?)",
    "new": "event_new (connection_id=?)",
    "repeat": "(connection_id=? AND identity=?)",
    "legs": "entry_legs (connection_id=? AND number_key=? AND started_at>?)",
    "reports": "(entry_id=?)",
    "first page": "entry_newest",
    "by state": "entry_by_state (state=?)",
    "of one": "entry_newest_of_one (connection_id=?)",
    "part of a name": "journaling_entrytext VIRTUAL TABLE INDEX",
    "part of a number": "journaling_entrytext VIRTUAL TABLE INDEX",
    "among the newest": "entry_newest (created_at>?)",
    "all of a name": "journaling_entrytext VIRTUAL TABLE INDEX",
}
FIND = """
import json
from connector.models import Connection
from django.utils import timezone
from journaling.models import Entry
from journaling.admin.entry_search import holds_part
connection = Connection.objects.create(slug="acme", name="Acme", country="GB")
def add(person, number):
    return Entry.objects.create(connection=connection, kind="call", module="Calls", person=person,
        number=number, number_key=number, next_attempt_at=timezone.now())
def find(column, part):
    return list(Entry.objects.filter(holds_part(column, part)).order_by("pk").values_list("person",
        flat=True))
add("Ada Lane", "+441632960011")
renamed = add("Мария Соколова", "+74951234567")
gone = add("Zoe O'Quinn \\"Q\\"", "+441632960022")
found = {part: find("person", part) for part in ("lan", "ada l", "СОКОЛ", 'quinn "q', "La", "*")}
found |= {part: find("number_key", part) for part in ("9600", "+7495", "960 0")}
Entry.objects.filter(pk=renamed.pk).update(person="Olga Brown")
gone.delete()
found["renamed"] = find("person", "brown") + find("person", "соколова")
found["gone"] = find("person", "quinn")
print(json.dumps(found))
"""


@pytest.fixture
def portal(make_portal: Callable[..., Portal]) -> Portal:
    return make_portal(database="sqlite")


def ask(portal: Portal, script: str) -> dict[str, str]:
    output = portal.manage("shell", "-c", script).stdout
    answer: dict[str, str] = json.loads(output.splitlines()[-1])
    return answer


def test_what_is_asked_often_is_found_by_an_index(portal: Portal):
    plans = ask(portal, f"from django.db.models import Q\n{EXPLAIN}")
    assert {name: plan for name, plan in plans.items() if WAYS[name] not in plan} == {}
    assert not [plan for plan in plans.values() if "SCAN journaling_entry\n" in f"{plan}\n"]


def test_calls_are_found_by_parts_of_names_and_numbers_as_they_are_now(portal: Portal):
    assert ask(portal, FIND) == {
        "lan": ["Ada Lane"],
        "ada l": ["Ada Lane"],
        "СОКОЛ": ["Мария Соколова"],
        'quinn "q': ['Zoe O\'Quinn "Q"'],
        "La": ["Ada Lane"],
        "*": [],
        "9600": ["Ada Lane", 'Zoe O\'Quinn "Q"'],
        "+7495": ["Мария Соколова"],
        "960 0": [],
        "renamed": ["Olga Brown"],
        "gone": [],
    }


def test_the_triggers_of_the_search_outlive_all_migrations(portal: Portal):
    with sqlite3.connect(portal.directory / DATABASE_FILE) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {row[0] for row in found}
    assert {"entry_text_insert", "entry_text_update", "entry_text_delete"} <= names
