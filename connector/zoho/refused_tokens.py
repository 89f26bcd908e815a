"""Sentences for what the accounts server refuses: what happened, and what to do now."""

import re

from connector.wording import Wording as _
from connector.zoho.errors import GrantRefused, Misconfigured, Temporary, ZohoError

THROTTLED_SECONDS = 600.0
WRONG_CLIENT = ("invalid_client", "invalid_client_secret", "unauthorized_client")
WRONG_REDIRECT = ("invalid_redirect_uri", "redirect_uri_mismatch")


def explain_denial(error: str, *, client_id: str, redirect_uri: str) -> ZohoError:
    """`error` as it came with the person who returned from the consent page."""
    if read_code(error) == "access_denied":
        return Misconfigured(
            _(
                "The consent was declined at Zoho. Press Authorize again, choose the account of "
                "a CRM user and press Accept."
            ),
            code="denied",
        )
    return explain_exchange(error, client_id=client_id, redirect_uri=redirect_uri)


def explain_exchange(error: str | None, *, client_id: str, redirect_uri: str) -> ZohoError:
    """`error` as the accounts server answered it when the code was exchanged."""
    code = read_code(error)
    if code == "invalid_code":
        return Misconfigured(
            _(
                "Zoho's code has expired: it is good for two minutes and once. Press Authorize "
                "again."
            ),
            code="expired_code",
        )
    if code == "access_denied":
        return Temporary(
            _(
                "Zoho was asked for access too often. Wait ten minutes without trying, then press "
                "Authorize again."
            ),
            code="throttled",
            retry_after=THROTTLED_SECONDS,
        )
    if code in WRONG_REDIRECT:
        return Misconfigured(
            _(
                "Zoho does not know the portal's redirect address. Enter %(url)s under "
                "“Authorized redirect URIs” of the client in Zoho's API console, then press "
                "Authorize again.",
                url=redirect_uri,
            ),
            code="wrong_redirect",
        )
    return explain_any(code, client_id=client_id)


def explain_refresh(error: str | None, *, client_id: str) -> ZohoError:
    code = read_code(error)
    if code in ("invalid_code", "invalid_grant", "invalid_token"):
        return GrantRefused(
            _(
                "Zoho no longer accepts the authorization: it was taken back, or its user was "
                "removed. Press Authorize; what waits is delivered afterwards."
            ),
            code="grant_refused",
        )
    return explain_any(code, client_id=client_id)


def explain_any(code: str, *, client_id: str) -> ZohoError:
    if code == "access_denied":
        return Temporary(
            _("Zoho was asked for access too often and wants ten minutes of silence."),
            code="throttled",
            retry_after=THROTTLED_SECONDS,
        )
    if code in WRONG_CLIENT:
        return Misconfigured(
            _(
                "Zoho does not accept the Client ID %(client_id)s with this Client Secret. "
                "Compare both with Zoho's API console, and see that the data centre is right "
                "or that Multi-DC is on.",
                client_id=client_id,
            ),
            code="wrong_client",
        )
    return Misconfigured(
        _(
            "Zoho refused the authorization (%(code)s). Compare the client's settings in Zoho's "
            "API console with the set-up page, then press Authorize again.",
            code=code,
        ),
        code=code,
    )


def read_code(error: str | None) -> str:
    """Zoho writes both `access_denied` and "Access Denied"."""
    return re.sub(r"[^a-z]+", "_", str(error or "no_token").lower()).strip("_")[:40]
