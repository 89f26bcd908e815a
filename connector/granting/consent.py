"""The consent of a person at Zoho: begun with an address, finished with what they bring back."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from connector.granting.grants import check_api_url
from connector.granting.switching import Stale, revoke_stale, settle_consent, switch_grant
from connector.granting.tokens import REDIRECT_PATH, build_oauth_client
from connector.models import Connection, ConsentRequest, ZohoOrganisation
from connector.organisations import Snapshot, find_environment, read_snapshot, store_snapshot
from connector.zoho.client import ZohoClient
from connector.zoho.datacentres import (
    DATA_CENTRES,
    find_data_centre,
    is_known_accounts_url,
    trim_url,
)
from connector.zoho.errors import Misconfigured, Temporary, ZohoError
from connector.zoho.oauth import Tokens, build_consent_address, exchange_code
from connector.zoho.organisation import UserFacts
from connector.zoho.refused_tokens import explain_denial

VALID = timedelta(minutes=10)
KEPT = timedelta(days=1)
STATE_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class ConsentResult:
    """`moved`: the consent is for another organisation than `previous`, which stays in use
    until an administrator confirms with `accept_move`.
    """

    connection: Connection
    organisation: ZohoOrganisation
    user: UserFacts
    outcome: Literal["granted", "moved"]
    previous: ZohoOrganisation | None


@dataclass(frozen=True)
class OneToken:
    """The access token that came with the consent, before anything is stored."""

    token: str

    def read(self) -> str:
        return self.token

    def report_refused(self, token: str) -> None:
        raise Temporary(
            _("Zoho did not accept an access token that it had just given."), code="young_token"
        )


def begin_consent(*, connection: Connection, purpose: str, session_key: str = "") -> str:
    """The address at Zoho where a person consents; good for ten minutes and once.

    `purpose` is a ConsentRequest.Purpose; "admin" needs the browser's session key. Raises
    Misconfigured while Client ID, Secret or the accounts server's address do not do.
    """
    if purpose == ConsentRequest.Purpose.ADMIN and not session_key:
        raise ValueError("a consent from the admin belongs to a session")
    client = build_oauth_client(connection, accounts_url=connection.accounts_url)
    state = secrets.token_urlsafe(STATE_BYTES)
    address = build_consent_address(client, state=state)
    now = timezone.now()
    ConsentRequest.objects.filter(expires_at__lt=now - KEPT).delete()
    ConsentRequest.objects.create(
        connection=connection,
        purpose=purpose,
        state_digest=digest(state),
        session_digest=digest(session_key) if session_key else "",
        expires_at=now + VALID,
    )
    return address


def finish_consent(*, params: Mapping[str, str], session_key: str) -> ConsentResult:
    """`params` are those of Zoho's redirect. Raises ZohoError with a sentence for the person."""
    connection = redeem_state(params.get("state", ""), session_key=session_key)
    if params.get("error") or not params.get("code"):
        raise explain_denial(
            params.get("error", "no_code"),
            client_id=connection.client_id,
            redirect_uri=settings.PUBLIC_URL + REDIRECT_PATH,
        )
    accounts_url = choose_accounts_url(connection, params.get("accounts-server", ""))
    client = build_oauth_client(connection, accounts_url=accounts_url)
    tokens = exchange_code(client, code=params["code"])
    try:
        return install_tokens(connection, tokens, accounts_url=accounts_url)
    except ZohoError:
        unused = Stale(accounts_url=accounts_url, refresh_token=tokens.refresh_token)
        revoke_stale(connection, [unused])
        raise


def accept_move(connection: Connection) -> ZohoOrganisation:
    """Put the proposed grant into use; raises Misconfigured when nothing is proposed.

    What was mirrored and what waits belongs to the caller.
    """
    stale = switch_grant(connection)
    if stale is None:
        raise Misconfigured(_("There is no move to confirm."), code="no_move")
    connection.refresh_from_db()
    # The caller may have a transaction open, and HTTP waits for its end.
    transaction.on_commit(lambda: revoke_stale(connection, stale))
    return connection.grant.organisation


def find_consent_connection(state: str) -> Connection | None:
    """For whom the consent was begun, whatever became of it."""
    row = ConsentRequest.objects.filter(state_digest=digest(state))
    request = row.select_related("connection").first()
    return request.connection if request else None


def redeem_state(state: str, *, session_key: str) -> Connection:
    """The connection that this state was made for; good once. Raises Misconfigured."""
    now = timezone.now()
    row = ConsentRequest.objects.filter(state_digest=digest(state))
    allowed = Q(purpose=ConsentRequest.Purpose.TERMINAL)
    if session_key:
        allowed |= Q(session_digest=digest(session_key))
    if row.filter(allowed, used_at=None, expires_at__gt=now).update(used_at=now):
        return row.select_related("connection").get().connection
    raise explain_state(row.first())


def explain_state(request: ConsentRequest | None) -> Misconfigured:
    if request is None:
        words = _("This address was not made by this portal. Press Authorize on the connection.")
    elif request.used_at:
        words = _("This consent was used already. To authorise anew, press Authorize again.")
    elif request.expires_at <= timezone.now():
        words = _("The consent took longer than ten minutes. Press Authorize again.")
    else:
        words = _(
            "The consent was begun in another browser or before a new login. Log in to the "
            "portal in this browser and press Authorize again."
        )
    return Misconfigured(words, code="wrong_state")


def choose_accounts_url(connection: Connection, named: str) -> str:
    """The server that gives out the tokens; Zoho names it. Raises Misconfigured if unknown."""
    if not named:
        return connection.accounts_url.rstrip("/")
    if not is_known_accounts_url(named, trusted=settings.ZOHO_TRUSTED_URLS):
        raise Misconfigured(
            _(
                "The answer names an accounts server that is not Zoho's, so nothing was sent "
                "there. Press Authorize again; if this repeats, tell who runs the portal."
            ),
            code="unknown_address",
        )
    return trim_url(named)


def choose_api_url(connection: Connection, tokens: Tokens, *, accounts_url: str) -> str:
    centre = DATA_CENTRES.get(find_data_centre(accounts_url=accounts_url))
    api_url = tokens.api_url or (centre.api_url if centre else connection.api_url)
    check_api_url(api_url)
    return api_url


def install_tokens(connection: Connection, tokens: Tokens, *, accounts_url: str) -> ConsentResult:
    """Organisation, user and users are read before the grant is stored as usable."""
    if not tokens.refresh_token:
        raise Misconfigured(
            _("Zoho gave no lasting authorization. Press Authorize again."), code="no_refresh_token"
        )
    api_url = choose_api_url(connection, tokens, accounts_url=accounts_url)
    given_at = timezone.now()
    snapshot = read_snapshot(ZohoClient(api_url=api_url, tokens=OneToken(tokens.access_token)))
    organisation = store_snapshot(snapshot, environment=find_environment(api_url))
    now_known = {"organisation": organisation, "accounts_url": accounts_url, "api_url": api_url}
    facts = {**now_known, **describe_user(snapshot), **describe_tokens(tokens, given_at=given_at)}
    settled = settle_consent(connection, facts)
    connection.refresh_from_db()
    revoke_stale(connection, settled.stale)
    return ConsentResult(
        connection=connection,
        organisation=organisation,
        user=snapshot.user,
        outcome="moved" if settled.moved else "granted",
        previous=settled.previous.organisation if settled.previous else None,
    )


def describe_user(snapshot: Snapshot) -> dict[str, Any]:
    user = snapshot.user
    return {"user_zoho_id": user.zoho_id, "user_name": user.name, "user_email": user.email}


def describe_tokens(tokens: Tokens, *, given_at: Any) -> dict[str, Any]:
    return {
        "scopes": list(tokens.scopes),
        "refresh_token": tokens.refresh_token,
        "access_token": tokens.access_token,
        "access_token_issued_at": given_at,
        "access_token_expires_at": given_at + timedelta(seconds=tokens.expires_in),
        "granted_at": given_at,
    }


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
