"""/dial: the page behind a custom link or button of Zoho, for those without the extension.

Opening it never dials: a link may be fetched by anyone, and by programs too.
"""

from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from connector.clicktocall.agents import Caller, build_caller, find_token, find_user_caller
from connector.clicktocall.dialling import NotDialled, place_call
from connector.clicktocall.numbers import LONGEST_TYPED, NotDiallable, read_dialled
from connector.models import AgentToken, DialWay

COOKIE = "agent"
KEPT_SECONDS = 90 * 24 * 3600


@require_http_methods(["GET", "POST"])
@never_cache
def show_dial_page(request: HttpRequest) -> HttpResponse:
    """GET /dial?number=&module=&id= shows a button (or asks for the token); its POST dials."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = {
        "number": asked.get("number", "")[:LONGEST_TYPED],
        "module": asked.get("module", "")[:40],
        "record_id": asked.get("id", "")[:40],
    }
    if request.method == "POST" and "token" in request.POST:
        return sign_in(request, wanted)
    caller = find_caller(request)
    if caller is None:
        return show(request, "sign_in.html", wanted=wanted)
    if request.method == "POST":
        return dial(request, caller, wanted)
    return ask(request, caller, wanted)


def ask(request: HttpRequest, caller: Caller, wanted: dict[str, str]) -> HttpResponse:
    """The number as it was understood; what holds none is told before anybody presses Call."""
    try:
        read = read_dialled(wanted["number"], caller.connection.number_rules)
    except NotDiallable:
        trouble = NotDialled(_("There is no phone number in it."), code="no_number")
        return show(request, "trouble.html", trouble=trouble, status=trouble.status)
    return show(request, "ask.html", caller=caller, wanted=wanted, number=read.key)


def sign_in(request: HttpRequest, wanted: dict[str, str]) -> HttpResponse:
    """Keeps which token it was, signed, in a cookie that pages' scripts cannot read."""
    token = find_token(request.POST["token"].strip())
    if token is None:
        wrong = _("This token is not valid (any more).")
        return show(request, "sign_in.html", wanted=wanted, wrong=wrong, status=403)
    response = ask(request, build_caller(token), wanted)
    response.set_cookie(
        COOKIE,
        TimestampSigner(salt=COOKIE).sign(str(token.pk)),
        max_age=KEPT_SECONDS,
        path="/dial",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def find_caller(request: HttpRequest) -> Caller | None:
    """By the cookie of an earlier visit, else by the portal's own sign-in."""
    try:
        signed = request.COOKIES.get(COOKIE, "")
        pk = TimestampSigner(salt=COOKIE).unsign(signed, max_age=KEPT_SECONDS)
    except BadSignature:
        return find_user_caller(getattr(request, "user", AnonymousUser()))
    valid = AgentToken.objects.filter(pk=pk, revoked_at__isnull=True)
    token = valid.select_related("connection__dialling").first()
    return build_caller(token) if token else None


def dial(request: HttpRequest, caller: Caller, wanted: dict[str, str]) -> HttpResponse:
    try:
        done = place_call(caller, **wanted)
    except NotDialled as trouble:
        return show(request, "trouble.html", trouble=trouble, status=trouble.status)
    if done.way == DialWay.WEB_CLIENT:
        return HttpResponseRedirect(done.url)
    return show(request, "done.html", done=done)


def show(
    request: HttpRequest, template: str, *, status: int = 200, **context: object
) -> HttpResponse:
    response = render(request, f"connector/dial/{template}", context, status=status)
    # The address holds a person's number.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
