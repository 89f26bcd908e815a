"""A batch: entries that are claimed together and composed before any of them is sent."""

import time
import uuid
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError

from connector.models import Connection
from connector.zoho.client import ZohoClient
from connector.zoho.errors import (
    Rejected,
    Temporary,
    UnknownOutcome,
    ZohoError,
    may_be_the_records,
)
from journaling import entries
from journaling.compose import AlreadyThere, Composed, Composer, LeftOut, WaitsForPerson
from journaling.creating.strangers import keep_stranger
from journaling.gathering import gather_events
from journaling.guards import Record, list_doubted
from journaling.models import Entry
from journaling.trace import note
from journaling.verdicts import park, park_failed


@dataclass
class Batch:
    """What is claimed under one token; `composed` are those of it that may be sent.

    `doubted` are the records, as they were sent before, of those that Zoho may have already.
    """

    token: uuid.UUID
    claimed: list[Entry]
    is_composed: bool = False
    composed: list[Composed] = field(default_factory=list)
    doubted: dict[int, Record] = field(default_factory=dict)


def compose_batch(
    batch: Batch, client: ZohoClient, *, connection: Connection, seconds: float
) -> None:
    """One entry that cannot be composed never stops another. What `seconds` do not suffice for is
    put back with the batch's end. Raises the connection's own errors."""
    batch.is_composed = True
    if not batch.claimed:
        return
    composer = Composer(client, connection=connection, organisation=connection.grant.organisation)
    batch.doubted = list_doubted(batch.claimed)
    gather_events(batch.claimed)
    began = time.monotonic()
    for entry in batch.claimed:
        if time.monotonic() - began > seconds:
            break
        try:
            composed = compose_entry(entry, composer, token=batch.token)
        except (Temporary, UnknownOutcome) as error:
            if may_be_the_records(error):
                entries.put_off(batch.token, entry, words=error.words)
            if batch.composed:  # what is there already is sent
                break
            raise
        if composed:
            batch.composed.append(composed)


def compose_entry(entry: Entry, composer: Composer, *, token: uuid.UUID) -> Composed | None:
    """None for what is not sent now: its entry says why."""
    try:
        return composer.compose(entry)
    except WaitsForPerson as wait:
        entries.wait_for(token, entry, person=wait.person)
    except AlreadyThere:
        entries.mark_delivered(token, [entry])
        keep_stranger(composer.client, entry, connection=composer.connection)
    except LeftOut as rule:
        note(entry, "left_out", reason=str(rule))
        entries.leave_out_claimed(token, entry, reason=str(rule))
    except Rejected as error:
        park(token, entry, error)
    except (ZohoError, OperationalError, InterfaceError):
        raise
    except Exception as error:
        park_failed(token, entry, error)
    return None
