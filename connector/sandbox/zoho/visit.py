"""One request to the CRM whose token is good: who asks, of which organisation, what for."""

from dataclasses import dataclass
from typing import Any

from .clock import Clock
from .exchange import Refusal, Request
from .faults import Faults
from .organisation import Organisation, User
from .scopes import require, require_module
from .shelf import Shelf
from .store import Store

PREFIX = "Zoho-oauthtoken "


@dataclass(frozen=True)
class Visit:
    request: Request
    organisation: Organisation
    user: User
    scopes: tuple[str, ...]
    clock: Clock
    faults: Faults

    def shelf(self, module: str) -> Shelf:
        return self.organisation.shelves[module]

    def now(self) -> str:
        return self.clock.write_moment(self.organisation.specification.time_zone)

    def require(self, group: str, operation: str = "READ") -> None:
        require(self.scopes, group=group, operation=operation)

    def require_module(self, module: str, operation: str) -> None:
        require_module(self.scopes, module=module, operation=operation)

    def read_number(self, name: str, *, default: int, most: int) -> int:
        """A query parameter between 1 and `most`."""
        text = self.request.query.get(name, str(default))
        if not text.isdecimal() or not 1 <= int(text) <= most:
            details: dict[str, Any] = {"param_name": name, "expected_data_type": "integer"}
            raise Refusal("INVALID_DATA", f"invalid value for {name}", details=details)
        return int(text)


def admit(store: Store, request: Request, *, faults: Faults) -> Visit:
    """Check the header; `Bearer` is refused although the token answer speaks of it."""
    header = request.headers.get("Authorization", "")
    if not header:
        raise Refusal("AUTHENTICATION_FAILURE", "Authentication failed", status=401)
    token = header.removeprefix(PREFIX).strip() if header.startswith(PREFIX) else ""
    access = store.tokens.find_access(token)
    if access is None:
        raise Refusal("INVALID_TOKEN", "invalid oauth token", status=401)
    organisation = store.organisations[access.consent.zgid]
    user = organisation.users.get(access.consent.user_id)
    if user is None or user.status != "active":
        raise Refusal("INVALID_TOKEN", "invalid oauth token", status=401)
    return Visit(request, organisation, user, access.consent.scopes, store.clock, faults)
