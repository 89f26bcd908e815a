"""Many claimed entries at once, each with its own values: what bulk_update would build as one
statement of thousands of conditions, which takes longer than Zoho's answer."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection as database
from django.db import transaction

from journaling.models import Entry
from journaling.trace import append_by, take_lines


def write_held(token: uuid.UUID, entries: Sequence[Entry], *, columns: Sequence[str]) -> int:
    """Write these columns of the entries that the token still holds; returns how many it does."""
    if not entries:
        return 0
    if database.vendor == "postgresql":
        return write_together(token, entries, columns=columns)
    return write_one_by_one(token, entries, columns=columns)


def write_together(token: uuid.UUID, entries: Sequence[Entry], *, columns: Sequence[str]) -> int:
    """All rows as one JSON text: a statement for each takes PostgreSQL longer to plan than to do,
    and psycopg takes long to write thousands of parameters."""
    rows = [
        {"id": entry.pk, **{name: read_column(entry, name) for name in columns}}
        for entry in entries
    ]
    changes = ", ".join(assign(name, f"new.{name}") for name in columns)
    with database.cursor() as cursor:
        cursor.execute(
            f"UPDATE journaling_entry SET {changes} "  # noqa: S608
            "FROM json_populate_recordset(NULL::journaling_entry, %s) new "
            "WHERE journaling_entry.id = new.id AND journaling_entry.claim = %s",
            [json.dumps(rows, default=str), token],
        )
        return cursor.rowcount


def write_one_by_one(token: uuid.UUID, entries: Sequence[Entry], *, columns: Sequence[str]) -> int:
    """SQLite plans the statement once."""
    fields: list[Any] = [Entry._meta.get_field(name) for name in columns]
    claim = Entry._meta.get_field("claim").get_db_prep_value(token, database)
    rows = [
        [field.get_db_prep_save(read_column(entry, field.attname), database) for field in fields]
        + [entry.pk, claim]
        for entry in entries
    ]
    changes = ", ".join(assign(field.column, "%s") for field in fields)
    with transaction.atomic(), database.cursor() as cursor:
        cursor.executemany(
            f"UPDATE journaling_entry SET {changes} WHERE id = %s AND claim = %s",  # noqa: S608
            rows,
        )
        return cursor.rowcount


def read_column(entry: Entry, name: str) -> Any:
    """Of the trace the lines that are new."""
    return take_lines(entry) if name == "trace" else getattr(entry, name)


def assign(column: str, value: str) -> str:
    name = database.ops.quote_name(column)
    if column == "trace":
        value = append_by(database.vendor, fresh=value)
    return f"{name} = {value}"
