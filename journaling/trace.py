"""The decisions about an Entry, written down while they are made.

Only lines that are new are stored, by the database behind those that it has: so two who write at
once leave the lines of both.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, JSONField, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from connector.wording import pack
from journaling.models import Entry

LONGEST_TRACE = 200
KEPT_FIRST, KEPT_LAST = 50, 100
"""Rows; a record that is tried for months keeps its first and its newest decisions."""

STORED = "journaling_entry.trace"
APPENDING = {
    "postgresql": (
        f"CASE WHEN jsonb_array_length({{stored}}) < {LONGEST_TRACE} THEN {{stored}} ELSE "
        f"jsonb_path_query_array({{stored}}, '$[0 to {KEPT_FIRST - 1}, "
        f"last - {KEPT_LAST - 1} to last]') END || {{fresh}}"
    ),
    "sqlite": (
        "(SELECT json_group_array(json(value)) FROM (SELECT value FROM json_each({stored}) "  # noqa: S608
        f"WHERE json_array_length({{stored}}) < {LONGEST_TRACE} OR key < {KEPT_FIRST} "
        f"OR key >= json_array_length({{stored}}) - {KEPT_LAST} "
        "UNION ALL SELECT value FROM json_each({fresh})))"
    ),
}


def note(entry: Entry, code: str, **facts: Any) -> None:
    """Add one decision; it is stored with the entry's next transition.

    `facts` are JSON values and wordings. telling/story.py turns codes and facts into sentences.
    """
    row = {"at": timezone.now().isoformat(timespec="seconds"), "code": code, **pack(facts)}
    entry.trace = [*entry.trace, row]
    entry.fresh_lines = [*entry.fresh_lines, row]


def add_lines(entry: Entry) -> "Appended":
    """For an UPDATE: the stored trace with the lines that are new."""
    return Appended(take_lines(entry))


def take_lines(entry: Entry) -> list[dict[str, Any]]:
    """The lines that are new, for whoever stores them."""
    lines, entry.fresh_lines = entry.fresh_lines, []
    return lines


def append_by(vendor: str, *, fresh: str) -> str:
    """The SQL of the stored trace with further lines, which are SQL of a JSON list."""
    return APPENDING[vendor].format(stored=STORED, fresh=fresh)


class Appended(Expression):
    """The stored trace and the lines behind it."""

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        super().__init__(output_field=JSONField())
        self.lines = Value(lines, JSONField())

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        fresh, parameters = compiler.compile(self.lines)
        return append_by(connection.vendor, fresh=fresh), parameters
