"""Where a request comes from, seen through the reverse proxies that the settings trust."""

import hmac
from hashlib import sha256
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def find_address(request: HttpRequest) -> str:
    """The client's address: each trusted proxy has added one to the end of X-Forwarded-For."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    if trusted and hops[0]:
        return hops[-trusted] if len(hops) >= trusted else hops[0]
    return str(request.META.get("REMOTE_ADDR", ""))


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
