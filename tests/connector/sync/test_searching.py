"""Search by text, on both databases."""

import json
import sqlite3
from collections.abc import Callable

import pytest

from connector.models import Connection, MirroredPerson
from connector.people.searching import find_by_id, search_people
from tests.support.mirror import insert, sync, update
from tests.support.portal import Portal

SPELLINGS = [
    ("ada lane", "Lane"),
    ("LANE ADA", "Lane"),
    ("lane & sons", "Lane"),
    ("zoe quinn", "Quinn"),
    ("соколова", "Соколова"),
    ("ромашка ирина", "Соколова"),
    ("01632 960011", "Lane"),
    ("1632960011", "Lane"),
    ("+44 1632 9600", "Lane"),
    ("quinn st", "Quinn"),
]


@pytest.fixture
def mirrored(connection: Connection) -> Connection:
    sync()
    return connection


def name_found(connection: Connection, text: str) -> list[str]:
    return [json.loads(answer)["last"] for answer in search_people(connection, text)]


def test_people_are_found_by_any_part_in_any_order(mirrored: Connection) -> None:
    for text, last in SPELLINGS:
        assert last in name_found(mirrored, text), text


def test_e_is_found_for_yo_and_accents_for_none(connection: Connection) -> None:
    insert(connection, "Contacts", First_Name="Пётр", Last_Name="Ежов", Email="p@mail.example")
    insert(connection, "Contacts", First_Name="Jürgen", Last_Name="Żółć")
    sync()
    assert name_found(connection, "петр ежов") == ["Ежов"]
    assert name_found(connection, "Пётр Ё") == ["Ежов"]
    assert name_found(connection, "jurgen") == ["Żółć"]
    assert name_found(connection, "p@mail.example") == ["Ежов"]


def test_signs_alone_find_nobody(mirrored: Connection) -> None:
    for text in ("", "  ", "%", "_", "\"'", "() -", "\\"):
        assert search_people(mirrored, text) == [], text


def test_two_letters_find_beginnings_of_first_and_last_names(connection: Connection) -> None:
    insert(connection, "Contacts", First_Name="Yves", Last_Name="Abel")
    insert(connection, "Contacts", First_Name="Otto", Last_Name="Yvain")
    insert(connection, "Contacts", First_Name="Levy", Last_Name="Abel")
    sync()
    assert sorted(name_found(connection, "yv")) == ["Abel", "Yvain"]


def test_at_most_twenty_are_answered_those_spoken_with_last_first(mirrored: Connection) -> None:
    found = name_found(mirrored, "mail.example")
    assert len(found) == 20


def test_somebody_deleted_or_renamed_is_found_no_more(mirrored: Connection) -> None:
    zoho_id = insert(mirrored, "Contacts", First_Name="Xenia", Last_Name="Overstreet")
    sync("Contacts")
    assert name_found(mirrored, "xenia overstreet") == ["Overstreet"]
    update(mirrored, "Contacts", zoho_id, Last_Name="Brightwater")
    sync("Contacts")
    assert name_found(mirrored, "xenia brightwater") == ["Brightwater"]
    assert name_found(mirrored, "xenia overstreet") == []
    MirroredPerson.objects.filter(zoho_id=zoho_id).delete()
    assert name_found(mirrored, "xenia brightwater") == []


def test_a_converted_lead_is_shown_as_its_contact_only(mirrored: Connection) -> None:
    answers = [json.loads(answer) for answer in search_people(mirrored, "nora field")]
    assert [answer["module"] for answer in answers] == ["Contacts"]


def test_a_record_is_found_by_its_id(mirrored: Connection) -> None:
    ada = MirroredPerson.objects.get(last_name="Lane", first_name="Ada")
    [answer] = find_by_id(mirrored, ada.zoho_id)
    assert json.loads(answer)["first"] == "Ada"
    assert find_by_id(mirrored, "no such id") == []


SCRIPT = """
import json, sys
from django.utils import timezone
from connector.models import Connection, ZohoOrganisation, ZohoGrant, MirroredPerson
from connector.people.fields import describe_person
from connector.phones import read_number
from connector.people.reading import read_as
from connector.sync.storing import store_rows, forget_people
from connector.people import mirror
from connector.people.searching import search_people
organisation = ZohoOrganisation.objects.create(zgid="1", name="Acme")
connection = Connection.objects.create(slug="acme", name="Acme", country="GB",
    matching_strategy="last_digits")
now = timezone.now()
ZohoGrant.objects.create(connection=connection, organisation=organisation, user_zoho_id="1",
    user_name="I", user_email="i@acme.example", accounts_url="http://127.0.0.1:1",
    api_url="http://127.0.0.1:1", granted_at=now)
rows = [
    {"id": "1", "First_Name": "Ada", "Last_Name": "Lane", "Account_Name": {"id": "9", "name":
     "Lane & Sons"}, "Phone": "+441632960011", "Modified_Time": "2026-01-05T09:00:00+00:00"},
    {"id": "2", "First_Name": "Ирина", "Last_Name": "Соколова", "Phone": "8 (495) 012-34-56"},
    {"id": "3", "First_Name": "Zoë", "Last_Name": "Quinn", "Mobile": "01632 960011"},
]
def store(rows):
    store_rows(rows, module="Contacts", organisation=organisation, readings=[read_as(connection)])
store(rows)
store([{**rows[1], "Last_Name": "Орлова"}])
number = read_number("01632 960011", connection.number_rules)
tell = lambda text: [json.loads(a)["last"] for a in search_people(connection, text)]
told = {"lookup": [json.loads(h.answer)["last"] for h in mirror.find_by_number(connection, number)],
    "words": tell("lane ada"), "accents": tell("zoe"), "cyrillic": tell("орлова"),
    "old": tell("соколова"), "digits": tell("1632 9600"), "two": tell("qu"), "short": tell("an la"),
    "mixed": tell("lane ad")}
forget_people(["1"], module="Contacts", organisation=organisation)
told["gone"] = tell("lane")
print(json.dumps(told))
"""


def test_sqlite_answers_as_postgresql_does(make_portal: Callable[..., Portal]) -> None:
    assert sqlite3.sqlite_version_info >= (3, 34)
    portal = make_portal(database="sqlite")
    told = json.loads(portal.manage("shell", "-c", SCRIPT).stdout.splitlines()[-1])
    assert sorted(told.pop("lookup")) == ["Lane", "Quinn"]
    assert sorted(told.pop("digits")) == ["Lane", "Quinn"]
    assert told == {
        "words": ["Lane"],
        "accents": ["Quinn"],
        "cyrillic": ["Орлова"],
        "old": [],
        "two": ["Quinn"],
        "short": [],
        "mixed": ["Lane"],
        "gone": [],
    }
