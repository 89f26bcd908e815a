"""The grant in use: a client for a connection, and what is fetched about its organisation."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from connector import credits
from connector.counting.requests import count_exchange
from connector.granting.kept_tokens import KeptTokens
from connector.granting.tokens import GrantTokens, load_grant
from connector.models import Connection, CreditHour, ZohoGrant, ZohoOrganisation
from connector.organisations import read_metadata, store_metadata, store_users
from connector.wording import Wording as _
from connector.zoho.client import SECONDS, Exchange, TokenSource, ZohoClient
from connector.zoho.datacentres import is_known_api_url
from connector.zoho.errors import Misconfigured, ZohoError
from connector.zoho.meanwhile import Meanwhile
from connector.zoho.organisation import read_users

USERS_EVERY = timedelta(hours=6)
USERS_AT_MOST_EVERY = timedelta(minutes=5)


def open_client(
    connection: Connection,
    *,
    on_exchange: Callable[[Exchange], None] | None = None,
    timeout: float = SECONDS,
    work: str = CreditHour.Work.OTHER,
    meanwhile: Meanwhile | None = None,
    grant: ZohoGrant | None = None,
    tokens: TokenSource | None = None,
) -> ZohoClient:
    """A client that renews its access by itself. Sends nothing yet; `work` is what its requests
    are counted as. Many clients in a row may share `tokens`, and a `grant` that was just
    found to be granted.

    Raises Misconfigured when not authorised, GrantRefused when Zoho took the authorization back.
    """
    grant = grant or load_grant(connection.pk)
    check_api_url(grant.api_url)

    def tell(exchange: Exchange) -> None:
        count_exchange(exchange, slug=connection.slug)
        credits.note(grant.organisation_id, exchange, work=work)
        if on_exchange:
            on_exchange(exchange)

    return ZohoClient(
        api_url=grant.api_url,
        tokens=tokens or keep_tokens(connection.pk),
        on_exchange=tell,
        timeout=timeout,
        meanwhile=meanwhile,
    )


def keep_tokens(connection_id: int) -> TokenSource:
    return KeptTokens(GrantTokens(connection_id))


def check_api_url(api_url: str) -> None:
    """Raises Misconfigured unless access tokens may be sent there."""
    if not is_known_api_url(api_url, trusted=settings.ZOHO_TRUSTED_URLS):
        raise Misconfigured(
            _(
                "%(url)s is no API address of Zoho. Choose a data centre, or name the address in "
                "ZOHO_TRUSTED_URLS.",
                url=api_url,
            ),
            code="unknown_address",
        )


def fetch_organisation_facts(connection: Connection, client: ZohoClient) -> None:
    """Users, fields and layouts, read from Zoho and stored. Raises what the client raises."""
    organisation = load_grant(connection.pk).organisation
    users, metadata = read_users(client), read_metadata(client)
    store_users(organisation, users)
    store_metadata(organisation, metadata)


def refresh_users(
    organisation: ZohoOrganisation, client: ZohoClient, *, unknown_email: bool = False
) -> bool:
    """Fetch the users if it is time: every 6 hours, every 5 minutes for an unknown e-mail.

    True when they were fetched. One caller at a time: the moment is claimed first, and given
    back when Zoho does not answer.
    """
    now = timezone.now()
    before = now - (USERS_AT_MOST_EVERY if unknown_email else USERS_EVERY)
    row = ZohoOrganisation.objects.filter(pk=organisation.pk)
    previous = row.values_list("users_fetched_at", flat=True).get()
    due = Q(users_fetched_at=None) | Q(users_fetched_at__lte=before)
    if not row.filter(due).update(users_fetched_at=now):
        return False
    try:
        users = read_users(client)
    except ZohoError:
        row.filter(users_fetched_at=now).update(users_fetched_at=previous)
        raise
    store_users(organisation, users)
    return True
