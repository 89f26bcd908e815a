"""The PBX's own API (XAPI, Enterprise): tokens, calls on behalf of an extension, its users.

Source: 3CX's OpenAPI file and its tutorial. Usable without a database; the token is given in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from connector.outside import ForbiddenAddress, UnknownHost, choose_pbx_adapter
from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho.deadline import limit_time

SECONDS = (4.0, 8.0)
"""Time limits to connect and to answer: an agent waits in front of the screen."""
SHORTEST = 0.05
"""A time limit of nothing is refused by the socket."""
PAGE = 100
MOST_ROWS = 10_000
SECONDS_SINCE = (20, 0, 9)
"""From this version on `expires_in` counts seconds, before it minutes."""
FAILED = ("failed", "failure", "error")


class XapiError(Exception):
    """`words` tell a person what to do; `code` is unreachable, refused, no_api or rejected."""

    def __init__(self, words: Words, *, code: str) -> None:
        super().__init__(words)
        self.words = words
        self.code = code


class TokenRefused(XapiError):
    """The token lives no more: another client's renewal, or its time, ended it."""


class NoAnswer(XapiError):
    """The request may have arrived: what it asked for may have been done."""


@dataclass(frozen=True, kw_only=True)
class Granted:
    """`expires_in` as the PBX says it, in a unit that depends on its version."""

    access_token: str
    expires_in: int


@dataclass(frozen=True, kw_only=True)
class PbxUser:
    extension: str
    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, kw_only=True)
class PbxQueue:
    """`ring_seconds` is 3CX's RingTimeout: how long it rings at one agent, so that the part of the
    next agent comes no later. MasterTimeout, the longest wait of a caller, may be half an hour."""

    extension: str
    name: str
    ring_seconds: int


def fetch_token(pbx_url: str, *, client_id: str, client_secret: str) -> Granted:
    """A new token; it ends the one that this client had before. Raises XapiError."""
    form = {
        "client_id": client_id,
        "client_secret": client_secret,
        "grant_type": "client_credentials",
    }
    answer = send("POST", f"{pbx_url}/connect/token", data=form)
    if answer.status_code in (400, 401):
        raise XapiError(
            _("The PBX does not accept the API's Client ID and key. Compare them in 3CX."),
            code="refused",
        )
    body = read_body(answer)
    token, expires_in = body.get("access_token"), body.get("expires_in")
    if not isinstance(token, str) or not isinstance(expires_in, int):
        raise XapiError(_("The PBX gave no access token."), code="rejected")
    return Granted(access_token=token, expires_in=expires_in)


def count_lifetime(expires_in: int, *, version: str) -> int:
    """Seconds. An unknown version counts as a new one: the shorter life does no harm."""
    parts = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return expires_in * 60 if parts and parts < SECONDS_SINCE else expires_in


def read_version(pbx_url: str, *, token: str) -> str:
    """Like 20.0.9.123. Raises XapiError."""
    answer = ask("GET", f"{pbx_url}/xapi/v1/SystemStatus", token=token)
    return str(answer.get("Version") or "")[:40]


def make_call(pbx_url: str, *, token: str, extension: str, destination: str) -> None:
    """Ring the extension, then dial. Returns when the PBX took the order. Raises XapiError."""
    order = {"dn": extension, "destination": destination, "contact": None, "testCall": False}
    answer = ask("POST", f"{pbx_url}/xapi/v1/Users/Pbx.MakeCall", token=token, json=order)
    if str(answer.get("FinalStatus") or "").casefold() in FAILED:
        reason = str(answer.get("ReasonText") or answer.get("Reason") or "")
        raise XapiError(_("The PBX did not dial: %(words)s", words=reason or "?"), code="rejected")


def list_users(pbx_url: str, *, token: str) -> list[PbxUser]:
    """The extensions that are switched on. Raises XapiError."""
    chosen = "Id,Number,FirstName,LastName,EmailAddress,Enabled"
    query = {"$select": chosen, "$orderby": "Number"}
    rows = list_rows(f"{pbx_url}/xapi/v1/Users", token=token, query=query)
    return [describe_user(row) for row in rows if is_extension(row)]


def list_queues(pbx_url: str, *, token: str) -> list[PbxQueue]:
    """Raises XapiError."""
    query = {"$select": "Id,Number,Name,RingTimeout", "$orderby": "Number"}
    rows = list_rows(f"{pbx_url}/xapi/v1/Queues", token=token, query=query)
    return [describe_queue(row) for row in rows if row.get("Number")]


def list_rows(
    url: str, *, token: str, query: Mapping[str, Any], most: int = MOST_ROWS
) -> Iterator[dict[str, Any]]:
    """All rows of a collection, page by page. Raises XapiError."""
    for skipped in range(0, most, PAGE):
        page = {**query, "$top": PAGE, "$skip": skipped}
        rows = ask("GET", url, token=token, params=page).get("value")
        if not isinstance(rows, list):
            return
        yield from (row for row in rows if isinstance(row, dict))
        if len(rows) < PAGE:
            return


def is_extension(row: Mapping[str, Any]) -> bool:
    return bool(row.get("Number")) and row.get("Enabled") is not False


def describe_user(row: Mapping[str, Any]) -> PbxUser:
    return PbxUser(
        extension=str(row["Number"]),
        email=str(row.get("EmailAddress") or "").strip(),
        first_name=str(row.get("FirstName") or ""),
        last_name=str(row.get("LastName") or ""),
    )


def describe_queue(row: Mapping[str, Any]) -> PbxQueue:
    seconds = row.get("RingTimeout")
    return PbxQueue(
        extension=str(row["Number"]),
        name=str(row.get("Name") or "").strip(),
        ring_seconds=max(0, seconds) if isinstance(seconds, int) else 0,
    )


def ask(method: str, url: str, *, token: str, **details: Any) -> dict[str, Any]:
    return read_body(send(method, url, headers={"Authorization": f"Bearer {token}"}, **details))


def find_adapter(url: str) -> HTTPAdapter:
    """Leads to the one address that was looked up and allowed."""
    try:
        return choose_pbx_adapter(url)
    except UnknownHost as error:
        raise XapiError(_("The PBX does not answer."), code="unreachable") from error
    except ForbiddenAddress as error:
        raise XapiError(
            _("The address of the PBX is inside a private network. The portal asks there only when "
              "the operator names the host in ALLOWED_PRIVATE_HOSTS."),
            code="not_set_up",
        ) from error  # fmt: skip


def send(method: str, url: str, **details: Any) -> requests.Response:
    """Redirects are not followed: they would carry the key elsewhere.

    The limit is for the whole exchange: a PBX that trickles would hold a thread of everybody's.
    """
    adapter = find_adapter(url)
    with limit_time(sum(SECONDS)) as limit, requests.Session() as session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, adapter)
        connect, answer = (max(SHORTEST, min(seconds, limit.left)) for seconds in SECONDS)
        details |= {"timeout": (connect, answer), "allow_redirects": False}
        try:
            return session.request(method, url, **details)
        except requests.RequestException as error:
            was_sent = limit.passed or isinstance(error, requests.ReadTimeout)
            kind = NoAnswer if was_sent else XapiError
            raise kind(_("The PBX does not answer."), code="unreachable") from error


def read_body(answer: requests.Response) -> dict[str, Any]:
    """The JSON object of a good answer; every other answer raises XapiError."""
    if answer.status_code == 401:
        raise TokenRefused(_("The PBX did not accept its own access token."), code="token")
    if answer.status_code in (402, 403, 404):
        raise XapiError(
            _("The PBX has no API for us: it needs the Enterprise licence, and “3CX "
              "Configuration API Access” ticked for the API's client."),
            code="no_api",
        )  # fmt: skip
    if answer.status_code >= 500:
        raise XapiError(_("The PBX is in trouble; try again."), code="unreachable")
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        body = None
    if not answer.ok or not isinstance(body, dict):
        raise XapiError(
            _("The PBX did not dial: %(words)s", words=find_words(body)), code="rejected"
        )
    return body


def find_words(body: Any) -> str:
    """OData puts its words under error.message."""
    error = body.get("error") if isinstance(body, dict) else None
    return str(error.get("message"))[:300] if isinstance(error, dict) else "?"
