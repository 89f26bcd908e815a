"""Questions that the mirror answers by itself, each by one SELECT.

Raw SQL on purpose: a phone is ringing, and building the same query by the ORM costs more than
the database's own work.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db import connection as database
from django.utils import timezone

from connector.models import Connection, Mirror, MirroredPerson
from connector.people.fields import MODULES, describe_stored
from connector.people.person import Person
from connector.people.reading import fold_address, read_as, reverse_digits
from connector.phones import Number

MOST_ROWS = 200
TRUSTED_FOR_SECONDS = 5
FRESH = timedelta(minutes=10)
"""A mirror whose last good sync is older is asked first, and Zoho after it."""

SELECT = (
    "SELECT module, is_company, spoken_at, active_at, answer, key FROM connector_mirroredkey "
    "WHERE organisation_id = %s AND reading = %s AND "
)
LIMIT = f" LIMIT {MOST_ROWS}"
BY_KEY = f"{SELECT}key = %s{LIMIT}"
# Nines end a range of digits under every collation.
BY_TAIL = f"{SELECT}(key = %s OR (tail >= %s AND tail <= %s)){LIMIT}"
NINES = "9" * 40

_currents: dict[tuple[int, str], tuple[float, bool]] = {}


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A stored answer; `is_exact` is False when only the last digits agree."""

    answer: str
    is_exact: bool


def find_organisation_id(connection: Connection) -> int | None:
    """None for a connection that is not authorised."""
    grant = getattr(connection, "grant", None)
    return grant.organisation_id if grant else None


def find_by_number(connection: Connection, number: Number) -> list[Hit]:
    """Who has this number, best first."""
    if not number.can_match:
        return []
    if connection.matching_strategy == Connection.Strategy.LAST_DIGITS:
        tail = reverse_digits(number.last_digits(connection.matching_digits))
        if tail:
            return select(connection, BY_TAIL, number.key, tail, tail + NINES)
    return select(connection, BY_KEY, number.key)


def find_exact(connection: Connection, number: Number) -> list[Hit]:
    """Who has exactly this number, whatever the strategy."""
    return select(connection, BY_KEY, number.key) if number.can_match else []


def find_ending(connection: Connection, digits: str) -> list[Hit]:
    """Whose numbers end with these digits, best first."""
    tail = reverse_digits(digits)
    return select(connection, BY_TAIL, digits, tail, tail + NINES) if tail else []


def find_by_email(connection: Connection, email: str) -> list[Hit]:
    """Who has this e-mail address, best first."""
    address = fold_address(email)
    return select(connection, BY_KEY, address) if "@" in address else []


def select(connection: Connection, statement: str, key: str, *more: str) -> list[Hit]:
    organisation_id = find_organisation_id(connection)
    if organisation_id is None:
        return []
    rows = fetch(statement, [organisation_id, read_as(connection).digest, key, *more])
    if len(rows) > 1:
        rows = rank(rows, key=key, order=connection.module_order)
    # Several numbers of a person may match, and a converted lead shows its contact.
    best = {row[4]: row[5] == key for row in reversed(rows)}
    return [Hit(answer=answer, is_exact=exact) for answer, exact in reversed(best.items())]


def fetch(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """In one round trip: that a kept connection is dead shows when it fails, and a new one asks
    again. Django would ask each time whether it still works."""
    kept: Any = connections[DEFAULT_DB_ALIAS]
    was_open = kept.connection is not None
    kept.health_check_done = True
    try:
        return execute(statement, parameters)
    except (OperationalError, InterfaceError):
        if not was_open or kept.in_atomic_block:
            raise
        kept.close()
        return execute(statement, parameters)


def execute(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def rank(rows: Sequence[tuple], *, key: str, order: Sequence[str]) -> list[tuple]:
    """Exact before suffix, modules in order, people before companies, last spoken, last active."""
    places = {module: place for place, module in enumerate(order)}
    # SQLite gives moments as text, PostgreSQL as objects whose text sorts alike.
    newest = sorted(rows, key=lambda row: (str(row[2] or ""), str(row[3] or "")), reverse=True)
    return sorted(newest, key=lambda row: (row[5] != key, places.get(row[0], 9), row[1]))


def load_people(connection: Connection, hits: Sequence[Hit]) -> list[tuple[Person, bool]]:
    """The people of these hits, in their order, and whether the number is exactly theirs."""
    named = [(json.loads(hit.answer), hit.is_exact) for hit in hits]
    rows = MirroredPerson.objects.filter(
        organisation=find_organisation_id(connection),
        zoho_id__in=[answer["id"] for answer, _ in named],
    )
    people = {(row.module, row.zoho_id): describe_stored(row) for row in rows}
    found = [(people.get((answer["module"], answer["id"])), exact) for answer, exact in named]
    return [(person, exact) for person, exact in found if person]


def read_person(connection: Connection, *, module: str, zoho_id: str) -> Person | None:
    row = MirroredPerson.objects.filter(
        organisation=find_organisation_id(connection), module=module, zoho_id=zoho_id
    ).first()
    return describe_stored(row) if row else None


def is_current(connection: Connection) -> bool:
    """Whether everybody is here as of ten minutes ago, so that a miss is a miss.

    Kept for 5 seconds in the process: it is asked for every number that nobody has.
    """
    organisation_id = find_organisation_id(connection)
    if organisation_id is None:
        return False
    asked = (organisation_id, read_as(connection).digest)
    at, known = _currents.get(asked, (0.0, False))
    if not 0 <= time.monotonic() - at < TRUSTED_FOR_SECONDS:
        known = ask_whether_current(*asked)
        _currents[asked] = (time.monotonic(), known)
    return known


def ask_whether_current(organisation_id: int, digest: str) -> bool:
    mirrors = list(Mirror.objects.filter(organisation=organisation_id))
    fresh_since = timezone.now() - FRESH
    good = [
        mirror.is_absent
        or bool(
            mirror.filled_at
            and mirror.synced_at
            and mirror.synced_at >= fresh_since
            and digest in mirror.readings
        )
        for mirror in mirrors
    ]
    return len(good) >= len(MODULES) and all(good)


def forget_standing() -> None:
    """Ask anew whether mirrors are current, in this process."""
    _currents.clear()
