"""The PBX's doors: the key is checked before anything else, and every refusal looks the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from connector.auth import find_connection, is_lent, note_key_seen
from connector.callers import comes_from
from connector.knocks import Reason, note_knock
from connector.models import Connection
from connector.sightings import note_template

# X-Api-Key, X-Template-Version and X-Template-Content, as WSGI names them.
KEY_HEADER = "HTTP_X_API_KEY"
VERSION_HEADER = "HTTP_X_TEMPLATE_VERSION"
CONTENT_HEADER = "HTTP_X_TEMPLATE_CONTENT"

PbxView = Callable[[HttpRequest, Connection], HttpResponse]
# A policy is for pages.
without_policy: Any = csp_exempt()


def open_to_pbx(
    *, allow_stale: bool = False, method: str = "POST"
) -> Callable[[PbxView], Callable[..., HttpResponse]]:
    """A route `/pbx/<slug>/...` that a connection's key opens.

    A wrong key, a missing key, an unknown slug and an address that is not in the connection's list
    get the same 401. `allow_stale` lets a key that
    this process knows open the door while the database is away.
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
                note_knock(request, slug=slug, key=key)
                return refuse_key()
            if not may_come(request, connection, key=key):
                note_knock(request, slug=slug, key=key, reason=Reason.FOREIGN_ADDRESS)
                return refuse_key()
            if request.method != method:
                return HttpResponseNotAllowed([method])
            response = view(request, connection)
            note_key_seen(connection=connection, key=key)
            note_template(connection, read_version(request), read_content(request))
            return response

        return enter

    return wrap


def may_come(request: HttpRequest, connection: Connection, *, key: str) -> bool:
    """The portal's own test call comes from wherever the portal is."""
    return is_lent(key) or comes_from(request, networks=connection.pbx_addresses)


def refuse_key() -> JsonResponse:
    words = _("The API key is missing or wrong. Compare it with the key on the connection's page.")
    return JsonResponse({"error": words}, status=401)


def read_version(request: HttpRequest) -> str:
    """The version of the template that the PBX runs, as it says itself."""
    return request.META.get(VERSION_HEADER, "")[:10]


def read_content(request: HttpRequest) -> str:
    """Which switches were on when its template was made; "" for templates before version 3."""
    content = request.META.get(CONTENT_HEADER, "")[:10]
    return content if content.isascii() and content.isdigit() else ""
