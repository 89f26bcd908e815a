"""Which scope a request needs, and whether a token has it."""

import re
from collections.abc import Iterable

from .exchange import Refusal

KNOWN = re.compile(
    r"(ZohoCRM(\.[A-Za-z_]+)+|ZohoSearch\.securesearch|PhoneBridge(\.[A-Za-z_]+)+|AaaServer\.profile)"
    r"(\.(READ|CREATE|UPDATE|DELETE|WRITE|ALL))?",
    re.IGNORECASE,
)
OPERATIONS = {"GET": "READ", "POST": "CREATE", "PUT": "UPDATE", "DELETE": "DELETE"}


def split_scopes(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,\s]+", text) if part)


def find_unknown(scopes: Iterable[str]) -> str | None:
    return next((scope for scope in scopes if not KNOWN.fullmatch(scope)), None)


def allow(scopes: Iterable[str], *, group: str, operation: str) -> bool:
    """`group` such as ZohoCRM.modules.calls: itself or a group above it, with operation or ALL."""
    held = {scope.lower() for scope in scopes}
    parts = group.lower().split(".")
    groups = [".".join(parts[:length]) for length in range(2, len(parts) + 1)]
    return any(f"{g}.{op}" in held for g in groups for op in (operation.lower(), "all"))


def require(scopes: Iterable[str], *, group: str, operation: str) -> None:
    """Raises OAUTH_SCOPE_MISMATCH (401) where the token lacks the scope."""
    if not allow(scopes, group=group, operation=operation):
        raise Refusal("OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", status=401)


def require_module(scopes: Iterable[str], *, module: str, operation: str) -> None:
    require(scopes, group=f"ZohoCRM.modules.{module}", operation=operation)
