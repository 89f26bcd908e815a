"""Many rows by one statement: building the same by the ORM costs more than the database's work."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection as database
from django.db import transaction

PERSON_COLUMNS = (
    "organisation_id", "module", "zoho_id", "first_name", "last_name", "company", "title",
    "department", "email", "emails", "phones", "account_zoho_id", "owner_zoho_id", "converted_to",
    "search_text", "name_key", "first_key", "modified_at", "active_at", "seen_at",
)  # fmt: skip
IDENTITY = PERSON_COLUMNS[:3]
KEY_COLUMNS = (
    "organisation_id", "person_id", "reading", "key", "tail", "is_company", "module", "spoken_at",
    "active_at", "answer",
)  # fmt: skip

_turns = threading.Lock()


class Stored(NamedTuple):
    """A person's primary key, and when somebody last spoke with them, as the database gives it."""

    pk: int
    spoken_at: Any


@contextmanager
def take_turn() -> Iterator[None]:
    """One transaction. SQLite lets one write at a time and is not fair: its writers of this
    process wait for each other here, so that none of them gives up."""
    if database.vendor == "sqlite":
        with _turns, transaction.atomic():
            yield
    else:
        with transaction.atomic():
            yield


def upsert_people(rows: Sequence[tuple[Any, ...]]) -> dict[str, Stored]:
    """Insert or change hundreds of rows of PERSON_COLUMNS; what is stored now by Zoho's ids."""
    changes = ", ".join(
        f"{column} = excluded.{column}" for column in PERSON_COLUMNS if column not in IDENTITY
    )
    source, parameters = build_source("connector_mirroredperson", PERSON_COLUMNS, rows)
    with database.cursor() as cursor:
        cursor.execute(
            f"{write_insert('connector_mirroredperson', PERSON_COLUMNS)} {source} "
            f"ON CONFLICT ({', '.join(IDENTITY)}) DO UPDATE SET {changes} "
            "RETURNING zoho_id, id, spoken_at",
            parameters,
        )
        return {row[0]: Stored(*row[1:]) for row in cursor.fetchall()}


def delete_keys(people: Iterable[int]) -> None:
    """All keys of these people, by their primary keys."""
    numbers = ", ".join(str(int(pk)) for pk in people)
    with database.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM connector_mirroredkey WHERE person_id IN ({numbers})"  # noqa: S608
        )


def insert_keys(rows: Sequence[tuple[Any, ...]]) -> None:
    """Any number of rows of KEY_COLUMNS."""
    if not rows:
        return
    insert = write_insert("connector_mirroredkey", KEY_COLUMNS)
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            source, parameters = build_source("connector_mirroredkey", KEY_COLUMNS, rows)
            cursor.execute(f"{insert} {source}", parameters)
        else:
            # SQLite keeps statements for later: one for each number of rows would fill the memory.
            one = ", ".join(["%s"] * len(KEY_COLUMNS))
            cursor.executemany(f"{insert} VALUES ({one})", [list(map(adapt, row)) for row in rows])


def write_insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)})"


def build_source(
    table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> tuple[str, list[Any]]:
    """The rows as SQL, with its parameters. psycopg takes five times as long for thousands of
    parameters as for one text; SQLite does not."""
    if database.vendor == "postgresql":
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        chosen = f"SELECT {', '.join(columns)} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608
        return chosen, [json.dumps(objects, default=str)]
    one = "(" + ", ".join(["%s"] * len(columns)) + ")"
    values = [adapt(value) for row in rows for value in row]
    return f"VALUES {', '.join([one] * len(rows))}", values


def adapt(value: Any) -> Any:
    """As Django writes it on SQLite."""
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    return json.dumps(value) if isinstance(value, dict) else value
