"""Optional fields that Zoho does not take: left out, once each, so that the call still arrives."""

from collections.abc import Mapping
from typing import Any

from connector.zoho.records import Verdict
from journaling.drafts import IDENTIFYING, LAYOUT
from journaling.models import Entry

Fields = Mapping[str, Mapping[str, Any]]


def may_drop(entry: Entry, verdict: Verdict, *, known: Fields) -> bool:
    """Whether the record can go without the field that Zoho complains about.

    A mandatory one needs a person; so does one that was left out already. Without a layout Zoho
    takes its own.
    """
    facts = known.get(verdict.field, {} if verdict.field == LAYOUT else None)
    return (
        verdict.outcome == "rejected"
        and facts is not None
        and not facts.get("mandatory")
        and verdict.field not in IDENTIFYING - {LAYOUT}
        and verdict.field in (entry.record or {})
        and verdict.field not in list_dropped(entry)
    )


def list_dropped(entry: Entry) -> list[str]:
    """What was left out since a person last tried the entry again."""
    dropped: list[str] = []
    for row in entry.trace:
        if row["code"] == "released":
            dropped.clear()
        elif row["code"] == "field_dropped":
            dropped.append(row["field"])
    return dropped


def mark_dropped(entry: Entry, fields: Mapping[str, Fields]) -> Mapping[str, Fields]:
    """The organisation's fields, as if those that were left out could not be written."""
    dropped = list_dropped(entry)
    if not dropped:
        return fields
    known = dict(fields.get(entry.module, {}))
    for name in dropped:
        known[name] = {**known.get(name, {}), "read_only": True, "refused": True}
    return {**fields, entry.module: known}
