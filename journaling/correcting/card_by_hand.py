"""A call in Zoho is put on another person: in place, it keeps its id."""

from typing import Any

from django.utils.translation import gettext as _

from connector import directory
from connector.granting.grants import open_client
from connector.zoho import records
from connector.zoho.errors import Rejected
from journaling.cards import CardFinder
from journaling.correcting.untouched import MOMENTS, choose_moment
from journaling.entries.amending import relink
from journaling.models import Entry
from journaling.standing import link_card

EMPTY: dict[str, Any] = {"Who_Id": None, "What_Id": None}


def put_on(entry: Entry, *, module: str, zoho_id: str, by: str) -> str:
    """Update the record's card in Zoho, then here; the person's name. Raises ZohoError."""
    connection = entry.connection
    client = open_client(connection)
    person = directory.read_person(client, connection=connection, module=module, zoho_id=zoho_id)
    if person is None:
        raise Rejected(_("This organisation has no such record."), code="no_person")
    finder = CardFinder(client, connection=connection, organisation=connection.grant.organisation)
    card = finder.make_card(person)
    links = {**EMPTY, **link_card(card, contact_parent=connection.journal.contact_parent)}
    before = records.read_record(client, module=entry.module, zoho_id=entry.zoho_id, fields=MOMENTS)
    [verdict] = records.update(
        client, module=entry.module, records=[{"id": entry.zoho_id, **links}], trigger=[]
    )
    if verdict.outcome != "delivered":
        raise Rejected(verdict.words, code=verdict.code, field=verdict.field)
    relink(
        entry,
        links=links,
        by=by,
        person=card.name[:200],
        card_module=card.module,
        card_zoho_id=card.zoho_id,
        zoho_modified_at=choose_moment(entry, before or {}, written_at=verdict.modified_at),
    )
    return card.name
