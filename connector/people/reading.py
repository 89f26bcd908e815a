"""How a connection reads numbers, and what the PBX is told about a person who is found by one.

Connections of one organisation share its mirror but may read "01632 960011" differently and open
records at different addresses: each such way is a reading, and its rows are kept apart.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from connector.people.person import Person
from connector.phones import Number, NumberRules, read_number, split_numbers
from connector.threecx.answers import Match
from connector.zoho.links import record_url

if TYPE_CHECKING:  # numbers are also read in processes that have no database
    from connector.models import Connection

PHONE_KEYS = {
    "Phone": "business",
    "Asst_Phone": "business2",
    "Home_Phone": "home",
    "Mobile": "mobile",
    "Other_Phone": "other",
    "Fax": "fax",
}
"""Key of the answer for each of Zoho's phone fields; custom ones fill what is left."""

SPARE_KEYS = ("mobile2", "business2", "other")
LONGEST_TAIL = 40


class Home(Protocol):
    """Where people's pages are: an organisation of Zoho, or what is known of one."""

    @property
    def zgid(self) -> str: ...

    @property
    def environment(self) -> str: ...


@dataclass(frozen=True)
class Reading:
    """What decides a row's key and answer besides the person."""

    rules: NumberRules
    crm_url: str

    @property
    def digest(self) -> str:
        return digest_reading(self)


@lru_cache(maxsize=1024)
def digest_reading(reading: Reading) -> str:
    # The first word grows when the code reads numbers or builds answers differently.
    facts = json.dumps(["1", asdict(reading.rules), reading.crm_url], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def read_as(connection: "Connection") -> Reading:
    return Reading(connection.number_rules, connection.crm_url)


def list_parts(person: Person) -> list[str]:
    """Every number of the person's phone fields as it is written."""
    return [part for text in person.phones.values() for part in split_numbers(text)]


def list_numbers(person: Person, rules: NumberRules) -> dict[str, Number]:
    """Every number of the person's phone fields that can match, by its key."""
    return pick_numbers(read_number(part, rules) for part in list_parts(person))


def pick_numbers(numbers: Iterable[Number]) -> dict[str, Number]:
    """Those that can match, by their keys."""
    return {number.key: number for number in numbers if number.can_match}


def list_addresses(person: Person) -> list[str]:
    folded = (fold_address(text) for text in person.emails.values())
    return list(dict.fromkeys(address for address in folded if "@" in address))


def fold_address(email: str) -> str:
    return email.strip().casefold()[:255]


def reverse_digits(digits: str) -> str:
    return digits[::-1][:LONGEST_TAIL]


def build_match(person: Person, *, crm_url: str, organisation: Home) -> Match:
    """What the PBX is told, without the number that it searched."""
    return Match(
        id=person.zoho_id,
        module=person.module,
        url=record_url(
            crm_url=crm_url,
            zgid=organisation.zgid,
            environment=organisation.environment,
            module=person.module,
            zoho_id=person.zoho_id,
        ),
        first=person.first_name,
        last=person.last_name,
        company=person.company,
        title=person.title,
        department=person.department,
        email=person.email,
        **place_phones(person),
    )


def place_phones(person: Person) -> dict[str, str]:
    """Each phone under its own 3CX output; custom phone fields under what stays free."""
    placed = {PHONE_KEYS[name]: text for name, text in person.phones.items() if name in PHONE_KEYS}
    custom = [text for name, text in person.phones.items() if name not in PHONE_KEYS]
    free = [key for key in SPARE_KEYS if key not in placed]
    return placed | dict(zip(free, custom, strict=False))
