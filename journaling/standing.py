"""Where a record stands in Zoho: on whose card, and whose it is."""

from dataclasses import dataclass
from typing import Any

from journaling.models import Entry, JournalSettings


@dataclass(frozen=True, kw_only=True)
class Card:
    """A person or company found in Zoho; `module` is Contacts, Leads or Accounts."""

    module: str
    zoho_id: str
    name: str
    account_zoho_id: str = ""
    deal_zoho_id: str = ""
    owner_zoho_id: str = ""


def find_stored_card(entry: Entry) -> Card | None:
    if not entry.card_zoho_id:
        return None
    return Card(module=entry.card_module, zoho_id=entry.card_zoho_id, name=entry.person)


def link_card(card: Card | None, *, contact_parent: str) -> dict[str, Any]:
    """Who_Id takes contacts only; everything else is a What_Id with its module beside it."""
    if card is None:
        return {}
    if card.module != "Contacts":
        return _link_parent(card.module, card.zoho_id)
    links = {"Who_Id": {"id": card.zoho_id}}
    if contact_parent == JournalSettings.ContactParent.ACCOUNT:
        return links | _link_parent("Accounts", card.account_zoho_id)
    if contact_parent == JournalSettings.ContactParent.NEWEST_OPEN_DEAL:
        return links | _link_parent("Deals", card.deal_zoho_id)
    return links


def _link_parent(module: str, zoho_id: str) -> dict[str, Any]:
    return {"What_Id": {"id": zoho_id}, "$se_module": module} if zoho_id else {}
