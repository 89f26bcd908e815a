"""Codes, refresh tokens and access tokens, with the limits Zoho sets for them.

Source of the limits: https://www.zoho.com/crm/developer/docs/api/v8/ (token validity).
"""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from .clock import Clock

CODE_SECONDS = 120
ACCESS_SECONDS = 3600
THROTTLE_SECONDS = 600
ISSUED_PER_THROTTLE = 10
ACCESS_ALIVE = 15
REFRESH_ALIVE = 20


class Throttled(Exception):
    """More than ten access tokens in ten minutes out of one refresh token."""


@dataclass(frozen=True)
class Consent:
    """What a person agreed to: which client may do what, as whom."""

    client_id: str
    zgid: str
    user_id: str
    scopes: tuple[str, ...]

    @classmethod
    def load(cls, state: dict[str, Any]) -> "Consent":
        return cls(**{**state, "scopes": tuple(state["scopes"])})


@dataclass(frozen=True)
class Code:
    consent: Consent
    redirect_uri: str
    offline: bool
    prompted: bool
    expires_at: float


@dataclass
class RefreshToken:
    consent: Consent
    issued_at: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class AccessToken:
    consent: Consent
    expires_at: float
    refresh_token: str = ""


class Tokens:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.codes: dict[str, Code] = {}
        self.refreshes: dict[str, RefreshToken] = {}
        self.accesses: dict[str, AccessToken] = {}
        self.issued = 0

    def issue_code(
        self, consent: Consent, *, redirect_uri: str, offline: bool, prompted: bool
    ) -> str:
        code = make_token()
        expires_at = self.clock.read() + CODE_SECONDS
        self.codes[code] = Code(consent, redirect_uri, offline, prompted, expires_at)
        return code

    def redeem(self, code: str) -> Code | None:
        """The code's facts, once and within two minutes."""
        found = self.codes.pop(code, None)
        return found if found and found.expires_at > self.clock.read() else None

    def issue_refresh(self, consent: Consent) -> str:
        """A new refresh token; the 21st of a user and client deletes the first."""
        siblings = self.list_refreshes(consent)
        for oldest in siblings[: max(0, len(siblings) - REFRESH_ALIVE + 1)]:
            self.revoke(oldest)
        token = make_token()
        self.refreshes[token] = RefreshToken(consent)
        return token

    def list_refreshes(self, consent: Consent) -> list[str]:
        """Refresh tokens of the same user and client, oldest first."""
        key = (consent.client_id, consent.zgid, consent.user_id)
        return [
            token
            for token, held in self.refreshes.items()
            if (held.consent.client_id, held.consent.zgid, held.consent.user_id) == key
        ]

    def issue_access(self, consent: Consent, *, refresh_token: str = "") -> str:
        """A new access token; the sixteenth alive kills the oldest. Raises Throttled."""
        now = self.clock.read()
        if refresh_token:
            self._count_issue(self.refreshes[refresh_token], now)
            alive = [t for t, a in self.accesses.items() if a.refresh_token == refresh_token]
            for oldest in alive[: max(0, len(alive) - ACCESS_ALIVE + 1)]:
                del self.accesses[oldest]
        token = make_token()
        self.accesses[token] = AccessToken(consent, now + ACCESS_SECONDS, refresh_token)
        self.issued += 1
        return token

    def find_access(self, token: str) -> AccessToken | None:
        found = self.accesses.get(token)
        return found if found and found.expires_at > self.clock.read() else None

    def revoke(self, token: str) -> bool:
        """Take back a refresh token with all its access tokens, or one access token."""
        if self.accesses.pop(token, None):
            return True
        children = [t for t, access in self.accesses.items() if access.refresh_token == token]
        for child in children:
            del self.accesses[child]
        return self.refreshes.pop(token, None) is not None

    def revoke_all(self, zgid: str | None = None) -> int:
        """Take back every grant (of one organisation); how many there were."""
        doomed = [t for t, r in self.refreshes.items() if zgid in (None, r.consent.zgid)]
        doomed += [t for t, a in self.accesses.items() if zgid in (None, a.consent.zgid)]
        return sum([self.revoke(token) for token in doomed])

    def expire_accesses(self) -> None:
        self.accesses.clear()

    def _count_issue(self, refresh: RefreshToken, now: float) -> None:
        refresh.issued_at = [at for at in refresh.issued_at if at > now - THROTTLE_SECONDS]
        if len(refresh.issued_at) >= ISSUED_PER_THROTTLE:
            raise Throttled
        refresh.issued_at.append(now)

    def dump(self) -> dict[str, Any]:
        """For the file. Codes are left out: they live two minutes."""
        return {
            "issued": self.issued,
            "refreshes": {token: asdict(r) for token, r in self.refreshes.items()},
            "accesses": {token: asdict(a) for token, a in self.accesses.items()},
        }

    def load(self, state: dict[str, Any] | None) -> None:
        if not state:
            return
        self.issued = state["issued"]
        for token, refresh in state["refreshes"].items():
            consent = Consent.load(refresh["consent"])
            self.refreshes[token] = RefreshToken(consent, refresh["issued_at"])
        for token, access in state["accesses"].items():
            self.accesses[token] = AccessToken(
                **{**access, "consent": Consent.load(access["consent"])}
            )


def make_token() -> str:
    """`1000.` and 64 hexadecimal digits, as Zoho's look."""
    return f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
