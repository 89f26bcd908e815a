"""Numbers, e-mails and texts to people: from the mirror, and from Zoho where it cannot know.

Lookups answer what there is within moments; deliveries may wait for Zoho, and never take somebody
for unknown while the mirror is not complete.
"""

from collections.abc import Callable, Iterator
from functools import partial

from connector.models import Connection, ZohoOrganisation
from connector.models.keep_out import Condition
from connector.people import live, mirror
from connector.people.fields import describe_person, list_fields
from connector.people.keeping_out import add_fields, find_condition, list_conditions
from connector.people.live import Match
from connector.people.person import Person
from connector.people.reading import build_match, fold_address
from connector.phones import Number
from connector.threecx.answers import write_match
from connector.zoho import records
from connector.zoho.client import ZohoClient

MOST_ANSWERS = 20


def answer_number(connection: Connection, number: Number) -> list[str]:
    """The stored answers of up to 20 people who have this number, best first."""
    hits = mirror.find_by_number(connection, number)
    if hits or not number.can_match or mirror.is_current(connection):
        return [hit.answer for hit in hits[:MOST_ANSWERS]]

    def ask(client: ZohoClient, module: str) -> list[Match]:
        return live.search_number(client, module=module, number=number, connection=connection)

    found = live.ask_quickly(connection, key=number.key, ask=ask)
    return list(describe(found, connection=connection))


def answer_email(connection: Connection, email: str) -> list[str]:
    """The stored answers of up to 20 people who have this e-mail address, best first."""
    hits = mirror.find_by_email(connection, email)
    if hits or "@" not in email or mirror.is_current(connection):
        return [hit.answer for hit in hits[:MOST_ANSWERS]]

    def ask(client: ZohoClient, module: str) -> list[Match]:
        return live.search_email(client, module=module, email=email, connection=connection)

    found = live.ask_quickly(connection, key=fold_address(email), ask=ask)
    return list(describe(found, connection=connection))


def describe(found: list[Match], *, connection: Connection) -> Iterator[str]:
    if not found:  # also where nobody authorised the connection yet
        return
    organisation = connection.grant.organisation
    for match in found[:MOST_ANSWERS]:
        shown = build_match(match.person, crm_url=connection.crm_url, organisation=organisation)
        yield write_match(shown)


def find_people(client: ZohoClient, *, connection: Connection, number: Number) -> list[Match]:
    """Who has this number, best first. Raises ZohoError."""
    if mirror.is_current(connection):
        return load(connection, mirror.find_by_number(connection, number))
    return ask_all(partial(live.search_number, client, number=number), connection=connection)


def find_by_email(client: ZohoClient, *, connection: Connection, email: str) -> list[Match]:
    """Who has this e-mail address, best first. Raises ZohoError."""
    if mirror.is_current(connection):
        return load(connection, mirror.find_by_email(connection, email))
    return ask_all(partial(live.search_email, client, email=email), connection=connection)


def ask_all(search: Callable[..., list[Match]], *, connection: Connection) -> list[Match]:
    """The answers of all modules, best first. Raises ZohoError."""
    modules = live.list_modules(connection)
    found = [m for name in modules for m in search(module=name, connection=connection)]
    return live.rank(found, order=connection.module_order)


def load(connection: Connection, hits: list[mirror.Hit]) -> list[Match]:
    people = mirror.load_people(connection, hits)
    return [Match(person=person, is_exact=is_exact) for person, is_exact in people]


def read_person(
    client: ZohoClient, *, connection: Connection, module: str, zoho_id: str
) -> Person | None:
    """One record by its id, for a converted lead its contact; None when there is none such.

    Raises ZohoError.
    """
    person = None
    if mirror.is_current(connection):
        person = mirror.read_person(connection, module=module, zoho_id=zoho_id)
    if person is None:
        organisation = connection.grant.organisation
        person = ask_person(client, organisation=organisation, module=module, zoho_id=zoho_id)
    if person and person.converted_to.isdecimal():
        return read_person(
            client, connection=connection, module="Contacts", zoho_id=person.converted_to
        )
    return person


def ask_person(
    client: ZohoClient, *, organisation: ZohoOrganisation, module: str, zoho_id: str
) -> Person | None:
    fields = list_fields(organisation, module=module)
    row = records.read_record(client, module=module, zoho_id=zoho_id, fields=fields)
    return describe_person(row, module=module, organisation=organisation) if row else None


def find_what_hides(
    client: ZohoClient, *, connection: Connection, person: Person
) -> Condition | None:
    """The condition, saved or typed, that keeps this record out. Raises ZohoError."""
    organisation = connection.grant.organisation
    conditions = list_conditions(organisation, module=person.module, typed=connection)
    if not conditions:
        return None
    fields = add_fields(list_fields(organisation, module=person.module), conditions)
    row = records.read_record(client, module=person.module, zoho_id=person.zoho_id, fields=fields)
    return find_condition(row, conditions) if row else None


def find_newest_open_deal(
    client: ZohoClient, *, organisation: ZohoOrganisation, contact_id: str
) -> str:
    """The id of the contact's newest deal that is not closed, or "". Raises ZohoError."""
    rows = records.query(
        client,
        "select id, Stage from Deals "  # noqa: S608
        f"where Contact_Name = {records.quote_coql(contact_id)} "
        "order by Created_Time desc limit 50",
    )
    still_open = (row for row in rows if not is_closing(str(row.get("Stage")), organisation))
    return str(next(still_open, {}).get("id", ""))


def is_closing(stage: str, organisation: ZohoOrganisation) -> bool:
    """By what the organisation says of its stages, in any language; else by Zoho's own names."""
    facts = organisation.fields.get("Deals", {}).get("Stage", {})
    if "closing" in facts:
        return stage in facts["closing"]
    return stage.casefold().startswith("closed")
