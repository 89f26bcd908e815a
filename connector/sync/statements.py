"""Many rows by one statement: building the same by the ORM costs more than the database's work."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

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
MOST_PARAMETERS = 30_000
"""SQLite takes 32 766 in one statement."""

_turns = threading.Lock()


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


def upsert_people(rows: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    """Insert or change rows of PERSON_COLUMNS; the primary keys by Zoho's ids."""
    changes = ", ".join(
        f"{column} = excluded.{column}" for column in PERSON_COLUMNS if column not in IDENTITY
    )
    found: dict[str, int] = {}
    for part in split(rows, width=len(PERSON_COLUMNS)):
        returned = execute(
            "connector_mirroredperson",
            PERSON_COLUMNS,
            part,
            f"ON CONFLICT ({', '.join(IDENTITY)}) DO UPDATE SET {changes} RETURNING zoho_id, id",
        )
        found.update(returned)
    return found


def insert_keys(rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of KEY_COLUMNS."""
    for part in split(rows, width=len(KEY_COLUMNS)):
        execute("connector_mirroredkey", KEY_COLUMNS, part)


def split(rows: Sequence[tuple[Any, ...]], *, width: int) -> Iterator[Sequence[tuple[Any, ...]]]:
    most = MOST_PARAMETERS // width
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def execute(
    table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], ending: str = ""
) -> list[tuple[Any, ...]]:
    one = "(" + ", ".join(["%s"] * len(columns)) + ")"
    names = ", ".join(columns)
    values = ", ".join([one] * len(rows))
    statement = f"INSERT INTO {table} ({names}) VALUES {values} {ending}"  # noqa: S608
    with database.cursor() as cursor:
        cursor.execute(statement, [adapt(value) for row in rows for value in row])
        return list(cursor.fetchall()) if ending else []


def adapt(value: Any) -> Any:
    """SQLite keeps moments as Django writes them."""
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    return value
