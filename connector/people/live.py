"""People asked of Zoho itself, where the mirror cannot know."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.conf import settings
from django.db import connections

from connector import breaker, credits
from connector.granting.grants import open_client
from connector.models import Connection, CreditHour, ZohoOrganisation
from connector.people.fields import MODULES, describe_person, list_fields
from connector.people.keeping_out import add_fields, is_kept_out, list_conditions
from connector.people.person import Person
from connector.people.reading import list_addresses, list_numbers
from connector.phones import SHORTEST_SUFFIX, Number, have_equal_numbers
from connector.zoho import records
from connector.zoho.client import ZohoClient

SEARCHED_DIGITS = 8
"""Zoho's phone search behaves like "contains": the last 8 digits find national and
international spellings alike; the comparison is made here."""
AT_ONCE = 2
NOBODY_FOR_SECONDS = 60
TROUBLE_FOR_SECONDS = 10
MOST_REMEMBERED = 10_000

_places = threading.BoundedSemaphore(AT_ONCE)
_pool = ThreadPoolExecutor(max_workers=AT_ONCE * len(MODULES), thread_name_prefix="live")
_nobody_at: dict[tuple[int, str], float] = {}
_trouble_at: dict[int, float] = {}


@dataclass(frozen=True, kw_only=True)
class Match:
    """A person who holds a number; `is_exact` is False when only the last digits agree."""

    person: Person
    is_exact: bool


Ask = Callable[[ZohoClient, str], list[Match]]


def ask_quickly(connection: Connection, *, key: str, ask: Ask) -> list[Match]:
    """All modules side by side within LOOKUP_LIVE_SECONDS, best first; nothing on any trouble.

    `ask` takes a client and a module; `key` names what is asked for, so that "nobody" is kept.
    """
    grant = getattr(connection, "grant", None)
    if not grant or not may_ask(connection, grant.organisation, key=key):
        return []
    if not _places.acquire(blocking=False):
        return []
    try:
        return ask_side_by_side(connection, key=key, ask=ask)
    finally:
        _places.release()


def may_ask(connection: Connection, organisation: ZohoOrganisation, *, key: str) -> bool:
    return (
        settings.LOOKUP_LIVE_SECONDS > 0
        and not is_recent(_nobody_at.get((connection.pk, key), 0), seconds=NOBODY_FOR_SECONDS)
        and not is_recent(_trouble_at.get(organisation.pk, 0), seconds=TROUBLE_FOR_SECONDS)
        and not breaker.is_open(organisation)
        and credits.may_spend(organisation, CreditHour.Work.LOOKUP)
    )


def is_recent(at: float, *, seconds: float) -> bool:
    # A clock that was set back makes the age negative: ask then.
    return 0 <= time.time() - at < seconds


def ask_side_by_side(connection: Connection, *, key: str, ask: Ask) -> list[Match]:
    jobs = [
        _pool.submit(ask_module, connection, module, ask) for module in list_modules(connection)
    ]
    done, late = wait(jobs, timeout=settings.LOOKUP_LIVE_SECONDS)
    good = [job for job in jobs if job in done and not job.exception()]
    found = [match for job in good for match in job.result()]
    if late or len(good) < len(jobs):
        _trouble_at[connection.grant.organisation_id] = time.time()
    elif not found:
        remember_nobody(connection, key)
    return rank(found, order=connection.module_order)


def list_modules(connection: Connection) -> list[str]:
    """The modules that the organisation has."""
    fields = connection.grant.organisation.fields
    return [module for module in MODULES if not fields or module in fields]


def ask_module(connection: Connection, module: str, ask: Ask) -> list[Match]:
    """In a thread of its own; raises ZohoError or UnreadableSecret."""
    try:
        # A client refuses less than a second.
        seconds = max(settings.LOOKUP_LIVE_SECONDS, 1.1)
        return ask(open_client(connection, timeout=seconds, work=CreditHour.Work.LOOKUP), module)
    finally:
        connections.close_all()


def remember_nobody(connection: Connection, key: str) -> None:
    for one, at in list(_nobody_at.items()):
        if not is_recent(at, seconds=NOBODY_FOR_SECONDS):
            _nobody_at.pop(one, None)
    if len(_nobody_at) >= MOST_REMEMBERED:
        _nobody_at.clear()
    _nobody_at[(connection.pk, key)] = time.time()


def rank(matches: Sequence[Match], *, order: Sequence[str]) -> list[Match]:
    places = {module: place for place, module in enumerate(order)}
    return sorted(matches, key=lambda one: (not one.is_exact, places.get(one.person.module, 9)))


def search_number(
    client: ZohoClient, *, module: str, number: Number, connection: Connection
) -> list[Match]:
    """Who of this module has the number. Raises ZohoError."""
    digits = number.digits[-SEARCHED_DIGITS:]
    if not number.can_match or len(digits) < SHORTEST_SUFFIX:
        return []
    people = search(client, module=module, connection=connection, phone=digits)
    return [m for person in people if (m := match_person(person, number, connection=connection))]


def search_email(
    client: ZohoClient, *, module: str, email: str, connection: Connection
) -> list[Match]:
    """Who of this module has the e-mail address; Zoho finds partial ones too. Raises ZohoError."""
    if module == "Accounts":
        return []
    asked = email.strip()
    people = search(client, module=module, connection=connection, email=asked)
    wanted = asked.casefold()
    return [Match(person=p, is_exact=True) for p in people if wanted in list_addresses(p)]


def search(
    client: ZohoClient, *, module: str, connection: Connection, **asked: str
) -> list[Person]:
    """Nobody whom a connection of the organisation keeps out; what was typed and is not saved yet
    of this one counts."""
    organisation = connection.grant.organisation
    conditions = list_conditions(organisation, module=module, typed=connection)
    fields = add_fields(list_fields(organisation, module=module), conditions)
    rows = records.search(client, module=module, fields=fields, **asked)  # type: ignore[arg-type]
    return [
        describe_person(row, module=module, organisation=organisation)
        for row in rows
        if not is_kept_out(row, conditions)
    ]


def match_person(person: Person, number: Number, *, connection: Connection) -> Match | None:
    """Compare every number of the person's phone fields with the wanted one."""
    held = list_numbers(person, connection.number_rules).values()
    if any(have_equal_numbers(one, number) for one in held):
        return Match(person=person, is_exact=True)
    by_suffix = connection.matching_strategy == Connection.Strategy.LAST_DIGITS
    last_digits = connection.matching_digits if by_suffix else 0
    if last_digits and any(
        have_equal_numbers(one, number, last_digits=last_digits) for one in held
    ):
        return Match(person=person, is_exact=False)
    return None


def forget_answers() -> None:
    """Forget what Zoho said and where it was silent, in this process."""
    _nobody_at.clear()
    _trouble_at.clear()
