"""The circuit breaker of a Zoho organisation: in trouble everybody waits, then one asks.

Zoho limits how often access is renewed by refresh token, and each connection has its own: trouble
with that, or with an access token that is refused right after it was given, makes the connection
wait alone.
"""

import random
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from connector.models import Connection, UnreadableSecret, ZohoGrant, ZohoOrganisation
from connector.wording import Words
from connector.zoho.errors import Temporary, TokenRefused, ZohoError

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=5)
ACCESS_CODES = ("throttled", "young_token", "no_token", "no_time", "unreadable_secret")
ACCESS_SECONDS = 30
UNREADABLE_SECONDS = 600
"""A key that is missing after a restart may be put back."""


def note_trouble(connection: Connection, error: ZohoError | UnreadableSecret) -> None:
    """Whoever is concerned waits: the connection with its own access, or its organisation."""
    wait = error.retry_after if isinstance(error, Temporary) else None
    if isinstance(error, UnreadableSecret):
        let_grant_wait(connection, seconds=UNREADABLE_SECONDS)
    elif isinstance(error, TokenRefused) or error.code in ACCESS_CODES:
        let_grant_wait(connection, seconds=wait or ACCESS_SECONDS)
    else:
        trip(connection.grant.organisation, words=error.words, retry_after=wait)


def let_grant_wait(connection: Connection, *, seconds: float) -> None:
    until = timezone.now() + timedelta(seconds=seconds)
    ZohoGrant.objects.filter(connection=connection).update(waits_until=until)


def trip(organisation: ZohoOrganisation, *, words: Words, retry_after: float | None = None) -> None:
    """One more request failed: wait 10 s, 20 s, 40 s ... at most 5 min, or as long as Zoho asks.

    Up to a tenth less, so that organisations that failed together do not come back together.
    """
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(organisation.failures, 10))
    wait *= 1 - random.random() / 10  # noqa: S311
    if retry_after:
        wait = max(wait, timedelta(seconds=retry_after))
    ZohoOrganisation.objects.filter(pk=organisation.pk).update(
        failures=F("failures") + 1,
        waits_until=timezone.now() + wait,
        trouble=words,
    )


def close(organisation: ZohoOrganisation) -> None:
    """A request was answered: everything may go on."""
    troubled = ZohoOrganisation.objects.filter(pk=organisation.pk, failures__gt=0)
    troubled.update(failures=0, waits_until=None, trouble="")


def is_open(organisation: ZohoOrganisation) -> bool:
    """Whether requests have to wait."""
    return bool(organisation.waits_until and organisation.waits_until > timezone.now())
