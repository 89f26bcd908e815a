"""Callers whom nobody in Zoho knows are created there by themselves, where the settings say so.

The person is an Entry of its own, which the call's Entry comes after: the call waits until its
card is there, and goes without one when Zoho does not take the person.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from connector.models import Connection, ZohoOrganisation
from connector.people.fields import list_fields
from connector.phones import NumberKind, read_number
from connector.sync.storing import store_rows
from connector.sync.work import list_readings
from connector.threecx.payloads import CallReport
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import ZohoError
from journaling.creating import created
from journaling.creating.mandatory import refuse_empty
from journaling.creating.newcomers import PHONE_COLUMNS, Wish, build_person, name_module
from journaling.fields.layouts import link_layout
from journaling.legs import ANSWERED
from journaling.models import Entry, JournalSettings
from journaling.models.call_kinds import KINDS
from journaling.standing import Card
from journaling.trace import note

SHORTEST_CALL = 10
"""Seconds: nobody becomes a customer by dialling wrong."""
OPEN = (*Entry.OPEN_STATES, Entry.State.DELIVERED)


def is_wanted(entry: Entry, report: CallReport, *, connection: Connection) -> bool:
    """The chosen kinds of calls with a whole number only, and only once for each call."""
    settings = connection.journal
    return (
        settings.unknown_numbers == JournalSettings.UnknownNumbers.CREATE
        and entry.after_id is None
        and KINDS[report.type] in settings.create_for
        and measure(report) >= SHORTEST_CALL
        and read_number(report.number, connection.number_rules).kind == NumberKind.REAL
    )


def measure(report: CallReport) -> float:
    """Seconds spoken; of a call that nobody answered, those that it rang."""
    if report.type in ANSWERED:
        return report.seconds
    return (report.ended_at - report.started_at).total_seconds()


def open_stranger(
    entry: Entry, report: CallReport, *, connection: Connection, owner_zoho_id: str
) -> Entry | None:
    """The Entry of the person for this call's number: the one that waits already, or a new one.

    None when the number is being created in another way at the moment.
    """
    module = name_module(connection)
    same = Entry.objects.filter(
        connection=connection,
        kind=Entry.Kind.PERSON,
        number_key=entry.number_key,
        state__in=OPEN,
    )
    if waiting := same.order_by("pk").first():
        return waiting
    row = created.claim_number(connection, number_key=entry.number_key, module=module)
    if row is None:
        return None
    wish = Wish(number=read_number(report.number, connection.number_rules), last=report.name)
    person = Entry(
        connection=connection,
        kind=Entry.Kind.PERSON,
        module=module,
        state=Entry.State.WAITING,
        next_attempt_at=timezone.now(),
        number=entry.number,
        number_key=entry.number_key,
        person=wish.name[:200],
        extension=entry.extension,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        owner_zoho_id=owner_zoho_id,
        trigger="" if is_silent(connection) else "workflow",
        record=build_person(
            wish,
            connection=connection,
            settings=connection.journal,
            owner_zoho_id=owner_zoho_id,
        ),
    )
    note(person, "stranger", number=entry.number, reference=entry.reference)
    with transaction.atomic():
        person.save(force_insert=True)
        created.hand_to_entry(row)
    return person


def complete_person(
    client: ZohoClient, entry: Entry, *, connection: Connection, organisation: ZohoOrganisation
) -> None:
    """Add what the settings fill by now; raises Rejected when the layout demands still
    more, and ZohoError."""
    wish = Wish(number=read_number(entry.number, connection.number_rules), last=entry.person)
    settings = connection.journal
    fresh = build_person(wish, connection=connection, settings=settings, owner_zoho_id="")
    fresh |= link_layout(settings, module=entry.module, organisation=organisation)
    entry.record = {**fresh, **(entry.record or {})}
    refuse_empty(entry.record, module=entry.module, organisation=organisation, client=client)


def is_silent(connection: Connection) -> bool:
    rule = connection.journal.automations_created_records
    return bool(rule == JournalSettings.Automations.NEVER)


def find_in_zoho(client: ZohoClient, entry: Entry) -> list[dict[str, Any]]:
    """Records that hold the number in the form in which we write it. Raises ZohoError."""
    wanted = records.quote_coql(entry.number_key)
    where = " or ".join(f"{column} = {wanted}" for column in PHONE_COLUMNS[entry.module])
    select = f"select id from {entry.module} where ({where}) limit 2"  # noqa: S608
    return records.query(client, select)


def keep_stranger(client: ZohoClient, entry: Entry, *, connection: Connection) -> None:
    """Zoho has the person: known to lookups from now on."""
    created.mark_entry_created(
        connection, number_key=entry.number_key, zoho_id=entry.zoho_id, module=entry.module
    )
    organisation = connection.grant.organisation
    fields = list_fields(organisation, module=entry.module)
    try:
        row = records.read_record(client, module=entry.module, zoho_id=entry.zoho_id, fields=fields)
    except ZohoError:
        row = None
    row = row or {**(entry.record or {}), "id": entry.zoho_id}
    readings = list_readings(organisation)
    store_rows([row], module=entry.module, organisation=organisation, readings=readings)


def make_card(entry: Entry) -> Card | None:
    """The person that this call came after, once Zoho has them."""
    person = entry.after
    if person is None or person.kind != Entry.Kind.PERSON or not person.zoho_id:
        return None
    return Card(
        module=person.module,
        zoho_id=person.zoho_id,
        name=person.person,
        owner_zoho_id=person.owner_zoho_id,
    )
