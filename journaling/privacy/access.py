"""Everything that the portal holds about a person, as JSON or as a table."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from connector.models import MirroredPerson
from connector.wording import Wording
from journaling.models import Entry, Event
from journaling.privacy.holdings import Holdings
from journaling.privacy.scrubbing import find_mentions
from journaling.privacy.subject import Subject
from journaling.telling.csv_cells import defuse

ENTRY_FIELDS = (
    "reference", "kind", "state", "reason", "call_type", "number", "person", "extension", "queue",
    "started_at", "ended_at", "created_at", "delivered_at", "module", "zoho_id", "card_module",
    "card_zoho_id", "record", "words", "trace",
)  # fmt: skip
PERSON_FIELDS = (
    "module", "zoho_id", "first_name", "last_name", "company", "title", "department", "emails",
    "phones", "modified_at",
)  # fmt: skip
HEAD = (
    "connection", "what", "moment", "kind", "number", "person", "extension", "zoho_id", "text",
)  # fmt: skip


def describe_person(subjects: Sequence[Subject], *, asked: str) -> dict[str, Any]:
    """{"asked", "at", "connections": {slug: {"known_by", "calls_and_chats", "reports",
    "directory", "dialled", "created", "mentions"}}}; moments are ISO 8601, UTC."""
    return {
        "asked": asked,
        "at": timezone.now().isoformat(timespec="seconds"),
        "connections": {one.connection.slug: describe_subject(one) for one in subjects},
    }


def describe_subject(subject: Subject) -> dict[str, Any]:
    holdings = Holdings(subject=subject)
    return {
        "known_by": sorted(subject.keys | subject.addresses),
        "calls_and_chats": [
            pick(entry, ENTRY_FIELDS) for entry in holdings.entries.order_by("created_at")
        ],
        "reports": [
            describe_report(event)
            for event in holdings.events.order_by("received_at").prefetch_related("versions")
        ],
        "directory": [pick(person, PERSON_FIELDS) for person in holdings.people],
        "dialled": list(holdings.clicks.values("extension", "number_key", "module", "zoho_id")),
        "created": list(holdings.created.values("number_key", "module", "zoho_id")),
        "mentions": {one.place: one.rows for one in find_mentions(subject)},
    }


def pick(row: Entry | MirroredPerson, names: Sequence[str]) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    return {name: write(value) for name, value in found.items() if value not in ("", None)}


def write(value: Any) -> Any:
    if isinstance(value, Wording):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def describe_report(event: Event) -> dict[str, Any]:
    bodies = [event.body, *(version.body for version in event.versions.all())]
    return {
        "id": str(event.pk),
        "kind": event.kind,
        "received_at": event.received_at.isoformat(),
        "number": event.number,
        "extension": event.extension,
        "bodies": [bytes(body).decode(errors="replace") for body in bodies if bytes(body)],
    }


def write_table(described: dict[str, Any]) -> str:
    """The same as CSV: a line for each call, report, record of the directory and click."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for slug, held in described["connections"].items():
        for line in list_lines(held):
            writer.writerow([slug, *(defuse(str(cell)) for cell in line)])
    return out.getvalue()


def list_lines(held: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    for row in held["calls_and_chats"]:
        text = (row.get("record") or {}).get("Description", "")
        moment = row.get("started_at") or row["created_at"]
        yield (
            "call or chat", moment, row.get("call_type", row["kind"]), row.get("number", ""),
            row.get("person", ""), row.get("extension", ""), row.get("zoho_id", ""), text,
        )  # fmt: skip
    for row in held["reports"]:
        yield ("report", row["received_at"], row["kind"], row["number"], "", row["extension"], "",
               "\n".join(row["bodies"]))  # fmt: skip
    for row in held["directory"]:
        name = f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
        phones = ", ".join(row.get("phones", {}).values())
        emails = ", ".join(row.get("emails", {}).values())
        yield ("directory", row.get("modified_at", ""), row["module"], phones, name, "",
               row["zoho_id"], emails)  # fmt: skip
    for row in held["dialled"]:
        yield ("dialled", "", row["module"], row["number_key"], "", row["extension"],
               row["zoho_id"], "")  # fmt: skip
    for row in held["created"]:
        yield ("created", "", row["module"], row["number_key"], "", "", row["zoho_id"], "")
