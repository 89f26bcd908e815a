"""Connections as a file that `connections apply` takes; secrets become `{env: NAME}`."""

import math
from collections.abc import Iterable
from typing import Any

import yaml

from connector.models import Agent, Connection, Queue
from journaling.connection_file.drafts import find_settings, list_rows
from journaling.connection_file.schema import ROW_KEYS, SECRET_PATHS
from journaling.connection_file.secret_sources import name_variable
from journaling.connection_file.states import State, describe_row, describe_state, name_kind


def export_connections(connections: Iterable[Connection]) -> str:
    """Return the YAML text, every key written out, so that it says the same after an upgrade."""
    described = {connection.slug: describe(connection) for connection in connections}
    return yaml.safe_dump(
        {"connections": described}, sort_keys=False, allow_unicode=True, width=math.inf
    )


def describe(connection: Connection) -> dict[str, Any]:
    state = describe_state(find_settings(connection), [])
    described = nest(state, slug=connection.slug)
    rows: dict[str, list[Agent | Queue]] = {kind: [] for kind in ROW_KEYS}
    for row in list_rows(connection):
        rows[name_kind(row)].append(row)
    fallback_owner = described.pop("fallback_owner")
    for kind in ROW_KEYS:
        described[kind] = [shorten(row) for row in rows[kind]]
    owners = described.pop("owners")
    return {**described, "owners": owners, "fallback_owner": fallback_owner}


def nest(state: State, *, slug: str) -> dict[str, Any]:
    """Turn paths into groups; a secret that is not set is left out."""
    nested: dict[str, Any] = {}
    for path, value in state.values.items():
        section, _dot, name = path.rpartition(".")
        group = nested.setdefault(section, {}) if section else nested
        if path not in SECRET_PATHS:
            group[name] = value
        elif value:
            group[name] = {"env": name_variable(slug, path=path)}
    return nested


def shorten(row: Agent | Queue) -> dict[str, Any]:
    """A row without what is empty, or the default anyway."""
    described = describe_row(row)
    ring_seconds = Queue._meta.get_field("ring_seconds").get_default()
    if described.get("ring_seconds") == ring_seconds:
        del described["ring_seconds"]
    return {key: value for key, value in described.items() if value != ""}
