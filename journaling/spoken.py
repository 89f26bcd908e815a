"""Which people delivered calls were with."""

from collections.abc import Iterable
from datetime import datetime

from connector.models import ZohoOrganisation
from connector.people.spoken import note_spoken
from connector.threecx.reports import CallType
from journaling.models import Entry

SPOKEN = (CallType.INBOUND, CallType.OUTBOUND)


def note_calls(organisation: ZohoOrganisation, delivered: Iterable[Entry]) -> None:
    """Of these calls the last one with each person."""
    last: dict[tuple[str, str], datetime] = {}
    for entry in delivered:
        if entry.call_type in SPOKEN and entry.card_zoho_id and entry.started_at:
            whom = (entry.card_module, entry.card_zoho_id)
            last[whom] = max(entry.started_at, last.get(whom, entry.started_at))
    note_spoken(organisation, last)
