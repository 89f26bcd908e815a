"""Step 1: store what the PBX reports, once, before anything else happens."""

import hashlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from connector.models import Connection
from connector.phones import mask_number, read_number
from connector.threecx.payloads import (
    CallReport,
    ChatReport,
    UnreadableReport,
    identify_unreadable,
    read_call,
    read_chat,
)
from journaling.models import Event, EventVersion

log = logging.getLogger(__name__)

Reader = Callable[..., CallReport | ChatReport]
READERS: dict[str, Reader] = {Event.Kind.CALL: read_call, Event.Kind.CHAT: read_chat}


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The portal's answer to a report: its own id, and whether it was known already."""

    event_id: uuid.UUID
    is_repeat: bool


def store_report(
    *, connection: Connection, kind: str, body: bytes, template_version: str = ""
) -> Receipt:
    """Store an authentic report with one INSERT. Repeats are decided by the unique constraint.

    Nothing is refused: a body that cannot be read is stored too, with the reason.
    """
    event = describe_event(
        connection=connection, kind=kind, body=body, template_version=template_version
    )
    try:
        event.save(force_insert=True)
    except IntegrityError:
        return store_repeat(event)
    log.info("stored %s %s from %s", kind, event.id, mask_number(event.number))
    return Receipt(event_id=event.id, is_repeat=False)


def store_repeat(event: Event) -> Receipt:
    """The same facts came before. Other bytes are kept: they may bring what was still missing."""
    known = Event.objects.get(connection_id=event.connection_id, identity=event.identity)
    if bytes(known.body) != event.body:
        EventVersion.objects.bulk_create(
            [
                EventVersion(
                    event=known,
                    digest=hashlib.sha256(event.body).hexdigest(),
                    body=event.body,
                    received_at=event.received_at,
                )
            ],
            ignore_conflicts=True,
        )
    log.info("repeat of %s %s", event.kind, known.id)
    return Receipt(event_id=known.id, is_repeat=True)


def describe_event(
    *, connection: Connection, kind: str, body: bytes, template_version: str
) -> Event:
    received_at = timezone.now()
    event = Event(
        connection_id=connection.pk,
        kind=kind,
        body=body,
        template_version=template_version[:10],
        received_at=received_at,
    )
    try:
        report = READERS[kind](body, received_at=received_at)
    except UnreadableReport as error:
        event.identity = identify_unreadable(body, kind=kind)
        event.unreadable_reason = str(error.reason)
        return event
    for name, value in list_columns(report, connection=connection).items():
        setattr(event, name, value)
    return event


def list_columns(report: CallReport | ChatReport, *, connection: Connection) -> dict[str, Any]:
    """The facts that settling and searching compare, by column of Event."""
    return {
        "identity": report.identity,
        "call_type": report.type if isinstance(report, CallReport) else "",
        "number": report.number[:100],
        "number_key": read_number(report.number, connection.number_rules).key[:40],
        "extension": report.agent[:50],
        "queue": report.queue[:50],
        "started_at": report.started_at,
        "ended_at": report.ended_at,
    }


def read_event(event: Event, *, body: bytes | None = None) -> CallReport | ChatReport:
    """The report of a stored event, or of one of its further versions."""
    raw = bytes(event.body) if body is None else body
    return READERS[event.kind](raw, received_at=event.received_at)


def list_reports(event: Event) -> list[CallReport | ChatReport]:
    """The first report and its further versions, in order of arrival."""
    bodies = [bytes(version.body) for version in event.versions.all()]
    return [read_event(event), *(read_event(event, body=body) for body in bodies)]
