"""What Zoho said about one record decides where its entry goes."""

import logging
import uuid

from connector.models import Connection
from connector.wording import Wording as _
from connector.zoho.errors import Rejected
from connector.zoho.records import Verdict
from journaling import entries
from journaling.correcting.chosen import find_chosen
from journaling.fields.dropped import Fields, may_drop
from journaling.guards import find_guards
from journaling.models import Entry
from journaling.trace import note

log = logging.getLogger(__name__)


def apply_verdict(
    connection: Connection, token: uuid.UUID, entry: Entry, verdict: Verdict, *, among: int
) -> bool:
    """Decide about one entry; True when Zoho has the record (marked with all others at once)."""
    if verdict.outcome == "delivered" or is_our_duplicate(entry, verdict):
        entry.zoho_id, entry.zoho_modified_at = verdict.zoho_id, verdict.modified_at
        code = "delivered" if verdict.outcome == "delivered" else "found_delivered"
        note(entry, code, zoho_id=verdict.zoho_id, among=among)
        return True
    if verdict.outcome == "temporary":
        note(entry, "later", words=verdict.words)
        entries.try_later(token, entry, reason=verdict.code, words=verdict.words)
    elif verdict.field == "Owner" and entry.owner_zoho_id and not find_chosen(entry):
        note(entry, "owner_refused", zoho_id=entry.owner_zoho_id, words=verdict.words)
        entries.choose_owner_again(token, entry, words=verdict.words)
    elif may_drop(entry, verdict, known=list_known(connection, entry)):
        note(entry, "field_dropped", field=verdict.field, words=verdict.words)
        entries.send_without(token, entry, field=verdict.field, words=verdict.words)
    else:
        park(token, entry, verdict)
    return False


def park(token: uuid.UUID, entry: Entry, refusal: Verdict | Rejected) -> None:
    """What Zoho, or the portal itself, will not take as it is."""
    words, field = refusal.words, refusal.field
    reason = refusal.code or "rejected"
    note(entry, "parked", reason=reason, words=words, field=field)
    entries.park(token, entry, reason=reason, words=words, field=field)


def park_failed(token: uuid.UUID, entry: Entry, error: Exception) -> None:
    """An error of the portal's own stops no neighbour: the entry waits for a person. To be called
    while the error is being handled."""
    log.exception("entry %s cannot be composed", entry.pk)
    told = f"{type(error).__name__}: {error}"
    words = _("The portal could not compose it: %(error)s", error=told)
    park(token, entry, Rejected(words, code="internal_error"))


def list_known(connection: Connection, entry: Entry) -> Fields:
    known: Fields = connection.grant.organisation.fields.get(entry.module, {})
    return known


def is_our_duplicate(entry: Entry, verdict: Verdict) -> bool:
    """A duplicate of our own reference means that an earlier try reached Zoho after all.

    A person whose unique number or e-mail Zoho has already is the person meant.
    """
    if verdict.outcome != "duplicate" or not verdict.zoho_id:
        return False
    return entry.kind == Entry.Kind.PERSON or verdict.field in find_guards(entry)
