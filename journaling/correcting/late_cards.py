"""Calls, chats and tasks to call back are given the card that they lacked when they were written,
once somebody is mirrored.

A caller entered into Zoho after the call, a lead that became a contact, a record that was merged
into another: the last 30 days are looked through, by exact numbers only. Zoho is asked before:
what a person linked by hand stays.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from connector import breaker, credits
from connector.granting import grants
from connector.models import Connection, CreditHour, MirroredKey, MirroredPerson, UnreadableSecret
from connector.people import mirror
from connector.people.person import Person
from connector.people.reading import read_as
from connector.phones import read_number
from connector.wording import Wording as _
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Temporary, ZohoError
from journaling import entries
from journaling.correcting.untouched import MOMENTS, choose_moment
from journaling.lanes import hold_lane, list_ready_connections
from journaling.models import Entry
from journaling.standing import Card, link_card

log = logging.getLogger(__name__)

AGE = timedelta(days=30)
BATCH = 100
"""Zoho's own limit of records in one update."""
MOST_BATCHES = 50
CHUNK = 500
LANE = "relink"
LINKS = ("Who_Id", "What_Id")
MOVED = (Entry.Kind.CALL, Entry.Kind.CHAT, Entry.Kind.FOLLOW_UP)


@dataclass(frozen=True, kw_only=True)
class Move:
    """An entry and the person on whose card it belongs; `code` says why."""

    entry: Entry
    person: Person
    code: str


def relink_connection(connection_id: int) -> int:
    """Give cards to the connection's calls; returns how many were moved.

    Nothing happens while the mirror is not current: who is missing there need not be gone.
    """
    with hold_lane(connection_id=connection_id, module=LANE) as lease:
        ready = list_ready_connections(now=timezone.now()).select_related(
            "journal", "grant__organisation"
        )
        connection = ready.filter(pk=connection_id).first() if lease else None
        if lease is None or connection is None or not mirror.is_current(connection):
            return 0
        if not credits.may_spend(connection.grant.organisation, CreditHour.Work.BACKFILL):
            return 0
        moved = 0
        try:
            client = grants.open_client(connection, work=CreditHour.Work.BACKFILL)
            for module, moves in list_batches(connection, now=timezone.now()):
                moved += move(client, moves, module=module, connection=connection)
                if not lease.renew():
                    break
        except (ZohoError, UnreadableSecret) as error:
            log.warning("%s: cards wait: %s", connection.slug, error)
            if isinstance(error, Temporary):
                breaker.note_trouble(connection, error)
        return moved


def list_batches(connection: Connection, *, now: datetime) -> Iterator[tuple[str, list[Move]]]:
    for module in ("Calls", "Tasks"):
        delivered = Entry.objects.filter(
            connection=connection,
            module=module,
            state=Entry.State.DELIVERED,
            is_trial=False,
            kind__in=MOVED,
            delivered_at__gte=now - AGE,
        ).exclude(zoho_id="")
        found = find_moves(connection, delivered)
        for _number in range(MOST_BATCHES):
            moves = list(islice(found, BATCH))
            if not moves:
                break
            yield module, moves


def find_moves(connection: Connection, delivered: QuerySet[Entry]) -> Iterator[Move]:
    slim = delivered.order_by("pk").defer("record", "trace").iterator(chunk_size=CHUNK)
    while chunk := list(islice(slim, CHUNK)):
        for entry in list_suspects(connection, chunk):
            found = find_move(connection, entry)
            if found and not any(row.get("code") == "not_relinked" for row in entry.trace):
                yield found


def list_suspects(connection: Connection, chunk: Sequence[Entry]) -> list[Entry]:
    """By two SELECTs: calls without a card whose number somebody has by now, and calls whose
    card was converted or is gone."""
    organisation = connection.grant.organisation
    held = MirroredKey.objects.filter(
        organisation=organisation,
        reading=read_as(connection).digest,
        key__in={entry.number_key for entry in chunk if not entry.card_zoho_id} - {""},
    )
    keys = set(held.values_list("key", flat=True))
    living = MirroredPerson.objects.filter(
        organisation=organisation,
        zoho_id__in={entry.card_zoho_id for entry in chunk} - {""},
        converted_to="",
    )
    cards = set(living.values_list("module", "zoho_id"))
    return [
        entry
        for entry in chunk
        if (
            (entry.card_module, entry.card_zoho_id) not in cards
            if entry.card_zoho_id
            else entry.number_key in keys
        )
    ]


def find_move(connection: Connection, entry: Entry) -> Move | None:
    if entry.card_zoho_id:
        return find_successor(connection, entry)
    found = find_people(connection, entry)
    return Move(entry=entry, person=found[0], code="relinked") if found else None


def find_people(connection: Connection, entry: Entry) -> list[Person]:
    number = read_number(entry.number, connection.number_rules)
    hits = mirror.find_exact(connection, number) if number.can_match else []
    return [person for person, _exact in mirror.load_people(connection, hits)]


def find_successor(connection: Connection, entry: Entry) -> Move | None:
    """The contact of a converted lead; for a record that is gone the one who has the number."""
    row = MirroredPerson.objects.filter(
        organisation=connection.grant.organisation,
        module=entry.card_module,
        zoho_id=entry.card_zoho_id,
    ).first()
    if row and not row.converted_to.isdecimal():
        return None
    if row:
        contact = mirror.read_person(connection, module="Contacts", zoho_id=row.converted_to)
        return Move(entry=entry, person=contact, code="relinked_converted") if contact else None
    found = find_people(connection, entry)
    return Move(entry=entry, person=found[0], code="relinked_merged") if len(found) == 1 else None


def move(client: ZohoClient, moves: Sequence[Move], *, module: str, connection: Connection) -> int:
    """One batch: reads where the records stand, moves those that nobody moved. Raises ZohoError."""
    stand = {
        str(row["id"]): row
        for row in records.read_records(
            client,
            module=module,
            zoho_ids=[m.entry.zoho_id for m in moves],
            fields=[*LINKS, *MOMENTS],
        )
    }
    free = []
    for one in moves:
        row = stand.get(one.entry.zoho_id)
        if row is None:
            entries.give_up_relinking(one.entry, words=_("It is no longer in Zoho."))
        elif taken := find_link(row, beside=one.entry.card_zoho_id):
            keep_by_hand(one.entry, taken)
        else:
            free.append(one)
    return update(client, free, stand, module=module, connection=connection) if free else 0


def find_link(row: dict[str, Any], *, beside: str) -> tuple[str, str] | None:
    """Module and id of what the record stands on, unless that is the card it comes from."""
    who, what = (row.get(name) if isinstance(row.get(name), dict) else None for name in LINKS)
    if who and str(who.get("id")) != beside:
        return "Contacts", str(who.get("id"))
    if what and not who and str(what.get("id")) != beside:
        return str(row.get("$se_module") or "Accounts"), str(what.get("id"))
    return None


def keep_by_hand(entry: Entry, taken: tuple[str, str]) -> None:
    module, zoho_id = taken
    entries.relink(
        entry,
        module=module,
        zoho_id=zoho_id,
        person="",
        code="linked_by_hand",
        modified_at=entry.zoho_modified_at,
    )


def update(
    client: ZohoClient,
    moves: Sequence[Move],
    stand: Mapping[str, dict[str, Any]],
    *,
    module: str,
    connection: Connection,
) -> int:
    parent = connection.journal.contact_parent
    rows = [{"id": m.entry.zoho_id, **build_links(m.person, contact_parent=parent)} for m in moves]
    verdicts = records.update(client, module=module, records=rows, trigger=[])
    moved = 0
    for one, verdict in zip(moves, verdicts, strict=True):
        if verdict.outcome == "delivered":
            person, before = one.person, stand[one.entry.zoho_id]
            moved += entries.relink(
                one.entry,
                module=person.module,
                zoho_id=person.zoho_id,
                person=person.name,
                code=one.code,
                modified_at=choose_moment(one.entry, before, written_at=verdict.modified_at),
            )
        elif verdict.outcome != "temporary":
            entries.give_up_relinking(one.entry, words=verdict.words)
    return moved


def build_links(person: Person, *, contact_parent: str) -> dict[str, Any]:
    card = Card(
        module=person.module,
        zoho_id=person.zoho_id,
        name=person.name,
        account_zoho_id=person.account_zoho_id,
    )
    # A lead stood there before; without an account its place is cleared.
    return {"What_Id": None, **link_card(card, contact_parent=contact_parent)}
