"""The limits at the PBX's doors: of requests with a wrong key, and of lookups.

Each process counts for itself, so nothing that is away can close a door; trouble here opens it. A
report with the right key passes by both.
"""

import logging
import time
from collections.abc import Hashable
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from connector.buckets import Buckets
from connector.callers import find_address, keep_printable

log = logging.getLogger(__name__)

MOST_ADDRESSES = 10_000
MOST_DOORS = 10_000
LONGEST_ADDRESS = 45
ONE_HOST_BITS = 64
"""Whoever has one address of version 6 has all that begin with these bits."""

_failed_keys = Buckets(most=MOST_ADDRESSES)
_lookups = Buckets(most=MOST_DOORS)


def count_failed_key(request: HttpRequest) -> float:
    """After a refused key: in how many seconds its address may try again; 0 for at once."""
    return find_wait(
        _failed_keys, find_host(request), size=settings.FAILED_KEYS_PER_MINUTE, seconds=60
    )


def count_lookup(connection_pk: int, *, door: str) -> float:
    """Before an answer: in how many seconds this door answers the connection; 0 for at once.

    Doors are counted apart, so that whoever searches does not keep callers from being named.
    """
    return find_wait(_lookups, (connection_pk, door), size=settings.LOOKUPS_PER_SECOND, seconds=1)


def find_wait(buckets: Buckets, key: Hashable, *, size: int, seconds: float) -> float:
    """A size of 0 is no limit. Never raises."""
    if not size:
        return 0.0
    try:
        return buckets.take(key, size=size, seconds=seconds, now=time.monotonic())
    except Exception:
        log.exception("A rate limit failed and lets everything through")
        return 0.0


def find_host(request: HttpRequest) -> str:
    """The client's address, of version 6 the network that one customer is given."""
    told = find_address(request)
    try:
        address = ip_address(told)
    except ValueError:
        return keep_printable(told)[:LONGEST_ADDRESS]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), ONE_HOST_BITS), strict=False))


def forget_rates() -> None:
    _failed_keys.forget_all()
    _lookups.forget_all()
