"""Step 1, later: reports that were spooled while the database was away are stored."""

import logging
import time
import uuid

from django.db import InterfaceError, OperationalError

from connector.models import Connection
from journaling.ingest import ConnectionGone, describe_event, insert
from journaling.spooling.spool import SpooledReport, list_files, list_reports, take_file

log = logging.getLogger(__name__)

REST_SECONDS = 600

_failed_at: dict[uuid.UUID, float] = {}
"""What stays in spools although the database answers."""


def sweep_spool() -> int:
    """Store what stands in spools, in order of arrival; returns how many reports. A report that
    was stored already is a repeat. Where one cannot be stored the file stays, and the others are;
    it is tried again, and the log says why again, after REST_SECONDS. Raises the error of a
    database that is away."""
    count = 0
    for path in list_files():
        with take_file(path) as file:
            if file is None:
                continue
            done = [try_to_store(report) for report in list_reports(file)]
            count += sum(done)
            if all(done):
                path.unlink(missing_ok=True)
    if count:
        log.info("stored %s reports from the spool", count)
    return count


def try_to_store(report: SpooledReport) -> bool:
    if rests(report.event_id):
        return False
    try:
        store_spooled(report)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("report %s cannot be stored and stays in the spool", report.event_id)
        _failed_at[report.event_id] = time.time()
        return False
    _failed_at.pop(report.event_id, None)
    return True


def rests(event_id: uuid.UUID) -> bool:
    # A clock that was set back makes the age negative: try then.
    return 0 <= time.time() - _failed_at.get(event_id, 0) < REST_SECONDS


def store_spooled(report: SpooledReport) -> None:
    connection = Connection.objects.filter(pk=report.connection_id).first()
    if connection is None:
        log.error("report %s is dropped: its connection was deleted", report.event_id)
        return
    event = describe_event(
        connection=connection,
        kind=report.kind,
        body=report.body,
        template_version=report.template_version,
        received_at=report.received_at,
        is_reduced=report.is_reduced,
    )
    event.id = report.event_id
    try:
        insert(event)
    except ConnectionGone:
        log.error("report %s is dropped: its connection was deleted", report.event_id)
