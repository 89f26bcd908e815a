"""What a person becomes in the mirror: a row, and the keys that find them with their answers.

Needs neither the database nor Django: a process of its own does it beside a large fill.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from connector.people.folding import build_keys, build_search_text
from connector.people.person import Person, describe_record
from connector.people.reading import (
    Home,
    Reading,
    build_match,
    list_addresses,
    list_parts,
    pick_numbers,
    reverse_digits,
)
from connector.phones import Number, read_number
from connector.threecx.answers import write_match


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a draft depends on besides the record. `phones` and `emails` are API names of fields."""

    module: str
    organisation_id: int
    zgid: str
    environment: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    readings: tuple[Reading, ...]


Records = Sequence[Mapping[str, Any]]
Read = tuple[Reading, list[Number]]
"""The numbers of one person, as they are read in one way."""


class Key(NamedTuple):
    """`reading` is a digest, `answer` the finished one for the PBX."""

    reading: str
    key: str
    tail: str
    answer: str


class Draft(NamedTuple):
    """`row` is in the order of statements.PERSON_COLUMNS, without the last one. A converted lead
    has no keys of its own: they lead to its contact."""

    zoho_id: str
    module: str
    converted_to: str
    active_at: datetime | None
    row: tuple[Any, ...]
    keys: list[Key]


def draft_people(records: Records, terms: Terms) -> list[Draft]:
    """Records as Zoho answered them; raises KeyError without an id."""
    return [draft_person(describe(record, terms), terms) for record in records]


def describe(record: Mapping[str, Any], terms: Terms) -> Person:
    return describe_record(record, module=terms.module, phones=terms.phones, emails=terms.emails)


def draft_person(person: Person, terms: Terms) -> Draft:
    numbers = read_numbers(person, terms.readings)
    return Draft(
        zoho_id=person.zoho_id,
        module=person.module,
        converted_to=person.converted_to,
        active_at=person.active_at,
        row=build_row(person, organisation_id=terms.organisation_id, digits=list_digits(numbers)),
        keys=[] if person.converted_to else list_keys(person, person, numbers, home=terms),
    )


def draft_keys(
    person: Person, *, shown: Person, readings: Iterable[Reading], organisation: Home
) -> list[Key]:
    """The keys of a person; `shown` is whom they lead to."""
    return list_keys(person, shown, read_numbers(person, readings), home=organisation)


def read_numbers(person: Person, readings: Iterable[Reading]) -> list[Read]:
    """All numbers of a person in each way to read them, in one order."""
    parts = list_parts(person)
    return [(reading, [read_number(part, reading.rules) for part in parts]) for reading in readings]


def list_keys(person: Person, shown: Person, numbers: Iterable[Read], *, home: Home) -> list[Key]:
    keys = []
    addresses = [(address, "") for address in list_addresses(person)]
    for reading, read in numbers:
        picked = pick_numbers(read)
        tails = [(key, reverse_digits(number.digits)) for key, number in picked.items()]
        if tails or addresses:
            match = build_match(shown, crm_url=reading.crm_url, organisation=home)
            answer, digest = write_match(match), reading.digest
            keys += [Key(digest, key, tail, answer) for key, tail in tails + addresses]
    return keys


def build_row(person: Person, *, organisation_id: int, digits: Iterable[str]) -> tuple[Any, ...]:
    by_last, by_first = build_keys(
        first=person.first_name, last=person.last_name, company=person.company
    )
    words = [person.first_name, person.last_name, person.company, *person.emails.values()]
    return (
        organisation_id,
        person.module,
        person.zoho_id,
        person.first_name[:200],
        person.last_name[:200],
        person.company[:255],
        person.title[:255],
        person.department[:255],
        person.email[:255],
        person.emails,
        person.phones,
        person.account_zoho_id,
        person.owner_zoho_id,
        person.converted_to,
        build_search_text(words, digits),
        by_last,
        by_first,
        person.modified_at,
        person.active_at,
    )


def list_digits(numbers: Iterable[Read]) -> list[str]:
    """As written and in full, so that any part of either finds the person."""
    found = []
    for variants in zip(*(read for _reading, read in numbers), strict=True):
        written = variants[0].raw
        found += ["".join(filter(str.isdecimal, written)), *(one.digits for one in variants)]
    return [digits for digits in found if digits]
