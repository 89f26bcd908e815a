"""What the browser extension asks: /agent/me and /agent/call.

An extension's own requests need no CORS headers, so none are sent: pages of other sites get
nothing from here.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from connector.clicktocall.agents import Caller, build_caller, find_token
from connector.clicktocall.dialling import NotDialled, list_ready_ways, place_call
from connector.clicktocall.links import write_web_client_link
from connector.clicktocall.numbers import find_prefix
from connector.models import DialWay

BEARER = "Bearer "
MOST_BYTES = 10_000

AgentView = Callable[[HttpRequest, Caller], HttpResponse]


def open_to_agent(method: str) -> Callable[[AgentView], Callable[[HttpRequest], HttpResponse]]:
    """A route that an agent's token opens; anything else gets the same 401."""

    def wrap(view: AgentView) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def enter(request: HttpRequest) -> HttpResponse:
            header = request.headers.get("Authorization", "")
            token = find_token(header.removeprefix(BEARER)) if header.startswith(BEARER) else None
            if token is None:
                return refuse_token()
            if request.method != method:
                return HttpResponseNotAllowed([method])
            return view(request, build_caller(token))

        return enter

    return wrap


def refuse_token() -> JsonResponse:
    text = _("The token is not valid (any more). Ask your administrator for a new one.")
    return JsonResponse({"error": "token", "text": text}, status=401)


@open_to_agent("GET")
def describe_me(request: HttpRequest, caller: Caller) -> HttpResponse:
    """GET /agent/me: who the token's owner is, and how they dial.

    `web_client` is the link to dial with while the portal is away; {number} stands for the number
    as `number_format` (e164, national, outside) and `outside_prefix` have it dialled.
    """
    ways = [{"way": way.value, "label": str(way.label)} for way in list_ready_ways(caller)]
    link = write_web_client_link(caller.settings, "")
    prefix = find_prefix(caller.number_format, rules=caller.connection.number_rules)
    return JsonResponse(
        {
            "name": caller.name,
            "extension": caller.extension,
            "connection": caller.connection.name,
            "country": caller.connection.country,
            "internal_digits": caller.connection.internal_digits,
            "number_format": caller.number_format.value,
            "outside_prefix": prefix,
            "way": caller.way.value,
            "ways": ways,
            "web_client": link and link + "{number}",
        }
    )


@open_to_agent("POST")
def call(request: HttpRequest, caller: Caller) -> HttpResponse:
    """POST /agent/call {"number", "module"?, "record_id"?, "way"?} -> {"way", "url"?, "text"}.

    Errors are {"error", "text", "url"?}; with `url` the agent can dial in the web client instead.
    """
    wanted = read_wanted(request)
    if wanted is None:
        return JsonResponse({"error": "json", "text": "A JSON object is expected."}, status=400)
    try:
        done = place_call(caller, **wanted)
    except NotDialled as trouble:
        said = {"error": trouble.code, "text": trouble.text}
        if trouble.url:
            said |= {"way": DialWay.WEB_CLIENT.value, "url": trouble.url}
        return JsonResponse(said, status=trouble.status)
    answer = {"way": done.way.value, "number": done.number, "text": done.text}
    return JsonResponse(answer | ({"url": done.url} if done.url else {}))


def read_wanted(request: HttpRequest) -> dict[str, str] | None:
    """The texts that place_call takes; None when the body is no JSON object."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        body: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    names = ("number", "module", "record_id", "way")
    texts = {name: body[name] for name in names if isinstance(body.get(name), str)}
    return {"number": "", **texts}
