"""The story of a call in plain words, from the decisions that its Entry's trace holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from journaling.amounts import write_amounts
from journaling.models import Entry
from journaling.reasons import describe_reason
from journaling.sentences import SENTENCES, VALUES


@dataclass(frozen=True, kw_only=True)
class Line:
    """One sentence; `at` is empty when the trace does not say when."""

    at: datetime | None
    text: str


def tell(entry: Entry) -> list[Line]:
    """The trace of an entry as sentences, oldest first. Unknown codes are shown as they are."""
    return [
        Line(at=parse_datetime(str(row.get("at", ""))), text=say(row))
        for row in entry.trace
        if isinstance(row, dict)
    ]


def say(row: Mapping[str, Any]) -> str:
    facts = {name: show(value, name=name) for name, value in row.items() if is_told(value)}
    facts |= write_amounts(row)
    for sentence in SENTENCES.get(str(row.get("code")), ()):
        try:
            return " ".join((str(sentence) % facts).split())
        except KeyError:
            continue
    return list_plainly(row)


def is_told(value: Any) -> bool:
    return value is not None and value != "" and value != []


def show(value: Any, *, name: str) -> str:
    if isinstance(value, Mapping):
        return show_person(value)
    if isinstance(value, list | tuple):
        return ", ".join(show(item, name=name) for item in value)
    if name == "reason":
        return describe_reason(str(value))
    if name == "until" and (moment := parse_datetime(str(value))):
        return f"{moment:%H:%M:%S} UTC"
    return str(VALUES.get(str(value), value))


def show_person(person: Mapping[str, Any]) -> str:
    name, module = person.get("name") or person.get("zoho_id"), person.get("module", "")
    if person.get("exact", True):
        return f"{name} ({module})"
    return gettext("%(name)s (%(module)s, by the last digits)") % {"name": name, "module": module}


def list_plainly(row: Mapping[str, Any]) -> str:
    facts = [
        f"{name} {show(value, name=name)}"
        for name, value in row.items()
        if name not in ("at", "code", "event") and is_told(value)
    ]
    title = str(row.get("code") or gettext("Noted")).replace("_", " ").capitalize()
    return f"{title}: {', '.join(facts)}." if facts else f"{title}."
