"""People as Zoho's modules describe them: which fields are read, and what they mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connector.keeping_out import list_conditions
from connector.models import MirroredPerson, ZohoOrganisation

MODULES = ("Contacts", "Leads", "Accounts")
SINGULAR = {"contact": "Contacts", "lead": "Leads", "account": "Accounts"}
PHONE_FIELDS = {
    "Contacts": ("Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone", "Fax"),
    "Leads": ("Phone", "Mobile", "Fax"),
    "Accounts": ("Phone", "Fax"),
}
EMAIL_FIELDS = {
    "Contacts": ("Email", "Secondary_Email"),
    "Leads": ("Email", "Secondary_Email"),
    "Accounts": (),
}
OTHER_FIELDS = {
    "Contacts": ("First_Name", "Last_Name", "Account_Name", "Title", "Department"),
    "Leads": (
        "First_Name",
        "Last_Name",
        "Company",
        "Designation",
        "Converted__s",
        "Converted_Contact",
    ),
    "Accounts": ("Account_Name",),
}
SYSTEM_FIELDS = ("Owner", "Modified_Time", "Last_Activity_Time")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person or company of Zoho. `phones` maps API names of phone fields to what they hold,
    `emails` those of e-mail fields. `converted_to` is the contact that a lead became.
    """

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
    emails: dict[str, str] = field(default_factory=dict)
    converted_to: str = ""
    modified_at: datetime | None = None
    active_at: datetime | None = None

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.company


def name_module(text: str) -> str:
    """Zoho's module from what the PBX returns as entity type; "" when it is none we know."""
    wanted = text.strip().lower()
    known = {module.lower(): module for module in MODULES} | SINGULAR
    return known.get(wanted, "")


def list_fields(organisation: ZohoOrganisation, *, module: str) -> list[str]:
    """The API names to ask for; those that the organisation does not have are left out."""
    fields = [
        *OTHER_FIELDS[module],
        *(condition.field for condition in list_conditions(organisation, module=module)),
        *list_typed_fields(organisation, module=module, kind="email"),
        *list_phone_fields(organisation, module=module),
        *SYSTEM_FIELDS,
    ]
    known = organisation.fields.get(module)
    return [name for name in dict.fromkeys(fields) if not known or name in known]


def list_phone_fields(organisation: ZohoOrganisation, *, module: str) -> list[str]:
    """Zoho's own phone fields and the organisation's custom ones."""
    return list_typed_fields(organisation, module=module, kind="phone")


def list_typed_fields(organisation: ZohoOrganisation, *, module: str, kind: str) -> list[str]:
    own = (PHONE_FIELDS if kind == "phone" else EMAIL_FIELDS)[module]
    facts = organisation.fields.get(module, {})
    return [*own, *(n for n, fact in facts.items() if fact.get("type") == kind and n not in own)]


def describe_person(
    row: Mapping[str, Any], *, module: str, organisation: ZohoOrganisation
) -> Person:
    """A record as Zoho answers it; raises KeyError without an id."""
    [person] = describe_people([row], module=module, organisation=organisation)
    return person


def describe_people(
    rows: Iterable[Mapping[str, Any]], *, module: str, organisation: ZohoOrganisation
) -> list[Person]:
    """Records as Zoho answers them; raises KeyError without an id."""
    phones = list_phone_fields(organisation, module=module)
    emails = list_typed_fields(organisation, module=module, kind="email")
    return [describe(row, module=module, phones=phones, emails=emails) for row in rows]


def describe(
    row: Mapping[str, Any], *, module: str, phones: list[str], emails: list[str]
) -> Person:
    """`phones` and `emails` are API names of fields."""
    is_company = module == "Accounts"
    account = row.get("Account_Name")
    linked = account if isinstance(account, dict) else {}
    company = linked.get("name") or row.get("Company") or (account if is_company else "")
    addresses = read_texts(row, emails)
    return Person(
        module=module,
        zoho_id=str(row["id"]),
        first_name=row.get("First_Name") or "",
        last_name=row.get("Last_Name") or "",
        company=str(company or ""),
        title=row.get("Title") or row.get("Designation") or "",
        department=row.get("Department") or "",
        email=row.get("Email") or next(iter(addresses.values()), ""),
        account_zoho_id=str(linked.get("id") or ""),
        owner_zoho_id=str((row.get("Owner") or {}).get("id") or ""),
        phones=read_texts(row, phones),
        emails=addresses,
        converted_to=read_conversion(row),
        modified_at=read_moment(row.get("Modified_Time")),
        active_at=read_moment(row.get("Last_Activity_Time") or row.get("Modified_Time")),
    )


def read_texts(row: Mapping[str, Any], names: list[str]) -> dict[str, str]:
    return {name: str(row[name]) for name in names if row.get(name)}


def read_conversion(row: Mapping[str, Any]) -> str:
    """The contact's id; "-" for a lead that was converted into something we do not see."""
    if not row.get("Converted__s"):
        return ""
    contact = row.get("Converted_Contact")
    return str((contact if isinstance(contact, dict) else {}).get("id") or "-")


def read_moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def describe_stored(row: MirroredPerson) -> Person:
    """A row of the mirror, as Zoho's record was described."""
    return Person(
        module=row.module,
        zoho_id=row.zoho_id,
        first_name=row.first_name,
        last_name=row.last_name,
        company=row.company,
        title=row.title,
        department=row.department,
        email=row.email,
        account_zoho_id=row.account_zoho_id,
        owner_zoho_id=row.owner_zoho_id,
        phones=row.phones,
        emails=row.emails,
        converted_to=row.converted_to,
        modified_at=row.modified_at,
        active_at=row.active_at,
    )
