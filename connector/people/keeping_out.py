"""Which records of Zoho nobody may find from a phone.

Connections of one organisation share its mirror: what one keeps out, none of them finds.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from connector.models import Connection, ZohoOrganisation
from connector.models.keep_out import Condition, parse_line


def list_conditions(
    organisation: ZohoOrganisation, *, module: str, typed: Connection | None = None
) -> list[Condition]:
    """In the order of their lines, each once. The lines of `typed` count as it has them, saved or
    not."""
    texts = Connection.objects.filter(grant__organisation=organisation).exclude(keep_out=[])
    if typed:
        texts = texts.exclude(pk=typed.pk)
    saved = [line for some in texts.values_list("keep_out", flat=True) for line in some]
    lines = sorted({*saved, *(typed.keep_out if typed else [])})
    return [one for one in map(parse_line, lines) if one.module == module]


def add_fields(fields: Iterable[str], conditions: Iterable[Condition]) -> list[str]:
    """What has to be read of a record to judge it, each once."""
    return list(dict.fromkeys([*fields, *(one.field for one in conditions)]))


def is_kept_out(row: Mapping[str, Any], conditions: Iterable[Condition]) -> bool:
    """Whether any condition holds for a record as Zoho answered it."""
    return find_condition(row, conditions) is not None


def find_condition(row: Mapping[str, Any], conditions: Iterable[Condition]) -> Condition | None:
    """The first one that holds for a record as Zoho answered it."""
    for one in conditions:
        if (fold(one.value) in list_values(row.get(one.field))) == one.is_equal:
            return one
    return None


def list_values(value: Any) -> Collection[str]:
    """What a field holds, folded; several of a multi-select, the id of a lookup, "" of nothing."""
    if isinstance(value, dict):
        value = value.get("id")
    items = value if isinstance(value, list) else [value]
    # COQL gives a multi-select as one text.
    parts = [part for item in items for part in {str(item), *str(item).split(";")}]
    return {fold(part) for part in parts} if value not in (None, "", []) else {""}


def fold(text: str) -> str:
    return text.strip().casefold()
