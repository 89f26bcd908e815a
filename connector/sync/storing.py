"""What Zoho gave becomes rows: people, and the keys by which they are found.

Everything is worked out before the transaction begins: on SQLite nobody else can write during it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from connector.folding import build_keys, build_search_text
from connector.keeping_out import is_kept_out, list_conditions
from connector.models import MirroredKey, MirroredPerson, ZohoOrganisation
from connector.people import Person, describe_people
from connector.phones import read_number, split_numbers
from connector.reading import Reading
from connector.sync.keys import Draft, build_key_rows, draft_keys, write_keys
from connector.sync.statements import (
    Stored,
    delete_keys,
    insert_keys,
    take_turn,
    upsert_people,
)

BATCH = 200


def store_rows(
    rows: Sequence[Mapping[str, Any]],
    *,
    module: str,
    organisation: ZohoOrganisation,
    readings: Collection[Reading],
) -> int:
    """Insert or change up to a few thousand records as Zoho answered them; returns how many.

    A lookup finds a person's old keys or the new ones. What is to be kept out is forgotten.
    """
    conditions = list_conditions(organisation, module=module)
    hidden = [str(row["id"]) for row in rows if is_kept_out(row, conditions)]
    if hidden:
        forget_people(hidden, module=module, organisation=organisation)
        kept_out = set(hidden)
        rows = [row for row in rows if str(row["id"]) not in kept_out]
    people = describe_people(rows, module=module, organisation=organisation)
    # In one order, so that two writers wait for each other instead of locking each other out.
    unique = sorted({one.zoho_id: one for one in people}.values(), key=lambda one: one.zoho_id)
    for start in range(0, len(unique), BATCH):
        store_people(unique[start : start + BATCH], organisation=organisation, readings=readings)
    return len(unique)


def store_people(
    people: Sequence[Person], *, organisation: ZohoOrganisation, readings: Collection[Reading]
) -> None:
    now = timezone.now()
    rows = [
        build_row(person, organisation=organisation, readings=readings, now=now)
        for person in people
    ]
    drafts = {
        person.zoho_id: draft_keys(
            person, shown=person, readings=readings, organisation=organisation
        )
        for person in people
        if not person.converted_to
    }
    with take_turn():
        stored = upsert_people(rows)
        write_drafts(people, drafts, stored=stored, organisation=organisation)
        write_keys(
            list(list_converted(people, stored=stored, organisation=organisation)),
            organisation=organisation,
            readings=readings,
        )


def write_drafts(
    people: Sequence[Person],
    drafts: Mapping[str, list[Draft]],
    *,
    stored: Mapping[str, Stored],
    organisation: ZohoOrganisation,
) -> None:
    delete_keys(one.pk for one in stored.values())
    insert_keys(
        [
            row
            for person in people
            if person.zoho_id in drafts
            for row in build_key_rows(
                drafts[person.zoho_id],
                organisation=organisation,
                pk=stored[person.zoho_id].pk,
                holder=person,
                spoken_at=stored[person.zoho_id].spoken_at,
            )
        ]
    )


def list_converted(
    people: Sequence[Person], *, stored: Mapping[str, Stored], organisation: ZohoOrganisation
) -> Sequence[MirroredPerson]:
    """The converted leads among these people, or those that became one of these contacts."""
    leads = [stored[person.zoho_id].pk for person in people if person.converted_to]
    contacts = [person.zoho_id for person in people if person.module == "Contacts"]
    if not leads and not contacts:
        return []
    wanted = Q(pk__in=leads) if leads else Q(converted_to__in=contacts)
    return list(MirroredPerson.objects.filter(wanted, organisation=organisation))


def build_row(
    person: Person, *, organisation: ZohoOrganisation, readings: Collection[Reading], now: datetime
) -> tuple[Any, ...]:
    """In the order of statements.PERSON_COLUMNS."""
    by_last, by_first = build_keys(
        first=person.first_name, last=person.last_name, company=person.company
    )
    words = [person.first_name, person.last_name, person.company, *person.emails.values()]
    return (
        organisation.pk,
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
        build_search_text(words, list_digits(person, readings)),
        by_last,
        by_first,
        person.modified_at,
        person.active_at,
        now,
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
    with take_turn():
        MirroredKey.objects.filter(person__in=gone).delete()
        if module == "Contacts":
            became = Q(person__organisation=organisation, person__converted_to__in=list(ids))
            MirroredKey.objects.filter(became).delete()
        return gone.delete()[1].get("connector.MirroredPerson", 0)
