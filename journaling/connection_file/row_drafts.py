"""The lists of a connection, `agents` and `queues`: rows of the file, checked, not saved yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from connector.models import Agent, Connection, Queue
from journaling.connection_file.problems import Problem
from journaling.connection_file.reading import Row, Wanted
from journaling.connection_file.states import NO_ZOHO_USER, describe_row, name_kind, name_row


@dataclass(frozen=True)
class RowDraft:
    row: Agent | Queue
    is_changed: bool


def build_rows(
    wanted: Wanted, connection: Connection, stored: Iterable[Agent | Queue]
) -> tuple[list[RowDraft], list[Problem]]:
    """Return the rows of the file, each with the primary key of its stored twin, if it has one."""
    twins = {(name_kind(row), name_row(row)): row for row in stored}
    drafts, problems = [], []
    seen: dict[tuple[str, str], int] = {}
    for kind, rows in wanted.rows.items():
        for given in rows:
            row = build_row(kind, given.values, connection)
            place = (kind, name_row(row))
            problem = find_problem(row) or find_twice(place, given, seen=seen)
            if problem:
                problems.append(Problem(given.line, f"{kind}: {problem}"))
            drafts.append(join_twin(row, twins.get(place)))
    return drafts, problems


def build_row(kind: str, values: dict[str, Any], connection: Connection) -> Agent | Queue:
    if kind == "queues":
        return Queue(connection=connection, **values)
    has_none = values.get("zoho_user", "").strip().lower() == NO_ZOHO_USER
    if has_none:
        values = {**values, "zoho_user": ""}
    return Agent(connection=connection, has_no_zoho_user=has_none, **values)


def find_problem(row: Agent | Queue) -> str:
    if isinstance(row, Agent) and not name_row(row):
        return _("an agent needs an extension or an email")
    try:
        row.clean_fields(exclude=["connection"])
    except ValidationError as error:
        column, words = next(iter(error.message_dict.items()))
        return f"{name_row(row)}, {column}: {' '.join(words)}"
    return ""


def find_twice(place: tuple[str, str], given: Row, *, seen: dict[tuple[str, str], int]) -> str:
    first = seen.setdefault((place[0], place[1].lower()), given.line)
    if first == given.line:
        return ""
    return _("“%(name)s” stands here twice (first in line %(line)d)") % {
        "name": place[1],
        "line": first,
    }


def join_twin(row: Agent | Queue, twin: Agent | Queue | None) -> RowDraft:
    if twin is None:
        return RowDraft(row, is_changed=True)
    row.pk, row._state.adding = twin.pk, False
    return RowDraft(row, is_changed=describe_row(row) != describe_row(twin))
