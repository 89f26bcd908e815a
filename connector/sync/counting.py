"""How many records a fill will read, so that somebody who waits sees how long."""

import logging

from connector.sync.work import Work
from connector.zoho.errors import ZohoError
from connector.zoho.pages import count_records

log = logging.getLogger(__name__)

ASKED_AFTER = 5
"""Pages. Counting costs as much as 50 of them: a small module is read before it is counted."""


def note_expected(work: Work) -> None:
    """Once for a module that was never filled; one that was is about as large as before."""
    mirror = work.mirror
    if mirror.expected is not None or mirror.pages != ASKED_AFTER:
        return
    try:
        work.lease.write(expected=count_records(work.client, module=work.module))
    except ZohoError as error:
        log.info("the records of %s were not counted: %s", mirror, error)
