"""Which fields of Zoho's modules are read, and the people that they describe."""

from collections.abc import Mapping
from typing import Any

from connector.models import MirroredPerson, ZohoOrganisation
from connector.people.keeping_out import list_conditions
from connector.people.person import Person, describe_record

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
    phones = list_phone_fields(organisation, module=module)
    emails = list_typed_fields(organisation, module=module, kind="email")
    return describe_record(row, module=module, phones=phones, emails=emails)


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
