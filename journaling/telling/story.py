"""The story of a call in plain words, from the decisions that its Entry's trace holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from connector.labels import find_organisation, name_field, name_module
from connector.models import ZohoOrganisation
from connector.moments import show_moment
from connector.people.person import read_moment
from connector.wording import Words, is_quoted, unpack
from journaling.models import Entry
from journaling.sentences import SENTENCES, VALUES
from journaling.telling.amounts import write_amounts
from journaling.telling.reasons import describe_reason


@dataclass(frozen=True, kw_only=True)
class Line:
    """One sentence; `at` is empty when the trace does not say when."""

    at: datetime | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The names of an organisation for what a record of `module` tells about; moments in `zone`."""

    organisation: ZohoOrganisation | None = None
    module: str = ""
    zone: str = "UTC"

    def name_field(self, field: str) -> str:
        return name_field(self.organisation, module=self.module, field=field)

    def name_module(self, module: str) -> str:
        return name_module(self.organisation, module)


def tell(entry: Entry) -> list[Line]:
    """The trace of an entry as sentences, oldest first. Unknown codes are shown as they are."""
    connection = entry.connection if entry.connection_id else None
    labels = Labels(
        organisation=find_organisation(connection),
        module=entry.module,
        zone=connection.time_zone if connection else "UTC",
    )
    return [
        Line(at=read_moment(row.get("at")), text=say(row, labels=labels))
        for row in entry.trace
        if isinstance(row, dict) and not goes_without_saying(row)
    ]


def goes_without_saying(row: Mapping[str, Any]) -> bool:
    """A number that was sent in full is read as what it is."""
    return row.get("code") == "number_read" and row.get("number") == row.get("key")


def say(row: Mapping[str, Any], *, labels: Labels = Labels()) -> str:
    facts = {
        name: show(value, name=name, labels=labels) for name, value in row.items() if is_told(value)
    }
    facts |= write_amounts(row)
    if "words" in facts and is_quoted(unpack(row["words"])):
        facts["quote"] = facts["words"]
        if row.get("code") == "parked" and facts.get("field", "") in facts["quote"]:
            facts.pop("field", None)  # named there
    for sentence in SENTENCES.get(str(row.get("code")), ()):
        try:
            return " ".join((str(sentence) % facts).split())
        except KeyError:
            continue
    return list_plainly(row, labels=labels)


def is_told(value: Any) -> bool:
    return value is not None and value != "" and value != []


def show(value: Any, *, name: str, labels: Labels) -> str:
    value = unpack(value)
    if isinstance(value, Mapping):
        return show_person(value, labels=labels)
    if name == "words":
        return show_words(value)
    if isinstance(value, list | tuple):
        return ", ".join(show(item, name=name, labels=labels) for item in value)
    if name == "field":
        return labels.name_field(str(value))
    if name == "module":
        return labels.name_module(str(value))
    if name == "reason":
        return describe_reason(str(value))
    if name == "until" and (moment := read_moment(value)):
        return show_moment(moment, zone=labels.zone)
    return str(VALUES.get(str(value), value))


def show_words(words: Words) -> str:
    """Zoho's own in quotation marks."""
    return gettext("“%(words)s”") % {"words": words} if is_quoted(words) else str(words)


def show_person(person: Mapping[str, Any], *, labels: Labels) -> str:
    name = person.get("name") or person.get("zoho_id")
    module = labels.name_module(str(person.get("module", "")))
    if person.get("exact", True):
        return f"{name} ({module})"
    return gettext("%(name)s (%(module)s, by the last digits)") % {"name": name, "module": module}


def list_plainly(row: Mapping[str, Any], *, labels: Labels) -> str:
    facts = [
        f"{name} {show(value, name=name, labels=labels)}"
        for name, value in row.items()
        if name not in ("at", "code", "event") and is_told(value)
    ]
    title = str(row.get("code") or gettext("Noted")).replace("_", " ").capitalize()
    return f"{title}: {', '.join(facts)}." if facts else f"{title}."
