"""The keys by which people are found: numbers and addresses, each with its finished answer."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from connector.models import MirroredKey, MirroredPerson, ZohoOrganisation
from connector.people import describe_stored
from connector.reading import Reading, build_match, list_addresses, list_numbers, reverse_digits
from connector.threecx.answers import write_match


def write_keys(
    rows: Sequence[MirroredPerson],
    *,
    organisation: ZohoOrganisation,
    readings: Collection[Reading],
    only_add: bool = False,
) -> None:
    """Write the keys of these people anew, or with `only_add` those of new readings."""
    ids = [row.pk for row in rows]
    spoken = dict(
        MirroredPerson.objects.filter(pk__in=ids, spoken_at__isnull=False).values_list(
            "pk", "spoken_at"
        )
    )
    holders = find_holders(rows, organisation=organisation)
    if not only_add:
        MirroredKey.objects.filter(person__in=ids).delete()
    keys = (
        key
        for row in rows
        if (holder := holders.get(row.zoho_id) if row.converted_to else row)
        for reading in readings
        for key in build_keys_of(
            row,
            holder=holder,
            reading=reading,
            organisation=organisation,
            spoken_at=spoken.get(holder.pk),
        )
    )
    MirroredKey.objects.bulk_create(keys, batch_size=2000)


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


def build_keys_of(
    row: MirroredPerson,
    *,
    holder: MirroredPerson,
    reading: Reading,
    organisation: ZohoOrganisation,
    spoken_at: datetime | None,
) -> list[MirroredKey]:
    person = describe_stored(row)
    tails = {
        key: reverse_digits(number.digits)
        for key, number in list_numbers(person, reading.rules).items()
    }
    keys = {**tails, **dict.fromkeys(list_addresses(person), "")}
    if not keys:
        return []
    shown = person if holder is row else describe_stored(holder)
    answer = write_match(build_match(shown, crm_url=reading.crm_url, organisation=organisation))
    return [
        MirroredKey(
            organisation=organisation,
            person=row,
            reading=reading.digest,
            key=key,
            tail=tail,
            is_company=holder.module == "Accounts",
            module=holder.module,
            spoken_at=spoken_at,
            active_at=holder.active_at,
            answer=answer,
        )
        for key, tail in keys.items()
    ]
