"""Numbers and e-mails to people, asked of Zoho."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connector.models import Connection, ZohoOrganisation
from connector.phones import (
    SHORTEST_SUFFIX,
    Number,
    NumberRules,
    have_equal_numbers,
    read_number,
    split_numbers,
)
from connector.zoho import records
from connector.zoho.client import ZohoClient

MODULES = ("Contacts", "Leads", "Accounts")
"""Of several matches the earlier module wins: a person before a company."""

SINGULAR = {"contact": "Contacts", "lead": "Leads", "account": "Accounts"}
PHONE_FIELDS = {
    "Contacts": ("Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone", "Fax"),
    "Leads": ("Phone", "Mobile", "Fax"),
    "Accounts": ("Phone", "Fax"),
}
OTHER_FIELDS = {
    "Contacts": ("First_Name", "Last_Name", "Account_Name", "Title", "Department", "Email"),
    "Leads": ("First_Name", "Last_Name", "Company", "Designation", "Email"),
    "Accounts": ("Account_Name",),
}
SEARCHED_DIGITS = 8
"""Zoho's phone search behaves like "contains": the last 8 digits find national and
international spellings alike; the comparison is made here."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person or company of Zoho. `phones` maps API names of phone fields to what they hold."""

    module: str
    zoho_id: str
    first_name: str
    last_name: str
    company: str
    title: str
    department: str
    email: str
    account_zoho_id: str
    owner_zoho_id: str
    phones: dict[str, str]

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.company


@dataclass(frozen=True, kw_only=True)
class Match:
    """A person who holds a number; `is_exact` is False when only the last digits agree."""

    person: Person
    is_exact: bool


def find_people(
    client: ZohoClient,
    *,
    connection: Connection,
    organisation: ZohoOrganisation,
    number: Number,
) -> list[Match]:
    """Who has this number, best first: exact before suffix, modules in order. Raises ZohoError."""
    digits = number.digits[-SEARCHED_DIGITS:]
    if not number.can_match or len(digits) < SHORTEST_SUFFIX:
        return []
    matches = []
    for module in MODULES:
        fields = list_fields(organisation, module=module)
        rows = records.search(client, module=module, phone=digits, fields=fields)
        people = [describe_person(row, module=module, organisation=organisation) for row in rows]
        matches += [m for p in people if (m := match_person(p, number, connection=connection))]
    return sorted(matches, key=lambda match: not match.is_exact)


def find_by_email(client: ZohoClient, *, organisation: ZohoOrganisation, email: str) -> list[Match]:
    """Who has this e-mail address, modules in order. Raises ZohoError."""
    matches = []
    for module in ("Contacts", "Leads"):
        fields = list_fields(organisation, module=module)
        rows = records.search(client, module=module, email=email, fields=fields)
        people = [describe_person(row, module=module, organisation=organisation) for row in rows]
        # Zoho's search finds partial addresses too.
        same = [person for person in people if person.email.casefold() == email.casefold()]
        matches += [Match(person=person, is_exact=True) for person in same]
    return matches


def match_person(person: Person, number: Number, *, connection: Connection) -> Match | None:
    """Compare every number of the person's phone fields with the wanted one."""
    rules = connection.number_rules
    if has_number(person, number, rules=rules):
        return Match(person=person, is_exact=True)
    by_suffix = connection.matching_strategy == Connection.Strategy.LAST_DIGITS
    if by_suffix and has_number(
        person, number, rules=rules, last_digits=connection.matching_digits
    ):
        return Match(person=person, is_exact=False)
    return None


def has_number(person: Person, number: Number, *, rules: NumberRules, last_digits: int = 0) -> bool:
    return any(
        have_equal_numbers(read_number(part, rules), number, last_digits=last_digits)
        for text in person.phones.values()
        for part in split_numbers(text)
    )


def read_person(
    client: ZohoClient, *, organisation: ZohoOrganisation, module: str, zoho_id: str
) -> Person | None:
    """One record by its id; None when the organisation has none such. Raises ZohoError."""
    fields = list_fields(organisation, module=module)
    row = records.read_record(client, module=module, zoho_id=zoho_id, fields=fields)
    return describe_person(row, module=module, organisation=organisation) if row else None


def find_newest_open_deal(client: ZohoClient, *, contact_id: str) -> str:
    """The id of the contact's newest deal that is not closed, or "". Raises ZohoError."""
    rows = records.query(
        client,
        "select id, Stage from Deals "  # noqa: S608
        f"where Contact_Name = {records.quote_coql(contact_id)} "
        "order by Created_Time desc limit 50",
    )
    still_open = (row for row in rows if "closed" not in str(row.get("Stage", "")).lower())
    return str(next(still_open, {}).get("id", ""))


def name_module(text: str) -> str:
    """Zoho's module from what the PBX returns as entity type; "" when it is none we know."""
    wanted = text.strip().lower()
    known = {module.lower(): module for module in MODULES} | SINGULAR
    return known.get(wanted, "")


def list_fields(organisation: ZohoOrganisation, *, module: str) -> list[str]:
    fields = [*OTHER_FIELDS[module], *list_phone_fields(organisation, module=module), "Owner"]
    known = organisation.fields.get(module)
    return [name for name in fields if not known or name in known]


def list_phone_fields(organisation: ZohoOrganisation, *, module: str) -> Iterable[str]:
    """Zoho's own phone fields and the organisation's custom ones."""
    custom = [
        name
        for name, facts in organisation.fields.get(module, {}).items()
        if facts.get("type") == "phone" and name not in PHONE_FIELDS[module]
    ]
    return [*PHONE_FIELDS[module], *custom]


def describe_person(row: dict[str, Any], *, module: str, organisation: ZohoOrganisation) -> Person:
    is_company = module == "Accounts"
    account = row.get("Account_Name")
    linked = account if isinstance(account, dict) else {}
    company = linked.get("name") or row.get("Company") or (account if is_company else "")
    phones = {name: row.get(name) for name in list_phone_fields(organisation, module=module)}
    return Person(
        module=module,
        zoho_id=str(row["id"]),
        first_name=row.get("First_Name") or "",
        last_name=row.get("Last_Name") or "",
        company=str(company or ""),
        title=row.get("Title") or row.get("Designation") or "",
        department=row.get("Department") or "",
        email=row.get("Email") or "",
        account_zoho_id=str(linked.get("id") or ""),
        owner_zoho_id=str((row.get("Owner") or {}).get("id") or ""),
        phones={name: str(value) for name, value in phones.items() if value},
    )
