"""Zoho's accounts server: consent address, code, refresh, revocation.

Zoho answers many errors with HTTP 200, throttling with "Access Denied", and a 200 without an
access token is a failure (Zoho's multi-DC and token pages; practitioners' reports).
"""

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from django.conf import settings
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from connector.wording import Wording as _
from connector.zoho.datacentres import is_known_accounts_url, trim_url
from connector.zoho.deadline import limit_time
from connector.zoho.errors import Misconfigured, Temporary
from connector.zoho.refused_tokens import explain_exchange, explain_refresh
from connector.zoho.scopes import SCOPES, split_scopes
from connector.zoho.wire import prepare_session, was_never_sent

SECONDS = 10.0
CONNECT_SECONDS = 5.0
LONGEST_LIFE = 86_400
USUAL_LIFE = 3600
INSECURE = "OAUTHLIB_INSECURE_TRANSPORT"

# Below this level both write tokens into the log.
for name in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(name).setLevel(logging.INFO)


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """The portal as Zoho's API console knows it, and the accounts server it speaks to."""

    accounts_url: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """`expires_in` in seconds; `api_url` is empty where Zoho did not name one."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    api_url: str
    scopes: tuple[str, ...]


class TokenSession(OAuth2Session):
    """For the accounts server only: on API calls it would say Bearer. Follows no redirect."""

    def __init__(self, client: OAuthClient) -> None:
        # Without scopes: Zoho's answer separates them differently, and the library would raise.
        super().__init__(client.client_id, redirect_uri=client.redirect_uri)
        prepare_session(self)
        for hook in ("access_token_response", "refresh_token_response"):
            self.register_compliance_hook(hook, check_answer)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = (CONNECT_SECONDS, SECONDS)
        kwargs["allow_redirects"] = False
        with limit_time(SECONDS):
            return super().send(request, **kwargs)


def build_consent_address(client: OAuthClient, *, state: str) -> str:
    """Where the person consents. `prompt=consent` makes Zoho give a new refresh token."""
    session = OAuth2Session(
        client.client_id, scope=",".join(SCOPES), redirect_uri=client.redirect_uri
    )
    with allow_http(client.accounts_url):
        address, _state = session.authorization_url(
            f"{client.accounts_url}/oauth/v2/auth",
            state=state,
            access_type="offline",
            prompt="consent",
        )
    return str(address)


def exchange_code(client: OAuthClient, *, code: str) -> Tokens:
    """Raises Misconfigured or Temporary, each with a sentence that says what to do."""
    with speak_to(client) as session:
        try:
            answer = session.fetch_token(
                f"{client.accounts_url}/oauth/v2/token",
                code=code,
                client_secret=client.client_secret,
                include_client_id=True,
            )
        except OAuth2Error as error:
            raise explain_exchange(
                error.error, client_id=client.client_id, redirect_uri=client.redirect_uri
            ) from None
    return read_tokens(answer)


def refresh_access(client: OAuthClient, *, refresh_token: str) -> Tokens:
    """Raises GrantRefused when the authorization is gone, Misconfigured or Temporary."""
    with speak_to(client) as session:
        try:
            answer = session.refresh_token(
                f"{client.accounts_url}/oauth/v2/token",
                refresh_token=refresh_token,
                client_id=client.client_id,
                client_secret=client.client_secret,
            )
        except OAuth2Error as error:
            raise explain_refresh(error.error, client_id=client.client_id) from None
    return read_tokens(answer)


def revoke_token(client: OAuthClient, *, refresh_token: str) -> None:
    """Takes the refresh token and its access tokens back; raises Temporary if Zoho did not."""
    with speak_to(client) as session:
        response = session.post(
            f"{client.accounts_url}/oauth/v2/token/revoke", params={"token": refresh_token}
        )
    if response.status_code != 200:
        raise Temporary(_("Zoho did not take the old authorization back."), code="not_revoked")


@contextmanager
def speak_to(client: OAuthClient) -> Iterator[TokenSession]:
    """A session for one request; what goes wrong on the way becomes Temporary."""
    with allow_http(client.accounts_url), TokenSession(client) as session:
        try:
            yield session
        except requests.RequestException as error:
            raise Temporary(
                _(
                    "Zoho's accounts server (%(url)s) does not answer. Check the network and "
                    "HTTPS_PROXY, then try again.",
                    url=client.accounts_url,
                ),
                code="unreachable" if was_never_sent(error) else "no_answer",
            ) from None


def check_answer(response: requests.Response) -> requests.Response:
    """A page in place of JSON is an outage; the library would read it as a form."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = None
    if response.status_code >= 500 or response.status_code == 429 or not isinstance(body, dict):
        raise Temporary(
            _(
                "Zoho's accounts server is out of order (HTTP %(status)s). Try again later.",
                status=response.status_code,
            ),
            code="outage",
            status=response.status_code,
        )
    return response


def read_tokens(answer: Mapping[str, Any]) -> Tokens:
    scope = answer.get("scope") or ""
    scopes = split_scopes(scope) if isinstance(scope, str) else split_scopes(" ".join(scope))
    api_domain = str(answer.get("api_domain") or "")
    return Tokens(
        access_token=str(answer["access_token"]),
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_in=read_lifetime(answer),
        api_url=trim_url(api_domain) if api_domain else "",
        scopes=tuple(scopes or SCOPES),
    )


def read_lifetime(answer: Mapping[str, Any]) -> int:
    """Seconds. Old applications get `expires_in` in milliseconds, beside `expires_in_sec`."""
    value = answer.get("expires_in_sec") or answer.get("expires_in") or USUAL_LIFE
    seconds = int(value)
    return seconds // 1000 if seconds > LONGEST_LIFE else seconds


class Permission:
    """How many threads speak http:// at this moment: oauthlib asks the environment about it."""

    lock = threading.Lock()
    holders = 0


@contextmanager
def allow_http(accounts_url: str) -> Iterator[None]:
    """Only for addresses of ZOHO_TRUSTED_URLS; Zoho's own are https. Raises Misconfigured."""
    if not is_known_accounts_url(accounts_url, trusted=settings.ZOHO_TRUSTED_URLS):
        raise Misconfigured(
            _(
                "%(url)s is no accounts server of Zoho. Choose a data centre, or name the "
                "address in ZOHO_TRUSTED_URLS.",
                url=accounts_url,
            ),
            code="unknown_address",
        )
    if not accounts_url.startswith("http://"):
        yield
        return
    count_holder(1)
    try:
        yield
    finally:
        count_holder(-1)


def count_holder(change: int) -> None:
    with Permission.lock:
        Permission.holders += change
        if Permission.holders:
            os.environ[INSECURE] = "1"
        else:
            os.environ.pop(INSECURE, None)
