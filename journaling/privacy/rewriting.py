"""Blacking the person out of what the portal wrote to Zoho about others."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from connector.granting.grants import open_client
from connector.zoho import records
from connector.zoho.errors import Rejected
from journaling.correcting.untouched import MOMENTS, choose_moment
from journaling.models import Entry
from journaling.privacy.scrubbing import clean_value
from journaling.privacy.subject import Subject

TEXTS = {"Calls": "Description", "Tasks": "Description", "Notes": "Note_Content"}
"""What the portal may change in a record that stands in Zoho; files cannot be changed."""


def list_standing(rows: Iterable[Model], *, subject: Subject) -> list[Entry]:
    """Those whose record in Zoho names the person, or may: the portal forgot its words."""
    return [
        row
        for row in rows
        if isinstance(row, Entry)
        and row.state == Entry.State.DELIVERED
        and row.zoho_id
        and (row.record is None or clean_value(row.record, subject=subject) != row.record)
    ]


def list_doubtful(rows: Iterable[Model]) -> list[str]:
    """References of what may come to stand in Zoho as it was."""
    under_way = (Entry.State.SENDING, Entry.State.UNKNOWN)
    return [
        row.reference
        for row in rows
        if isinstance(row, Entry) and (row.state in under_way or row.reason in Entry.DOUBTFUL)
    ]


def rewrite_record(entry: Entry, *, subject: Subject) -> None:
    """Its texts as they stand now, without the organisation's automations; may be repeated.

    Raises ZohoError when the record still names the person.
    """
    client = open_client(subject.connection)
    current = records.read_record(
        client,
        module=entry.module,
        zoho_id=entry.zoho_id,
        fields=[*list_fields(entry, subject=subject), *MOMENTS],
    )
    changes = find_changes(current or {}, entry=entry, subject=subject)
    if not (current and changes):
        return
    record = {"id": entry.zoho_id, **changes}
    verdict = records.update(client, module=entry.module, records=[record], trigger=[])[0]
    if verdict.outcome != "delivered":
        raise Rejected(verdict.words, code=verdict.code)
    moment = choose_moment(entry, current, written_at=verdict.modified_at)
    Entry.objects.filter(pk=entry.pk).update(zoho_modified_at=moment)


def list_fields(entry: Entry, *, subject: Subject) -> list[str]:
    """The text, and what else of ours named the person."""
    sent = entry.record or {}
    named = {
        name
        for name, value in sent.items()
        if isinstance(value, str) and subject.pattern.search(value)
    }
    return sorted({*named, TEXTS[entry.module]})


def find_changes(current: dict[str, Any], *, entry: Entry, subject: Subject) -> dict[str, Any]:
    standing = {name: current.get(name) for name in list_fields(entry, subject=subject)}
    clean = {name: clean_value(value, subject=subject) for name, value in standing.items()}
    return {name: value for name, value in clean.items() if value != standing[name]}
