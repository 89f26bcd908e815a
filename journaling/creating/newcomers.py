"""From what somebody typed about a caller to the record of a new contact or lead. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.models import Connection
from connector.phones import Number
from journaling.models import JournalSettings
from journaling.texts.rendering import render_text

LIMITS = {"First_Name": 40, "Last_Name": 80, "Company": 100, "Email": 100, "Account_Name": 200}
PHONE_COLUMNS = {"Contacts": ("Phone", "Mobile"), "Leads": ("Phone", "Mobile")}
"""By which somebody is looked for before they are created."""
KEPT = {"id", "First_Name", "Last_Name", "Phone", "Owner"}
"""What makes the record this person: further fields never change it."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who is to be created; all but the number may be empty."""

    number: Number
    first: str = ""
    last: str = ""
    company: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.first, self.last))) or self.company or self.number.key


def name_module(connection: Connection) -> str:
    return "Leads" if connection.create_as == Connection.CreateAs.LEAD else "Contacts"


def build_person(
    wish: Wish, *, connection: Connection, settings: JournalSettings, owner_zoho_id: str
) -> dict[str, Any]:
    """As Zoho takes it, without the account. Zoho demands a last name, and of a lead a company."""
    is_lead = name_module(connection) == "Leads"
    last = wish.last or wish.first or wish.company or wish.number.key
    record: dict[str, Any] = {
        "First_Name": wish.first if wish.last else "",
        "Last_Name": last,
        "Phone": wish.number.key,
        "Email": wish.email,
    }
    if is_lead:
        record["Company"] = wish.company or wish.name
    if owner_zoho_id:
        record["Owner"] = {"id": owner_zoho_id}
    further = settings.fields_lead if is_lead else settings.fields_contact
    record |= fill_further(further, wish)
    return {name: fit(name, value) for name, value in record.items() if value not in ("", None)}


def fill_further(wanted: Mapping[str, object], wish: Wish) -> dict[str, object]:
    """The administrator's further fields; of the variables only number and name are known yet."""
    values = {"Number": wish.number.key, "Name": wish.name}
    return {
        name: render_text(text, values).strip() if isinstance(text, str) else text
        for name, text in wanted.items()
        if name not in KEPT
    }


def fit(name: str, value: Any) -> Any:
    return value[: LIMITS.get(name, 255)] if isinstance(value, str) else value
