"""A contact that stands for a caller whom nobody in Zoho knows, with a link to say who it is.

The link is a sealed text: nobody can make one or read the number in it, in a log neither. It
opens a page of the portal (journaling.creating.caller_page) for 24 hours.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

import phonenumbers
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from connector.models import Connection
from connector.models.secret import open_vault
from connector.people import mirror
from connector.phones import Number, NumberKind, read_number
from connector.threecx.answers import PLACEHOLDER_ID, Match, write_match

VALID_FOR = timedelta(hours=24)
PURPOSE = "caller"


class LinkRefused(Exception):
    """Not made by this portal, or for a connection that offers no such page (any more)."""


class LinkExpired(LinkRefused):
    """Made by this portal, more than 24 hours ago."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whom a link is about. `shown` is the number for people to read."""

    connection: Connection
    number: Number
    shown: str


def stand_in(connection: Connection, number: Number) -> list[str]:
    """The stored answer of a placeholder where the connection wants one; else nothing.

    Only when it is certain that nobody has the number, and never for withheld, internal and
    unreadable numbers.
    """
    if not connection.placeholder or number.kind is not NumberKind.REAL:
        return []
    if not mirror.is_current(connection):
        return []
    with override(connection.language):
        company = _("Unknown in Zoho")
    shown = Match(
        id=PLACEHOLDER_ID,
        module="",
        url=settings.PUBLIC_URL + reverse("caller", args=[seal_link(connection, number)]),
        last=show_number(number),
        company=company,
    )
    return [write_match(shown)]


def seal_link(connection: Connection, number: Number) -> str:
    facts = json.dumps([PURPOSE, connection.pk, number.key])
    return open_vault().encrypt(facts.encode()).decode()


def open_link(token: str) -> Caller:
    """Raises LinkRefused, LinkExpired."""
    vault = open_vault()
    try:
        facts = json.loads(vault.decrypt(token))
        made_at = vault.extract_timestamp(token)
        purpose, pk, key = facts
    except (InvalidToken, TypeError, ValueError) as error:
        raise LinkRefused from error
    offering = Connection.objects.filter(pk=pk, active=True, placeholder=True)
    connection = offering.select_related("grant__organisation").first()
    if purpose != PURPOSE or connection is None:
        raise LinkRefused
    if timezone.now().timestamp() > made_at + VALID_FOR.total_seconds():
        raise LinkExpired
    number = read_number(key, connection.number_rules)
    return Caller(connection=connection, number=number, shown=show_number(number))


def show_number(number: Number) -> str:
    """+44 1632 961234"""
    parsed = phonenumbers.parse(number.e164)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
