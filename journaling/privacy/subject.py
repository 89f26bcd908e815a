"""Whom a request is about: one number or e-mail address, read as each connection reads it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from connector.models import Agent, Connection, MirroredKey, ZohoUser
from connector.people.reading import fold_address
from connector.phones import read_number
from journaling.privacy.spellings import spell_address, spell_number

PERSONS = ("Contacts", "Leads")


class NotAPerson(Exception):
    """The text names nobody whose data could be told apart from others'."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The person as one connection knows them. `keys` are numbers, `addresses` e-mails; both hold
    what was asked for and what Zoho's record of the same person adds to it."""

    connection: Connection
    keys: frozenset[str]
    addresses: frozenset[str]
    people: tuple[int, ...]

    @cached_property
    def spellings(self) -> str:
        """A regular expression; compare without regard to case."""
        return "|".join(
            [*map(spell_number, sorted(self.keys)), *map(spell_address, sorted(self.addresses))]
        )

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.spellings, re.IGNORECASE)

    @cached_property
    def byte_pattern(self) -> re.Pattern[bytes]:
        return re.compile(self.spellings.encode(), re.IGNORECASE)


def find_subjects(asked: str, *, connections: Iterable[Connection]) -> list[Subject]:
    """One for each connection that can read it. Raises NotAPerson."""
    text = asked.strip()
    read = read_address if "@" in text else read_digits
    found = [subject for one in connections if (subject := read(text, one))]
    if not found:
        raise NotAPerson(
            _("“%s” is neither a whole telephone number nor an e-mail address.") % text
        )
    return [widen(subject) for subject in found]


def read_digits(text: str, connection: Connection) -> Subject | None:
    number = read_number(text, connection.number_rules)
    if not number.can_match:
        return None
    return Subject(
        connection=connection, keys=frozenset([number.key]), addresses=frozenset(), people=()
    )


def read_address(text: str, connection: Connection) -> Subject | None:
    name, _at, host = text.partition("@")
    if not (name and "." in host):
        return None
    address = frozenset([fold_address(text)])
    return Subject(connection=connection, keys=frozenset(), addresses=address, people=())


def widen(subject: Subject) -> Subject:
    """Add the person's other numbers and addresses, if exactly one contact or lead has this one;
    what other people have as well stays theirs."""
    own = list_keys(subject.connection)
    holders = set(
        own.filter(key__in=subject.keys | subject.addresses).values_list("person", "module")
    )
    people = tuple(sorted({person for person, _module in holders}))
    persons = {person for person, module in holders if module in PERSONS}
    keys, addresses = set(subject.keys), set(subject.addresses)
    if len(persons) == 1 and len(people) == 1:
        for key in set(own.filter(person__in=persons).values_list("key", flat=True)):
            if not own.filter(key=key).exclude(person__in=persons).exists():
                (addresses if "@" in key else keys).add(key)
    return Subject(
        connection=subject.connection,
        keys=frozenset(keys),
        addresses=frozenset(addresses),
        people=people,
    )


def list_keys(connection: Connection) -> QuerySet[MirroredKey]:
    return MirroredKey.objects.filter(organisation__in=list_organisations(connection))


def list_organisations(connection: Connection) -> list[int]:
    """The organisation whose people this connection knows, if it is authorised."""
    grant = getattr(connection, "grant", None)
    return [grant.organisation_id] if grant else []


def refuse_employees(subjects: Iterable[Subject]) -> None:
    """An agent's address stands in the settings and in every report of the agent's calls: those
    are the customers'. Raises NotAPerson."""
    for subject in subjects:
        for address in subject.addresses:
            own = Agent.objects.filter(connection=subject.connection)
            users = ZohoUser.objects.filter(organisation__in=list_organisations(subject.connection))
            if (
                own.filter(email__iexact=address).exists()
                or own.filter(zoho_user__iexact=address).exists()
                or users.filter(email__iexact=address).exists()
            ):
                raise NotAPerson(
                    _(
                        "%(address)s belongs to an employee of %(connection)s: their data are part "
                        "of the settings. See docs/privacy.md."
                    )
                    % {"address": address, "connection": subject.connection.slug}
                )
