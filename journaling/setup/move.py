"""A connection moves to another Zoho organisation, after an administrator said yes."""

from django.db import transaction

from connector.granting.consent import accept_move
from connector.models import Connection
from connector.wording import Wording as _
from journaling import entries
from journaling.settle import settle_connection

REASON = "organisation_moved"
WORDS = _(
    "The connection was moved to another Zoho organisation while this waited. "
    "“Try again” writes it there."
)


def confirm_move(connection: Connection) -> int:
    """Take the proposed grant into use; what waits is parked. Returns how many were parked."""
    # Reports of the last seconds get their entries first, so that they are parked too.
    settle_connection(connection.pk)
    with transaction.atomic():
        parked = entries.park_open(connection_id=connection.pk, reason=REASON, words=WORDS)
        accept_move(connection)
    return parked
