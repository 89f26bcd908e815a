"""What is counted where: requests of PBXs, requests to Zoho."""

import time
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from connector.counting import tallies
from connector.zoho.client import Exchange

LOOKUP = "pbx-lookup"
REPORTS = {"pbx-calls": "call", "pbx-chats": "chat"}


class CountPbxRequests:
    """Middleware: how often and how fast the PBX's doors answered, and with which status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = self.get_response(request)
        if request.resolver_match:
            count_request(
                request.resolver_match,
                status=response.status_code,
                seconds=time.monotonic() - started,
            )
        return response


def count_request(match: ResolverMatch, *, status: int, seconds: float) -> None:
    """A stranger's request is counted without the connection's name, which may be invented."""
    name, slug = match.url_name, str(match.kwargs.get("slug", ""))
    if name != LOOKUP and name not in REPORTS:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return  # counted where it was known whom it concerns
    if status == HTTPStatus.UNAUTHORIZED:
        tallies.count("refused_requests", door=str(name))
    elif name == LOOKUP:
        tallies.count("lookups", connection=slug, status=str(status))
        tallies.observe("lookup_seconds", seconds)
    else:
        tallies.count("reports", connection=slug, kind=REPORTS[str(name)], status=str(status))


def count_limited(request: HttpRequest, *, slug: str = "") -> None:
    """A request that came too often: a connection's, or a stranger's with no right key."""
    tallies.count("limited_requests", connection=slug, limit="lookups" if slug else "failed_keys")
    door = request.resolver_match and request.resolver_match.url_name
    if not slug and (door == LOOKUP or door in REPORTS):
        tallies.count("refused_requests", door=str(door))


def count_exchange(exchange: Exchange, *, slug: str) -> None:
    """One request to Zoho as it went."""
    tallies.count("zoho_requests", connection=slug, outcome=exchange.outcome)
    tallies.observe("zoho_request_seconds", exchange.took_ms / 1000)
    if exchange.status == HTTPStatus.TOO_MANY_REQUESTS:
        tallies.count("zoho_throttled", connection=slug)
