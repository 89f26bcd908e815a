"""Where a request comes from, seen through the reverse proxies that the settings trust."""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def find_address(request: HttpRequest) -> str:
    """The client's address: each trusted proxy has added one to the end of X-Forwarded-For."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return peer
    hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    return hops[-settings.TRUSTED_PROXIES :][0].strip() or peer


def show_address(request: HttpRequest) -> str:
    """The same for people to read: whatever a stranger wrote there, it fits its column."""
    return keep_printable(find_address(request))[:45]


def keep_printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isprintable())


def find_valid_address(request: HttpRequest) -> str | None:
    """The same for a column that takes addresses only; None for what a proxy made of it."""
    try:
        return str(ip_address(find_address(request)))
    except ValueError:
        return None


def comes_from(request: HttpRequest, *, networks: Iterable[str]) -> bool:
    """Whether the client's address lies in one of the networks; none stand for all of them."""
    wanted = [ip_network(one) for one in networks]
    if not wanted:
        return True
    try:
        address = ip_address(find_address(request))
    except ValueError:
        return False
    # A socket for both versions shows an address of version 4 as ::ffff:203.0.113.7.
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in wanted)


def is_local(request: HttpRequest) -> bool:
    """Whether it was sent on this machine. What a proxy passed on from elsewhere never is."""
    told = {"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"} & request.META.keys()
    if told and not (settings.TRUSTED_PROXIES and "HTTP_X_FORWARDED_FOR" in told):
        return False  # by a proxy that does not say, or is not believed, for whom
    try:
        return ip_address(find_address(request)).is_loopback
    except ValueError:
        return False


def has_token(request: HttpRequest) -> bool:
    """Whether it carries METRICS_TOKEN as a bearer token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = settings.METRICS_TOKEN
    return bool(known) and hmac.compare_digest(digest(given), digest(known))


def digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()
