"""People by text: names in any order, company, e-mail, part of a number; from the mirror alone.

PostgreSQL and SQLite both find parts of words by trigrams. Fewer than three letters have none:
they find the beginnings of names.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from django.db import connection as database

from connector.models import Connection, MirroredPerson
from connector.people.fields import describe_stored
from connector.people.folding import fold_name
from connector.people.mirror import fetch, find_organisation_id
from connector.people.person import Person
from connector.people.reading import build_match
from connector.phones import read_number
from connector.threecx.answers import write_match

CANDIDATES = 200
"""Of more people than these any 200 compete: who types more letters finds whom they mean."""
MOST_WORDS = 8
NUMBER_LIKE = re.compile(r"[\d\s()+./-]{3,}")
TRIGRAM = 3
LAST_SIGN = "\U0010ffff"

ORDER = (
    "ORDER BY CASE p.module WHEN %s THEN 0 WHEN %s THEN 1 ELSE 2 END, "
    "p.spoken_at DESC NULLS LAST, p.active_at DESC NULLS LAST, p.id LIMIT 20"
)
SHOWN = ("module", "zoho_id", "first_name", "last_name", "company", "title", "department", "email")
# The candidates are chosen by their index alone; only they are sorted.
CHOSEN = (
    f"SELECT {', '.join(SHOWN)}, phones "  # noqa: S608
    f"FROM (SELECT id FROM ({{candidates}}) f LIMIT {CANDIDATES}) c "
    f"JOIN connector_mirroredperson p ON p.id = c.id {ORDER}"
)
OURS = "p.organisation_id = %s AND p.converted_to = ''"
# A materialised part is planned without the limit: for frequent letters PostgreSQL would rather go
# through all people until it has enough.
POSTGRES = (
    "WITH found AS MATERIALIZED (SELECT p.id FROM connector_mirroredperson p "  # noqa: S608
    f"WHERE {OURS}{{likes}}) SELECT id FROM found"
)
# CROSS JOIN: SQLite would go through all people and ask the index about each.
SQLITE = (
    "SELECT p.id FROM connector_peopletext t CROSS JOIN connector_mirroredperson p "  # noqa: S608
    f"ON p.id = t.rowid WHERE t.search_text MATCH %s AND {OURS}"
)
BEGINNING = (
    "SELECT * FROM (SELECT p.id FROM connector_mirroredperson p "  # noqa: S608
    f"WHERE {OURS} AND p.{{column}} {{begins}} "
    "ORDER BY p.{column} {order} LIMIT 20) {column}s"
)


def search_people(connection: Connection, text: str) -> list[str]:
    """The stored answers of up to 20 people, the best first; nothing for an empty text."""
    organisation_id = find_organisation_id(connection)
    words = list_words(connection, text)
    if organisation_id is None or not words:
        return []
    if all(len(word) < TRIGRAM for word in words):
        candidates, params = find_beginnings(organisation_id, " ".join(words))
    elif database.vendor == "postgresql":
        candidates, params = find_by_trigrams(organisation_id, words)
    else:
        candidates, params = find_by_full_text(organisation_id, words)
    statement = CHOSEN.replace("{candidates}", candidates)
    rows = fetch(statement, [*params, *connection.module_order[:2]])
    return [describe(read_row(row), connection=connection) for row in rows]


def find_by_id(connection: Connection, zoho_id: str) -> list[str]:
    """The stored answer of the person or company with this id, if there is one."""
    rows = MirroredPerson.objects.filter(
        organisation=find_organisation_id(connection), zoho_id=zoho_id.strip()
    )
    return [describe(describe_stored(row), connection=connection) for row in rows]


def read_row(row: tuple[Any, ...]) -> Person:
    """What an answer tells of a person, without making a model of each."""
    *texts, phones = row
    facts = dict(zip(SHOWN, texts, strict=True))
    return Person(**facts, phones=json.loads(phones))


def describe(person: Person, *, connection: Connection) -> str:
    organisation = connection.grant.organisation
    return write_match(build_match(person, crm_url=connection.crm_url, organisation=organisation))


def list_words(connection: Connection, text: str) -> list[str]:
    """What is looked for, folded; the digits of something like a number, without its zeros."""
    text = text.strip()
    if NUMBER_LIKE.fullmatch(text) and any(sign.isdigit() for sign in text):
        number = read_number(text, connection.number_rules)
        digits = "".join(filter(str.isdecimal, text)).lstrip("0")
        return [number.digits if number.e164 else digits] if digits else []
    return fold_name(text).split()[:MOST_WORDS]


def find_by_trigrams(organisation_id: int, words: Sequence[str]) -> tuple[str, list[Any]]:
    """A short word among others has to begin a word."""
    likes = [f"% {escape(word)}%" if len(word) < TRIGRAM else f"%{escape(word)}%" for word in words]
    wanted = " AND p.search_text LIKE %s" * len(likes)
    return POSTGRES.replace("{likes}", wanted), [organisation_id, *likes]


def escape(word: str) -> str:
    """Only the signs that LIKE reads; words hold neither a backslash nor a per cent sign."""
    return word.replace("_", r"\_")


def find_by_full_text(organisation_id: int, words: Sequence[str]) -> tuple[str, list[Any]]:
    """FTS5 cannot find a word shorter than three letters: those are looked for in what is found."""
    long = [word for word in words if len(word) >= TRIGRAM]
    short = [f" {word}" for word in words if len(word) < TRIGRAM]
    match = " AND ".join(f'"{word}"' for word in long)
    wanted = " AND instr(p.search_text, %s) > 0" * len(short)
    return SQLITE + wanted, [match, organisation_id, *short]


def find_beginnings(organisation_id: int, start: str) -> tuple[str, list[Any]]:
    """By an index on the last name and one on the first."""
    if database.vendor == "postgresql":
        # In the order of the index, which is not the language's.
        begins, order, bounds = "LIKE %s", "USING ~<~", [f"{escape(start)}%"]
    else:
        begins, order, bounds = "BETWEEN %s AND %s", "", [start, start + LAST_SIGN]
    parts = [
        BEGINNING.replace("{column}", column).replace("{begins}", begins).replace("{order}", order)
        for column in ("name_key", "first_key")
    ]
    return " UNION ".join(parts), [organisation_id, *bounds] * 2
