"""What Zoho gave becomes rows: people, and the keys by which they are found."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from connector.folding import build_keys, build_search_text
from connector.models import MirroredKey, MirroredPerson, ZohoOrganisation
from connector.people import Person, describe_person
from connector.phones import read_number, split_numbers
from connector.reading import Reading
from connector.sync.keys import write_keys

UPDATED = [
    "first_name", "last_name", "company", "title", "department", "email", "emails", "phones",
    "account_zoho_id", "owner_zoho_id", "converted_to", "search_text", "name_key", "first_key",
    "modified_at", "active_at", "seen_at",
]  # fmt: skip
BATCH = 500


def store_rows(
    rows: Sequence[Mapping[str, Any]],
    *,
    module: str,
    organisation: ZohoOrganisation,
    readings: Collection[Reading],
) -> int:
    """Insert or change up to a few thousand records as Zoho answered them; returns how many.

    One transaction: a lookup finds a person's old keys or the new ones.
    """
    people = [describe_person(row, module=module, organisation=organisation) for row in rows]
    unique = {person.zoho_id: person for person in people}
    stored = 0
    for start in range(0, len(unique), BATCH):
        batch = list(unique.values())[start : start + BATCH]
        with transaction.atomic():
            store_people(batch, organisation=organisation, readings=readings)
        stored += len(batch)
    return stored


def store_people(
    people: Sequence[Person], *, organisation: ZohoOrganisation, readings: Collection[Reading]
) -> None:
    now = timezone.now()
    saved = MirroredPerson.objects.bulk_create(
        # In one order, so that two writers wait for each other instead of locking each other out.
        [
            build_row(person, organisation=organisation, readings=readings, now=now)
            for person in sorted(people, key=lambda person: person.zoho_id)
        ],
        update_conflicts=True,
        unique_fields=["organisation", "module", "zoho_id"],
        update_fields=UPDATED,
    )
    contacts = [person.zoho_id for person in people if person.module == "Contacts"]
    became = MirroredPerson.objects.filter(organisation=organisation, converted_to__in=contacts)
    rows = [*saved, *(became if contacts else [])]
    write_keys(rows, organisation=organisation, readings=readings)


def build_row(
    person: Person, *, organisation: ZohoOrganisation, readings: Collection[Reading], now: datetime
) -> MirroredPerson:
    by_last, by_first = build_keys(
        first=person.first_name, last=person.last_name, company=person.company
    )
    words = [person.first_name, person.last_name, person.company, *person.emails.values()]
    return MirroredPerson(
        organisation=organisation,
        module=person.module,
        zoho_id=person.zoho_id,
        first_name=person.first_name[:200],
        last_name=person.last_name[:200],
        company=person.company[:255],
        title=person.title[:255],
        department=person.department[:255],
        email=person.email[:255],
        emails=person.emails,
        phones=person.phones,
        account_zoho_id=person.account_zoho_id,
        owner_zoho_id=person.owner_zoho_id,
        converted_to=person.converted_to,
        search_text=build_search_text(words, list_digits(person, readings)),
        name_key=by_last,
        first_key=by_first,
        modified_at=person.modified_at,
        active_at=person.active_at or person.modified_at,
        seen_at=now,
    )


def list_digits(person: Person, readings: Collection[Reading]) -> list[str]:
    """As written and in full, so that any part of either finds the person."""
    parts = [part for text in person.phones.values() for part in split_numbers(text)]
    return [
        digits
        for part in parts
        for digits in (
            "".join(filter(str.isdecimal, part)),
            *(read_number(part, reading.rules).digits for reading in readings),
        )
        if digits
    ]


def forget_people(ids: Collection[str], *, module: str, organisation: ZohoOrganisation) -> int:
    """Drop these records, deleted at Zoho; returns how many were here."""
    gone = MirroredPerson.objects.filter(
        organisation=organisation, module=module, zoho_id__in=list(ids)
    )
    with transaction.atomic():
        MirroredKey.objects.filter(person__in=gone).delete()
        if module == "Contacts":
            became = Q(person__organisation=organisation, person__converted_to__in=list(ids))
            MirroredKey.objects.filter(became).delete()
        return gone.delete()[1].get("connector.MirroredPerson", 0)
