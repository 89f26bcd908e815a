"""Fills an organisation with fake people, the same ones each time.

A sixth are Accounts, half are Contacts, the rest Leads. Numbers are spelt as people spell them:
E.164, national, with brackets, dashes, slashes and extensions; some are shared by a person and
the person's company, and some leads were converted. `names.KNOWN_PEOPLE` are always among them.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from . import names
from .organisation import Organisation, User
from .shelf import Record

SEEDED_AT = "2026-01-05T09:00:00+00:00"
RANGES = (  # country code, trunk prefix, area code, first digits, how many more digits
    ("44", "0", "1632", "960", 3),
    ("44", "0", "20", "79460", 3),
    ("1", "", "212", "55501", 2),
    ("1", "", "617", "55501", 2),
    ("49", "0", "30", "23125", 3),
    ("49", "0", "69", "90009", 3),
)
WIDE_RANGE = ("44", "0", "1632", "", 6)  # no area of Great Britain has 01632
RUSSIAN_RANGE = ("7", "8", "495", "012", 4)
FEW = 3000  # up to here the small ranges have enough numbers

Spelling = Callable[[str, str, str, str], str]
SPELLINGS: tuple[Spelling, ...] = (
    lambda code, trunk, area, rest: f"+{code}{area}{rest}",
    lambda code, trunk, area, rest: f"+{code} {area} {rest[:3]} {rest[3:]}",
    lambda code, trunk, area, rest: f"{trunk}{area}{rest}",
    lambda code, trunk, area, rest: f"{trunk}{area} {rest}",
    lambda code, trunk, area, rest: f"({trunk}{area}) {rest[:3]}-{rest[3:]}",
    lambda code, trunk, area, rest: f"+{code} ({area}) {rest}",
    lambda code, trunk, area, rest: f"00{code} {area} {rest}",
    lambda code, trunk, area, rest: f"{trunk}{area}/{rest[:-2]}-{rest[-2:]}",
    lambda code, trunk, area, rest: f"{area}.{rest[:3]}.{rest[3:]}",
    lambda code, trunk, area, rest: f"+{code}-{area}-{rest} ext. 12",
)


class Seeder:
    """Makes the people of one organisation; everything comes out of one seeded Random."""

    def __init__(self, organisation: Organisation, *, people: int) -> None:
        self.organisation = organisation
        self.people = people
        self.random = Random(organisation.zgid)  # noqa: S311  the same people each time
        self.owners = [u.id for u in organisation.users.values() if u.status == "active"]
        self.companies: list[str] = []

    def fill(self) -> None:
        for name, phone in names.KNOWN_COMPANIES.items():
            self.add_company(name, phone=phone)
        for known in names.KNOWN_PEOPLE:
            self.add_known(known)
        self.convert(self.add_known(names.CONVERTED_LEAD))
        counts = {"Accounts": self.people // 6, "Contacts": self.people // 2}
        counts["Leads"] = self.people - sum(counts.values())
        makers = {"Accounts": self.make_company, "Contacts": self.make_contact}
        for module, count in counts.items():
            shelf = self.organisation.shelves[module]
            while len(shelf) < count:
                makers.get(module, self.make_lead)()
        for lead in list(self.organisation.shelves["Leads"])[40 : 40 + self.people // 60]:
            self.convert(lead)

    def add_known(self, known: names.Known) -> Record:
        link = self.find_company(known.company) if known.module == "Contacts" else None
        company = {"Company": known.company} if known.module == "Leads" else {}
        return self.add_person(
            known.module,
            first=known.first,
            last=known.last,
            Account_Name=link,
            **known.phones,
            **company,
        )

    def find_company(self, name: str) -> dict[str, str] | None:
        accounts = self.organisation.shelves["Accounts"]
        return next(({"id": a["id"]} for a in accounts if a["Account_Name"] == name), None)

    def make_company(self) -> None:
        words = [self.pick(names.LAST_NAMES), self.pick(names.TRADES), self.pick(names.LEGAL_FORMS)]
        self.add_company(" ".join(words), phone=self.make_phone())

    def add_company(self, name: str, *, phone: str) -> Record:
        account = self.add("Accounts", {"Account_Name": name, "Phone": phone})
        self.companies.append(account["id"])
        return account

    def make_contact(self) -> None:
        accounts = self.organisation.shelves["Accounts"].records
        company = self.pick(self.companies)
        phone = self.make_phone()
        if self.random.random() < 0.1:
            phone = accounts[company]["Phone"]
        first, last, mobile = self.make_name()
        self.add_person(
            "Contacts",
            first=first,
            last=last,
            Phone=phone,
            Mobile=mobile,
            Title=self.pick(names.TITLES),
            Account_Name={"id": company},
        )

    def make_lead(self) -> None:
        first, last, mobile = self.make_name()
        company = f"{self.pick(names.LAST_NAMES)} {self.pick(names.TRADES)}"
        phone = self.make_phone()
        self.add_person(
            "Leads", first=first, last=last, Phone=phone, Mobile=mobile, Company=company
        )

    def make_name(self) -> tuple[str, str, str | None]:
        """First name, last name and, for every third, a mobile number."""
        if self.random.random() < 0.05:
            first, last = (
                self.pick(names.CYRILLIC_FIRST_NAMES),
                self.pick(names.CYRILLIC_LAST_NAMES),
            )
            return first, last, self.spell(RUSSIAN_RANGE)
        mobile = self.make_phone() if self.random.random() < 0.33 else None
        return self.pick(names.FIRST_NAMES), self.pick(names.LAST_NAMES), mobile

    def make_phone(self) -> str:
        return self.spell(WIDE_RANGE if self.people > FEW else self.pick(RANGES))

    def spell(self, numbers: tuple[str, str, str, str, int]) -> str:
        code, trunk, area, start, length = numbers
        rest = start + "".join(self.random.choices("0123456789", k=length))
        return self.pick(SPELLINGS)(code, trunk, area, rest)

    def pick(self, choices: Any) -> Any:
        return self.random.choice(choices)

    def add_person(self, module: str, *, first: str, last: str, **more: Any) -> Record:
        number = self.organisation.next_number % 100_000
        filled = {key: value for key, value in more.items() if value is not None}
        person = {
            "First_Name": first,
            "Last_Name": last,
            "Full_Name": f"{first} {last}",
            "Email": f"person{number}@mail.example" if number % 3 else None,
        }
        return self.add(module, {**person, **filled})

    def add(self, module: str, values: Record) -> Record:
        admin = {"id": next(iter(self.organisation.users))}
        record = {
            "id": self.organisation.take_id(),
            **values,
            "Owner": {"id": self.pick(self.owners)},
            "Created_By": admin,
            "Modified_By": admin,
            "Created_Time": SEEDED_AT,
            "Modified_Time": SEEDED_AT,
        }
        self.organisation.shelves[module].put(record)
        return record

    def convert(self, lead: Record) -> None:
        """The contact made of a lead keeps the lead's numbers."""
        kept = {key: lead.get(key) for key in ("Phone", "Mobile", "Email")}
        first, last = lead["First_Name"], lead["Last_Name"]
        contact = self.add_person("Contacts", first=first, last=last, **kept)
        marks = {"Converted__s": True, "Converted_Date_Time": SEEDED_AT}
        links = {"Converted_Contact": {"id": contact["id"]}}
        self.organisation.shelves["Leads"].put({**lead, **marks, **links})


def seed_organisation(organisation: Organisation, *, people: int) -> None:
    """Users first, then people: ids follow from the order, so they are the same each time."""
    domain = organisation.specification.domain
    for number, (name, full_name, status, confirm) in enumerate(names.STAFF):
        user = User(
            id=organisation.take_id(),
            email=f"{name}@{domain}",
            full_name=full_name,
            status=status,
            confirm=confirm,
            admin=number == 0,
            time_zone=organisation.specification.time_zone,
        )
        organisation.users[user.id] = user
    Seeder(organisation, people=people).fill()
