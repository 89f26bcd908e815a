"""Step 1: store what the PBX reports, once, before anything else happens."""

import hashlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.db import Error as DatabaseTrouble
from django.db import connection as database
from django.utils import timezone

from connector.database_limit import drop_connection, is_away, limit_database, note_away
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
from connector.wording import Wording as _
from connector.wording import Words
from journaling.door import fill_reduced, pass_door
from journaling.models import Event, EventVersion
from journaling.spooling.spool import SpooledReport, own_spool

log = logging.getLogger(__name__)

Reader = Callable[..., CallReport | ChatReport]
FURTHER = "further_versions"
"""Where whoever reads many events at once has put the versions of each."""
READERS: dict[str, Reader] = {Event.Kind.CALL: read_call, Event.Kind.CHAT: read_chat}


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The portal's answer to a report: its own id, and whether it was known already."""

    event_id: uuid.UUID
    is_repeat: bool


class ConnectionGone(Exception):
    """The connection was deleted a moment ago: its key opens nothing any more."""


def store_report(
    *, connection: Connection, kind: str, body: bytes, template_version: str = ""
) -> Receipt:
    """Store an authentic report with one INSERT. Repeats are decided by the unique constraint.

    Nothing is refused: a body that cannot be read is stored too, with the reason. Without a commit
    within a second the report goes to this process's spool. Raises OSError when the disk refuses
    too, and ConnectionGone.
    """
    event = describe_event(
        connection=connection,
        kind=kind,
        body=body,
        template_version=template_version,
        received_at=timezone.now(),
    )
    if not is_away():
        try:
            receipt = insert_in_time(event)
        except DatabaseTrouble as error:
            log.warning("the database does not store reports: %s", error)
            note_away()
        else:
            log.info("stored %s %s from %s", kind, receipt.event_id, mask_number(event.number))
            return receipt
    own_spool.append(spooled(event))
    log.info("spooled %s %s from %s", kind, event.id, mask_number(event.number))
    return Receipt(event_id=event.id, is_repeat=False)


def spooled(event: Event) -> SpooledReport:
    return SpooledReport(
        event_id=event.id,
        connection_id=event.connection_id,
        kind=event.kind,
        body=bytes(event.body),
        template_version=event.template_version,
        received_at=event.received_at,
        is_reduced=bool(event.excluded_by),
    )


def insert_in_time(event: Event) -> Receipt:
    """Within a second, or the database's error. A dead connection is dropped and tried again."""
    with limit_database() as limit:
        # One round trip: a dead connection shows itself by failing.
        limit.database.health_check_done = True
        try:
            return insert(event)
        except (OperationalError, InterfaceError):
            if limit.is_over or database.in_atomic_block:
                raise
            drop_connection()
            return insert(event)


def insert(event: Event) -> Receipt:
    try:
        event.save(force_insert=True)
    except IntegrityError:
        return store_repeat(event)
    except DataError as error:
        # A column takes less than we think: the bytes are what counts.
        log.exception("report %s is stored as unreadable", event.id)
        mark_unreadable(
            event, reason=_("The database does not take it: %(error)s", error=str(error))
        )
        event.save(force_insert=True)
    return Receipt(event_id=event.id, is_repeat=False)


def store_repeat(event: Event) -> Receipt:
    """The same facts came before. Other bytes are kept: they may bring what was still missing."""
    known = Event.objects.filter(connection_id=event.connection_id, identity=event.identity).first()
    if known is None:
        raise ConnectionGone
    if known.pk == event.pk:  # our own first try got through after all
        return Receipt(event_id=known.id, is_repeat=False)
    is_open = known.body_deleted_at is None and not event.excluded_by
    if is_open and bytes(known.body) != event.body:
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
    return Receipt(event_id=known.id, is_repeat=True)


def describe_event(
    *,
    connection: Connection,
    kind: str,
    body: bytes,
    template_version: str,
    received_at: datetime,
    is_reduced: bool = False,
) -> Event:
    """An event that is not stored yet, without what may not come in (`is_reduced`: the door has
    done so before). Never raises: what cannot be read says so."""
    event = Event(
        connection_id=connection.pk,
        kind=kind,
        body=body,
        template_version=template_version[:10],
        received_at=received_at,
    )
    if is_reduced:
        fill_reduced(event)
        return event
    try:
        report = READERS[kind](body, received_at=received_at)
        inside = pass_door(event, report, connection=connection)
        columns = list_columns(report, connection=connection) if inside else {}
    except UnreadableReport as error:
        mark_unreadable(event, reason=error.reason)
    except Exception as error:
        log.exception("a report cannot be read")
        mark_unreadable(
            event, reason=_("The portal cannot read it: %(error)s", error=type(error).__name__)
        )
    else:
        for name, value in columns.items():
            setattr(event, name, value)
    return event


def mark_unreadable(event: Event, *, reason: Words) -> None:
    """Keep the bytes and the reason; the facts beside them are left empty."""
    event.identity = identify_unreadable(bytes(event.body), kind=event.kind)
    event.unreadable_reason = reason
    for name in ("call_type", "number", "number_key", "extension", "queue"):
        setattr(event, name, "")
    event.started_at = event.ended_at = None


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
    versions = getattr(event, FURTHER, None)
    versions = event.versions.all() if versions is None else versions
    bodies = [bytes(version.body) for version in versions]
    return [read_event(event), *(read_event(event, body=body) for body in bodies)]
