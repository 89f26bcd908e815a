"""What Zoho gave becomes rows: people, and the keys by which they are found.

Everything is worked out before the transaction begins: on SQLite nobody else can write during it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from connector.models import MirroredKey, MirroredPerson, ZohoOrganisation
from connector.people.fields import list_phone_fields, list_typed_fields
from connector.people.keeping_out import is_kept_out, list_conditions
from connector.people.reading import Reading
from connector.sync.drafting import Draft, Records, Terms, draft_people
from connector.sync.keys import build_key_rows, write_keys
from connector.sync.statements import (
    Stored,
    delete_keys,
    insert_keys,
    take_turn,
    upsert_people,
)

BATCH = 200


def store_rows(
    rows: Records,
    *,
    module: str,
    organisation: ZohoOrganisation,
    readings: Collection[Reading],
) -> int:
    """Insert or change up to a few thousand records as Zoho answered them; returns how many.

    A lookup finds a person's old keys or the new ones. What is to be kept out is forgotten.
    """
    terms = list_terms(organisation, module=module, readings=readings)
    return store_drafts(
        draft_people(rows, terms), rows=rows, terms=terms, organisation=organisation
    )


def list_terms(
    organisation: ZohoOrganisation, *, module: str, readings: Iterable[Reading]
) -> Terms:
    return Terms(
        module=module,
        organisation_id=organisation.pk,
        zgid=organisation.zgid,
        environment=organisation.environment,
        phones=tuple(list_phone_fields(organisation, module=module)),
        emails=tuple(list_typed_fields(organisation, module=module, kind="email")),
        readings=tuple(readings),
    )


def store_drafts(
    drafts: Iterable[Draft], *, rows: Records, terms: Terms, organisation: ZohoOrganisation
) -> int:
    """As `store_rows`, with what the same records became."""
    conditions = list_conditions(organisation, module=terms.module)
    hidden = {str(row["id"]) for row in rows if is_kept_out(row, conditions)}
    if hidden:
        forget_people(hidden, module=terms.module, organisation=organisation)
    # In one order, so that two writers wait for each other instead of locking each other out.
    unique = {one.zoho_id: one for one in drafts if one.zoho_id not in hidden}
    people = sorted(unique.values(), key=lambda one: one.zoho_id)
    for start in range(0, len(people), BATCH):
        store_people(
            people[start : start + BATCH], organisation=organisation, readings=terms.readings
        )
    return len(people)


def store_people(
    people: Sequence[Draft], *, organisation: ZohoOrganisation, readings: Collection[Reading]
) -> None:
    now = timezone.now()
    with take_turn():
        stored = upsert_people([(*person.row, now) for person in people])
        delete_keys(one.pk for one in stored.values())
        insert_keys(
            [
                row
                for person in people
                for row in build_key_rows(
                    person.keys,
                    organisation=organisation,
                    pk=stored[person.zoho_id].pk,
                    holder=person,
                    spoken_at=stored[person.zoho_id].spoken_at,
                )
            ]
        )
        write_keys(
            list_converted(people, stored=stored, organisation=organisation),
            organisation=organisation,
            readings=readings,
        )


def list_converted(
    people: Sequence[Draft], *, stored: Mapping[str, Stored], organisation: ZohoOrganisation
) -> Sequence[MirroredPerson]:
    """The converted leads among these people, or those that became one of these contacts."""
    leads = [stored[person.zoho_id].pk for person in people if person.converted_to]
    if leads:
        return list(MirroredPerson.objects.filter(pk__in=leads))
    contacts = [person.zoho_id for person in people if person.module == "Contacts"]
    return list(find_leads(contacts, organisation=organisation)) if contacts else []


def find_leads(
    contacts: Collection[str], *, organisation: ZohoOrganisation
) -> QuerySet[MirroredPerson]:
    """Leads that became one of these contacts."""
    became = MirroredPerson.objects.filter(organisation=organisation, converted_to__in=contacts)
    # The index of converted leads is used only where its condition stands: else all are read.
    return became.exclude(converted_to="")


def forget_people(ids: Collection[str], *, module: str, organisation: ZohoOrganisation) -> int:
    """Drop these records, deleted at Zoho; returns how many were here."""
    gone = MirroredPerson.objects.filter(
        organisation=organisation, module=module, zoho_id__in=list(ids)
    )
    with take_turn():
        MirroredKey.objects.filter(person__in=gone).delete()
        if module == "Contacts":
            became = find_leads(ids, organisation=organisation)
            MirroredKey.objects.filter(person__in=became).delete()
        return gone.delete()[1].get("connector.MirroredPerson", 0)
