"""The PBX's doors: the key is checked before anything else, and every refusal looks the same."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from math import ceil
from typing import Any

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from connector.auth import find_connection, is_lent, note_key_seen
from connector.callers import comes_from
from connector.counting.requests import count_limited
from connector.knocks import Reason, note_knock
from connector.models import Connection
from connector.rate_limits import count_failed_key, count_lookup
from connector.sightings import note_template

# X-Api-Key, X-Template-Version and X-Template-Content, as WSGI names them.
KEY_HEADER = "HTTP_X_API_KEY"
VERSION_HEADER = "HTTP_X_TEMPLATE_VERSION"
CONTENT_HEADER = "HTTP_X_TEMPLATE_CONTENT"

PbxView = Callable[[HttpRequest, Connection], HttpResponse]
# A policy is for pages.
without_policy: Any = csp_exempt()


def open_to_pbx(
    *, allow_stale: bool = False, method: str = "POST", is_limited: bool = False
) -> Callable[[PbxView], Callable[..., HttpResponse]]:
    """A route `/pbx/<slug>/...` that a connection's key opens.

    A wrong key, a missing key, an unknown slug and an address that is not in the connection's list
    get the same 401, and 429 where one address is refused too often. `allow_stale` lets a key that
    this process knows open the door while the database is away. `is_limited` is for questions,
    which can be asked again, never for reports.
    """

    def wrap(view: PbxView) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @without_policy
        @wraps(view)
        def enter(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
            key = request.META.get(KEY_HEADER, "")
            # PostgreSQL takes no NUL, and no slug holds a sign that cannot be printed.
            known = slug.isprintable()
            connection = find_connection(slug, key, allow_stale=allow_stale) if known else None
            if connection is None:
                return turn_away(request, slug=slug, key=key)
            if not may_come(request, connection, key=key):
                return turn_away(request, slug=slug, key=key, reason=Reason.FOREIGN_ADDRESS)
            if request.method != method:
                return HttpResponseNotAllowed([method])
            if is_limited and (wait := count_lookup(connection.pk, door=view.__name__)):
                return slow_down(request, connection, wait=wait)
            response = view(request, connection)
            note_key_seen(connection=connection, key=key)
            note_template(connection, read_version(request), read_content(request))
            return response

        return enter

    return wrap


def may_come(request: HttpRequest, connection: Connection, *, key: str) -> bool:
    """The portal's own test call comes from wherever the portal is."""
    return is_lent(key) or comes_from(request, networks=connection.pbx_addresses)


def turn_away(request: HttpRequest, *, slug: str, key: str, reason: str = "") -> JsonResponse:
    note_knock(request, slug=slug, key=key, reason=reason)
    wait = count_failed_key(request)
    if not wait:
        return refuse_key()
    count_limited(request)
    words = _(
        "Too many requests with a missing or wrong key came from this address. Compare the API key "
        "with the one on the connection's page: with the right key this limit does not apply."
    )
    return answer_too_many(words, wait=wait)


def slow_down(request: HttpRequest, connection: Connection, *, wait: float) -> JsonResponse:
    note_knock(request, slug=connection.slug, key="", reason=Reason.TOO_OFTEN)
    count_limited(request, slug=connection.slug)
    words = _(
        "This connection asks more often than LOOKUPS_PER_SECOND allows. Ask again in a second, or "
        "raise the limit in the portal's settings."
    )
    return answer_too_many(words, wait=wait)


def answer_too_many(words: str, *, wait: float) -> JsonResponse:
    headers = {"Retry-After": str(ceil(wait))}
    return JsonResponse({"error": words}, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)


def refuse_key() -> JsonResponse:
    words = _("The API key is missing or wrong. Compare it with the key on the connection's page.")
    return JsonResponse({"error": words}, status=HTTPStatus.UNAUTHORIZED)


def read_version(request: HttpRequest) -> str:
    """The version of the template that the PBX runs, as it says itself."""
    return request.META.get(VERSION_HEADER, "")[:10]


def read_content(request: HttpRequest) -> str:
    """Which switches were on when its template was made; "" for templates before version 3."""
    content = request.META.get(CONTENT_HEADER, "")[:10]
    return content if content.isascii() and content.isdigit() else ""
