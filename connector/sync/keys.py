"""The keys by which people are found: numbers and addresses, each with its finished answer."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from connector.models import MirroredPerson, ZohoOrganisation
from connector.people import Person, describe_stored
from connector.reading import Reading, build_match, list_addresses, list_numbers, reverse_digits
from connector.sync.statements import delete_keys, insert_keys
from connector.threecx.answers import write_match

Draft = tuple[str, str, str, str]
"""Reading, key, tail, answer."""


def draft_keys(
    person: Person,
    *,
    shown: Person,
    readings: Collection[Reading],
    organisation: ZohoOrganisation,
) -> list[Draft]:
    """The keys of a person; `shown` is whom they lead to. Asks no database."""
    drafts = []
    addresses = list_addresses(person)
    for reading in readings:
        numbers = list_numbers(person, reading.rules)
        if numbers or addresses:
            match = build_match(shown, crm_url=reading.crm_url, organisation=organisation)
            answer = write_match(match)
            tails = [(key, reverse_digits(number.digits)) for key, number in numbers.items()]
            tails += [(address, "") for address in addresses]
            drafts += [(reading.digest, key, tail, answer) for key, tail in tails]
    return drafts


def build_key_rows(
    drafts: Iterable[Draft], *, organisation: ZohoOrganisation, pk: int, holder: Any, spoken_at: Any
) -> list[tuple[Any, ...]]:
    """Rows as insert_keys takes them; `holder` has the module and the moments that rank it."""
    rank = (holder.module == "Accounts", holder.module, spoken_at, holder.active_at)
    return [
        (organisation.pk, pk, reading, key, tail, *rank, answer)
        for reading, key, tail, answer in drafts
    ]


def write_keys(
    rows: Sequence[MirroredPerson],
    *,
    organisation: ZohoOrganisation,
    readings: Collection[Reading],
    only_add: bool = False,
) -> None:
    """Write the keys of stored people anew, or with `only_add` those of new readings."""
    if not rows:
        return
    holders = find_holders(rows, organisation=organisation)
    if not only_add:
        delete_keys(row.pk for row in rows)
    keys: list[tuple[Any, ...]] = []
    for row in rows:
        holder = holders.get(row.zoho_id) if row.converted_to else row
        if holder is None:
            continue
        person = describe_stored(row)
        shown = person if holder is row else describe_stored(holder)
        drafts = draft_keys(person, shown=shown, readings=readings, organisation=organisation)
        keys += build_key_rows(
            drafts,
            organisation=organisation,
            pk=row.pk,
            holder=holder,
            spoken_at=holder.spoken_at,
        )
    insert_keys(keys)


def find_holders(
    rows: Iterable[MirroredPerson], *, organisation: ZohoOrganisation
) -> dict[str, MirroredPerson]:
    """The contact of each converted lead, by the lead's id, where it is mirrored."""
    wanted = {row.zoho_id: row.converted_to for row in rows if row.converted_to}
    if not wanted:
        return {}
    contacts = MirroredPerson.objects.filter(
        organisation=organisation, module="Contacts", zoho_id__in=set(wanted.values())
    )
    by_id = {contact.zoho_id: contact for contact in contacts}
    return {lead: by_id[contact] for lead, contact in wanted.items() if contact in by_id}
