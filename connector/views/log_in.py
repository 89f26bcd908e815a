"""The code after the password, and the page on which people set their own up."""

from typing import Any

import segno
from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from connector.access import second_step
from connector.access.half_way import pass_step
from connector.access.second_step import Answer, find_step
from connector.models import SecondStep

LONGEST_CODE = 40


@require_http_methods(["GET", "POST"])
@never_cache
@staff_member_required
def ask_code(request: HttpRequest) -> HttpResponse:
    """/admin/login/code/: asked after the password, of those who have a second step."""
    target = find_target(request)
    if find_step(request.user) is None:
        return HttpResponseRedirect(target)
    context: dict[str, Any] = {"next": target}
    if request.method == "POST":
        answer = second_step.try_code(request.user, read_code(request))
        if answer == Answer.RIGHT:
            pass_step(request)
            return HttpResponseRedirect(target)
        context["wrong"] = describe(answer)
    status = 403 if "wrong" in context else 200
    return render(request, "connector/log_in_code.html", context, status=status)


def find_target(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is in this portal."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure())
    return wanted if is_ours else reverse("admin:index")


@require_http_methods(["GET", "POST"])
@never_cache
@staff_member_required
def show_own_code(request: HttpRequest) -> HttpResponse:
    """/admin/code/: switch one's own second step on or off, or make new recovery codes."""
    wish = request.POST.get("wish", "")
    context: dict[str, Any] = {}
    if wish in ("begin", "confirm") and find_step(request.user) is None:
        context = set_up(request, is_typed=wish == "confirm")
    elif wish in ("off", "codes"):
        context = change(request, wish=wish)
    return show_page(request, context)


def set_up(request: HttpRequest, *, is_typed: bool) -> dict[str, Any]:
    """The picture to scan, until its first code is right."""
    step = SecondStep.objects.filter(user=request.user.pk).first() if is_typed else None
    step = step or second_step.begin(request.user)
    codes = second_step.confirm(request.user, read_code(request)) if is_typed else None
    if codes:
        pass_step(request)
        return {"codes": codes}
    picture = draw(second_step.describe_secret(step))
    wrong = describe(Answer.WRONG) if is_typed else ""
    return {"picture": picture, "secret": step.secret.reveal(), "wrong": wrong}


def change(request: HttpRequest, *, wish: str) -> dict[str, Any]:
    """Whoever sits down at a browser that was left open cannot switch it off."""
    answer = second_step.try_code(request.user, read_code(request))
    if answer != Answer.RIGHT:
        return {"wrong": describe(answer)}
    if wish == "codes":
        return {"codes": second_step.make_recovery_codes(request.user)}
    second_step.remove(request.user)
    return {}


def read_code(request: HttpRequest) -> str:
    return request.POST.get("code", "")[:LONGEST_CODE]


def describe(answer: Answer) -> str:
    if answer == Answer.CLOSED:
        return _("Too many wrong codes. Wait 15 minutes, then try once more.")
    return _(
        "This code is not right. Each is valid for half a minute and works once; compare the "
        "telephone's clock."
    )


def draw(text: str) -> SafeString:
    """As a picture within the page: no other host learns of it."""
    picture = segno.make(text, micro=False)
    return mark_safe(picture.svg_inline(scale=4, dark="black", light="white"))  # noqa: S308


def show_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    facts = {
        "title": _("Log-in code"),
        "step": find_step(request.user),
        "is_demanded": second_step.is_demanded(request.user),
    }
    return TemplateResponse(
        request, "admin/people/own_code.html", admin.site.each_context(request) | facts | context
    )
