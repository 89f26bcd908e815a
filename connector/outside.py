"""Requests to addresses that people typed in: public ones only, no redirects, address pinned.

An address inside the operator's network would let an administrator of the portal reach what only
the portal can reach. Whoever means such a host names it in ALLOWED_PRIVATE_HOSTS.
"""

import socket
from contextlib import suppress
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from config.environment import is_loopback
from connector.wording import Wording as _
from connector.zoho.deadline import DeadlineAdapter, limit_time

SECONDS = 10
NAT64 = ip_network("64:ff9b::/96")
"""The last 32 bits are an address of version 4 (RFC 6052)."""
ASSIGNED = ip_network("2000::/3")
"""What is handed out of version 6. Beside it lie translators and old site-local networks, which
lead to the inside though `is_global` is true of them."""


class ForbiddenAddress(Exception):
    """The portal does not send anything there."""


class UnknownHost(ForbiddenAddress):
    """The name service does not know it."""


class PinnedAdapter(HTTPAdapter):
    """Connects to one resolved address, whatever the name would be resolved to a moment later."""

    def __init__(self, *, host: str, address: str) -> None:
        self.host, self.address = host, address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        if self.host != self.address:
            kwargs["server_hostname"] = self.host
        super().init_poolmanager(*args, **kwargs)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc
        address = f"[{self.address}]" if ":" in self.address else self.address
        port = f":{parts.port}" if parts.port else ""
        request.url = urlunsplit(parts._replace(netloc=address + port))
        return super().send(request, *args, **kwargs)


class PinnedLimitedAdapter(PinnedAdapter, DeadlineAdapter):
    """The same under the limit of a whole exchange."""


def post_json(url: str, body: dict[str, Any]) -> None:
    """Raises ForbiddenAddress, or requests.RequestException unless the answer is 2xx."""
    address = find_allowed_address(url)
    parts = urlsplit(url)
    # However slowly the other side answers, and however much: only the status is read.
    with requests.Session() as session, limit_time(SECONDS):
        session.trust_env = False
        pinned = PinnedLimitedAdapter(host=parts.hostname or "", address=address)
        session.mount(f"{parts.scheme}://", pinned)
        answer = session.post(url, json=body, timeout=SECONDS, allow_redirects=False, stream=True)
        answer.close()
    if not 200 <= answer.status_code < 300:
        raise requests.HTTPError(f"the answer was {answer.status_code}")


def choose_pbx_adapter(url: str) -> HTTPAdapter:
    """Raises ForbiddenAddress for a PBX inside a network that the operator did not name.

    Behind an outgoing proxy it is the proxy that looks up names and decides.
    """
    if get_environ_proxies(url):
        return DeadlineAdapter()
    host = urlsplit(url).hostname or ""
    is_sandbox = settings.SANDBOX and is_loopback(host)
    address = find_allowed_address(url, is_named=is_sandbox, needs_https=False)
    return PinnedLimitedAdapter(host=host, address=address)


def find_allowed_address(url: str, *, is_named: bool = False, needs_https: bool = True) -> str:
    """Return the one address to connect to; raises ForbiddenAddress."""
    scheme, host, port = take_apart(url)
    is_named = is_named or host in settings.ALLOWED_PRIVATE_HOSTS
    if scheme == "http" and needs_https and not is_named:
        raise ForbiddenAddress(_("Use https."))
    try:
        found = socket.getaddrinfo(host, port or None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHost(_("%(host)s is not known to the name service.", host=host)) from error
    addresses = [str(row[4][0]) for row in found]
    if not is_named and not all(is_public(address) for address in addresses):
        raise ForbiddenAddress(
            _(
                "%(host)s is inside a private network. The operator may name it in "
                "ALLOWED_PRIVATE_HOSTS.",
                host=host,
            )
        )
    return addresses[0]


def take_apart(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port; raises ForbiddenAddress."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.username is None:
            return parts.scheme, parts.hostname, parts.port
    raise ForbiddenAddress(_("This is no address like https://host/path."))


def is_public(address: str) -> bool:
    parsed = ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None) or parsed
    if parsed.version == 6 and parsed in NAT64:
        inner = IPv4Address(int(parsed) & 0xFFFFFFFF)
    is_assigned = inner.version == 4 or inner in ASSIGNED
    return bool(is_assigned and inner.is_global and not inner.is_multicast)
