"""What can go wrong with Zoho, in the few classes that decide what happens next.

Temporary -> later; Rejected -> this record is parked, never its neighbours; Misconfigured -> the
connection is held and a person told; UnknownOutcome -> ask Zoho before sending again.
"""

from typing import ClassVar

from connector.wording import Words


class ZohoError(Exception):
    """`words` tell a person what happened and what to do; `code` is Zoho's or the portal's.

    `status` is the HTTP status, None when there was no answer; `field` an API name.
    """

    outcome: ClassVar[str] = "error"

    def __init__(
        self, words: Words, *, code: str = "", status: int | None = None, field: str = ""
    ) -> None:
        super().__init__(words)
        self.words = words
        self.code = code
        self.status = status
        self.field = field

    def __str__(self) -> str:
        return str(self.words)


class Temporary(ZohoError):
    """Nothing was done, and a later try may succeed; `retry_after` in seconds, when known."""

    outcome = "temporary"

    def __init__(
        self,
        words: Words,
        *,
        code: str = "",
        status: int | None = None,
        field: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(words, code=code, status=status, field=field)
        self.retry_after = retry_after


class TokenRefused(Temporary):
    """Zoho did not accept the access token; nothing was executed."""


class Rejected(ZohoError):
    """Zoho understood the request and will never accept it as it is."""

    outcome = "rejected"


class Misconfigured(ZohoError):
    """A person has to change something at Zoho or in the portal first."""

    outcome = "misconfigured"


class GrantRefused(Misconfigured):
    """Zoho no longer accepts the stored authorization."""

    outcome = "grant_refused"


class UnknownOutcome(ZohoError):
    """A write was sent and no understandable answer came: it may have been done or not."""

    outcome = "unknown"


VERDICTS: dict[str | int, type[ZohoError]] = {
    "INVALID_TOKEN": TokenRefused,
    "INVALID_OAUTHTOKEN": TokenRefused,
    "AUTHENTICATION_FAILURE": TokenRefused,
    "OAUTH_SCOPE_MISMATCH": Misconfigured,
    "NO_PERMISSION": Misconfigured,
    "AUTHORIZATION_FAILED": Misconfigured,
    "FEATURE_NOT_SUPPORTED": Misconfigured,
    "NOT_SUPPORTED": Misconfigured,
    "INVALID_MODULE": Misconfigured,
    "INVALID_URL_PATTERN": Misconfigured,
    "RECORD_LOCKED": Temporary,
    "RECORD_IN_BLUEPRINT": Temporary,
    "DEPENDENT_SERVICE_ERROR": Temporary,
    "TOO_MANY_REQUESTS": Temporary,
    "INTERNAL_ERROR": Temporary,
    "SERVICE_UNAVAILABLE": Temporary,
    401: Misconfigured,
    403: Misconfigured,
    408: Temporary,
    429: Temporary,
}
"""By Zoho's code, else by HTTP status. What stands in neither is permanent below 500."""


def choose_error(*, status: int, code: str) -> type[ZohoError]:
    """The class of a refused request. Redirects and 5xx are Temporary, other unknowns Rejected."""
    if status >= 500 or status < 400:
        return Temporary
    return VERDICTS.get(code) or VERDICTS.get(status) or Rejected


def may_be_the_records(error: ZohoError) -> bool:
    """Whether one record may be why Zoho gave no good answer. That Zoho cannot be reached, does not
    accept the token or is asked too often concerns all of them."""
    if error.code in ("no_answer", "garbled"):
        return True
    return not isinstance(error, TokenRefused) and error.status not in (None, 429)
