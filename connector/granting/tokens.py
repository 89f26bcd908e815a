"""Access tokens out of the grant's row: one refresh at a time, for all threads and processes.

A refresh is claimed like work: `refresh_claim` gets a new value with every claim and every new
consent, and each change is conditional on the value read. HTTP happens outside any transaction.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from connector.holds import hold
from connector.models import Connection, Secret, UnreadableSecret, ZohoGrant
from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho.errors import GrantRefused, Misconfigured, Temporary, ZohoError
from connector.zoho.oauth import OAuthClient, Tokens, refresh_access

REDIRECT_PATH = "/api/oauth2crm"
MARGIN = timedelta(seconds=60)
"""A token this close to its end is renewed first."""
YOUNG = timedelta(seconds=60)
LEASE = timedelta(seconds=20)
PAUSE = timedelta(seconds=5)
"""After a failed refresh nobody tries for this long."""
PATIENCE = 10.0
POLL = 0.1
WINDOW = timedelta(minutes=10)
MOST_REFRESHES = 8
"""Zoho allows ten in ten minutes, and punishes more with silence."""
NOT_COUNTED = ("unreachable", "outage", "unreadable_secret")
UNREADABLE = "unreadable_secret"
UNREADABLE_FOR = timedelta(minutes=10)
ASK_AGAIN_SECONDS = 30


class GrantTokens:
    """The TokenSource of a connection."""

    def __init__(self, connection_id: int) -> None:
        self.connection_id = connection_id

    def read(self) -> str:
        """Raises Temporary when another's refresh does not end within PATIENCE seconds."""
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at:
            grant = load_grant(self.connection_id)
            with await_missing_key(grant):
                if token := read_or_renew(grant, now=timezone.now()):
                    return token
            time.sleep(POLL)
        raise Temporary(_("Renewing the access to Zoho took too long."), code="no_token")

    def report_refused(self, token: str) -> None:
        grant = load_grant(self.connection_id)
        with await_missing_key(grant):
            current = reveal(grant.access_token)
        if current != token:
            return  # somebody has renewed it already
        now = timezone.now()
        if grant.access_token_issued_at and grant.access_token_issued_at > now - YOUNG:
            raise Temporary(
                _(
                    "Zoho does not accept an access that it gave less than a minute ago. Was it "
                    "taken back at Zoho? Then press Authorize; else it mends itself in a minute."
                ),
                code="young_token",
            )
        held_by(grant, grant.refresh_claim).update(access_token_expires_at=now)


def load_grant(connection_id: int) -> ZohoGrant:
    """Raises Misconfigured without a grant, GrantRefused when Zoho took it back."""
    grant = ZohoGrant.objects.filter(connection=connection_id).first()
    if grant is None:
        raise Misconfigured(
            _("This connection is not authorised at Zoho yet. Press Authorize."),
            code="not_authorised",
        )
    if grant.state == ZohoGrant.State.REFUSED:
        raise GrantRefused(grant.refused_words, code="grant_refused")
    return grant


@contextmanager
def await_missing_key(grant: ZohoGrant) -> Iterator[None]:
    """A key that is missing after a restart may be put back: Temporary for ten minutes."""
    row = ZohoGrant.objects.filter(pk=grant.pk)
    try:
        yield
    except Misconfigured as error:
        if error.code != UNREADABLE:
            raise
        now = timezone.now()
        row.filter(unreadable_since=None).update(unreadable_since=now)
        if (grant.unreadable_since or now) <= now - UNREADABLE_FOR:
            raise
        raise Temporary(error.words, code=UNREADABLE, retry_after=ASK_AGAIN_SECONDS) from None
    if grant.unreadable_since:
        row.update(unreadable_since=None)


def read_or_renew(grant: ZohoGrant, *, now: datetime) -> str:
    """The access token; empty while somebody else renews it."""
    if is_fresh(grant, now):
        return reveal(grant.access_token)
    claim = claim_refresh(grant, now) if is_free(grant, now) else None
    return refresh_grant(grant, claim) if claim else ""


def is_fresh(grant: ZohoGrant, now: datetime) -> bool:
    expires_at = grant.access_token_expires_at
    return bool(grant.access_token) and expires_at is not None and expires_at - MARGIN > now


def is_free(grant: ZohoGrant, now: datetime) -> bool:
    """False while another refreshes; raises Temporary in a silence longer than a lease."""
    until = grant.refresh_claimed_until
    if until is None or until <= now:
        return True
    if until > now + LEASE:
        raise Temporary(
            _("Zoho was asked for access too often and wants ten minutes of silence."),
            code="throttled",
            retry_after=(until - now).total_seconds(),
        )
    return False


def claim_refresh(grant: ZohoGrant, now: datetime) -> uuid.UUID | None:
    """The claim, or None when another was faster; raises Temporary at the limit."""
    moments = list_recent(grant, now)
    if len(moments) >= MOST_REFRESHES:
        wait = datetime.fromisoformat(moments[0]) + WINDOW - now
        raise Temporary(
            _("The access to Zoho was renewed too often in the last ten minutes."),
            code="throttled",
            retry_after=wait.total_seconds(),
        )
    claim = uuid.uuid4()
    free = Q(refresh_claimed_until=None) | Q(refresh_claimed_until__lte=now)
    changed = (
        held_by(grant, grant.refresh_claim)
        .filter(free)
        .update(
            refresh_claim=claim,
            refresh_claimed_until=now + LEASE,
            refreshed_at_moments=[*moments, now.isoformat()],
        )
    )
    return claim if changed else None


def list_recent(grant: ZohoGrant, now: datetime) -> list[str]:
    return [
        moment
        for moment in grant.refreshed_at_moments
        if datetime.fromisoformat(moment) > now - WINDOW
    ]


def held_by(grant: ZohoGrant, claim: uuid.UUID | None) -> QuerySet[ZohoGrant]:
    """The row, only while nobody has claimed it or consented anew since."""
    return ZohoGrant.objects.filter(pk=grant.pk, refresh_claim=claim, state=ZohoGrant.State.GRANTED)


def refresh_grant(grant: ZohoGrant, claim: uuid.UUID) -> str:
    """The new access token; empty when the claim was lost meanwhile."""
    try:
        client = build_oauth_client(grant.connection, accounts_url=grant.accounts_url)
        old = reveal(grant.refresh_token)
        tokens = refresh_access(client, refresh_token=old)
    except GrantRefused as error:
        refuse_grant(grant, claim, words=error.words)
        raise
    except ZohoError as error:
        pause_grant(grant, claim, error)
        raise
    return tokens.access_token if store_tokens(grant, claim, tokens) else ""


def store_tokens(grant: ZohoGrant, claim: uuid.UUID, tokens: Tokens) -> bool:
    now = timezone.now()
    changed = held_by(grant, claim).update(
        access_token=tokens.access_token,
        access_token_issued_at=now,
        access_token_expires_at=now + timedelta(seconds=tokens.expires_in),
        refresh_token=tokens.refresh_token,
        refresh_claimed_until=None,
    )
    return bool(changed)


def pause_grant(grant: ZohoGrant, claim: uuid.UUID, error: ZohoError) -> None:
    """Keeps everybody from trying again at once; what never reached Zoho is not counted."""
    now = timezone.now()
    wait = error.retry_after if isinstance(error, Temporary) else None
    until = now + (timedelta(seconds=wait) if wait else PAUSE)
    held = held_by(grant, claim)
    if error.code in NOT_COUNTED:
        held.update(refresh_claimed_until=until, refreshed_at_moments=list_recent(grant, now))
    else:
        held.update(refresh_claimed_until=until)


def refuse_grant(grant: ZohoGrant, claim: uuid.UUID, *, words: Words) -> None:
    """Marks the grant and holds the connection, both or (after a new consent) neither."""
    now = timezone.now()
    with transaction.atomic():
        # First the connection, then the grant: the order in which a consent locks them.
        Connection.objects.select_for_update().get(pk=grant.connection_id)
        changed = held_by(grant, claim).update(
            state=ZohoGrant.State.REFUSED,
            refused_words=words,
            refused_at=now,
            refresh_claimed_until=None,
        )
        if changed:
            hold(grant.connection_id, code="grant_refused", words=words)


def build_oauth_client(connection: Connection, *, accounts_url: str) -> OAuthClient:
    """Raises Misconfigured while Client ID or Secret is missing or cannot be read."""
    if not connection.client_id or not connection.client_secret:
        raise Misconfigured(
            _("Enter the Client ID and the Client Secret from Zoho's API console first."),
            code="no_client",
        )
    return OAuthClient(
        accounts_url=accounts_url.rstrip("/"),
        client_id=connection.client_id,
        client_secret=reveal(connection.client_secret),
        redirect_uri=settings.PUBLIC_URL + REDIRECT_PATH,
    )


def reveal(secret: Secret) -> str:
    try:
        return secret.reveal()
    except UnreadableSecret as error:
        raise Misconfigured(error.words, code=UNREADABLE) from None
