"""A person or company, and what a record of Zoho says about them. Needs no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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
    phones: dict[str, str]
    emails: dict[str, str] = field(default_factory=dict)
    account_zoho_id: str = ""
    owner_zoho_id: str = ""
    converted_to: str = ""
    modified_at: datetime | None = None
    active_at: datetime | None = None

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.company


def describe_record(
    row: Mapping[str, Any], *, module: str, phones: Iterable[str], emails: Iterable[str]
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


def read_texts(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
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
