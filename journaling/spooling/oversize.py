"""A report too large to store is an alarm: the one kind of authentic report that is refused."""

import logging

from connector.models import Connection
from journaling.models import Entry
from journaling.trace import note

log = logging.getLogger(__name__)


def note_oversize(*, connection: Connection, kind: str) -> None:
    """Put the refusal where people look: among what needs a decision."""
    log.error("%s: a report of a %s above 10 MiB was refused", connection.slug, kind)
    entry = Entry(
        connection_id=connection.pk,
        kind=Entry.Kind.REPORT,
        state=Entry.State.PARKED,
        reason="report_too_large",
    )
    note(entry, "parked", reason=entry.reason)
    entry.save(force_insert=True)
