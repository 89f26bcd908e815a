"""The keys by which people are found: numbers and addresses, each with its finished answer."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from connector.models import MirroredPerson, ZohoOrganisation
from connector.people.fields import describe_stored
from connector.people.reading import Reading
from connector.sync.drafting import Key, draft_keys
from connector.sync.statements import delete_keys, insert_keys


def build_key_rows(
    keys: Iterable[Key], *, organisation: ZohoOrganisation, pk: int, holder: Any, spoken_at: Any
) -> list[tuple[Any, ...]]:
    """Rows as insert_keys takes them; `holder` has the module and the moments that rank it."""
    rank = (holder.module == "Accounts", holder.module, spoken_at, holder.active_at)
    return [
        (organisation.pk, pk, reading, key, tail, *rank, answer)
        for reading, key, tail, answer in keys
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
    written: list[tuple[Any, ...]] = []
    for row in rows:
        holder = holders.get(row.zoho_id) if row.converted_to else row
        if holder is None:
            continue
        person = describe_stored(row)
        shown = person if holder is row else describe_stored(holder)
        keys = draft_keys(person, shown=shown, readings=readings, organisation=organisation)
        written += build_key_rows(
            keys,
            organisation=organisation,
            pk=row.pk,
            holder=holder,
            spoken_at=holder.spoken_at,
        )
    insert_keys(written)


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
