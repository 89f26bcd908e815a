"""A connection as the file sees it: one value per key, and the rows of its lists."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model

from connector.models import Agent, Connection, DialSettings, Queue, Secret
from journaling.connection_file.schema import KEYS, ROW_KEYS, Key
from journaling.models import JournalSettings

RowState = dict[str, Any]
Settings = tuple[Connection, JournalSettings, DialSettings]
NO_ZOHO_USER = "none"


@dataclass(frozen=True)
class State:
    """`values` by path (`calls.subject`); `rows` by kind and identity ("101 ann@acme.example")."""

    values: dict[str, Any]
    rows: dict[str, dict[str, RowState]] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One difference, ready to be printed."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}: {self.words}"


def describe_state(settings: Settings, rows: Iterable[Agent | Queue]) -> State:
    values = {key.path: read_column(choose(key, settings), key.column) for key in KEYS}
    described: dict[str, dict[str, RowState]] = {kind: {} for kind in ROW_KEYS}
    for row in rows:
        described[name_kind(row)][name_row(row)] = describe_row(row)
    return State(values, described)


def read_column(row: Model, column: str) -> Any:
    """As YAML and JSON can write it."""
    value = getattr(row, column)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def choose(key: Key, settings: Settings) -> Model:
    """The model instance that holds a key."""
    return next(row for row in settings if isinstance(row, key.model))


def name_kind(row: Agent | Queue) -> str:
    return "agents" if isinstance(row, Agent) else "queues"


def name_row(row: Agent | Queue) -> str:
    """What identifies a row within its list."""
    return f"{row.extension} {row.email}".strip() if isinstance(row, Agent) else row.extension


def describe_row(row: Agent | Queue) -> RowState:
    state = {key.name: getattr(row, key.column) for key in ROW_KEYS[name_kind(row)]}
    if isinstance(row, Agent) and row.has_no_zoho_user:
        state["zoho_user"] = NO_ZOHO_USER
    return state


def list_changes(before: State, after: State) -> list[Change]:
    """What differs, in the order of the file; secrets are said to have changed, nothing else."""
    changes = []
    for path, new in after.values.items():
        old = before.values[path]
        if isinstance(new, Secret):
            if new.ciphertext != old.ciphertext:
                changes.append(Change(path, "changed"))
        elif old != new:
            changes.append(Change(path, f"{write(old)} -> {write(new)}"))
    for kind in ROW_KEYS:
        changes += list_row_changes(kind, before.rows.get(kind, {}), after.rows.get(kind, {}))
    return changes


def list_row_changes(
    kind: str, before: dict[str, RowState], after: dict[str, RowState]
) -> list[Change]:
    removed = [Change(f"{kind} {name}", "removed") for name in before if name not in after]
    changes = []
    for name, new in after.items():
        if name not in before:
            facts = {key: value for key, value in new.items() if value != ""}
            changes.append(Change(f"{kind} {name}", f"added {write(facts)}"))
            continue
        for key, value in new.items():
            old = before[name][key]
            if old != value:
                changes.append(Change(f"{kind} {name} {key}", f"{write(old)} -> {write(value)}"))
    return removed + changes


def write(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
