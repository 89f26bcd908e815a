"""How somebody gets in: the link to set a password, and taking a lost log-in code away."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from connector.access import second_step
from connector.access.inviting import build_link, count_days, send_link
from connector.auditing import note
from connector.wording import Wording as _


def show_access(page: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows, POST {"wish": "link" | "mail" | "reset"} does; for whoever keeps the users."""
    user = page.get_object(request, str(pk))
    if not page.has_change_permission(request, user):
        raise PermissionDenied
    if user is None:
        raise Http404
    wish = request.POST.get("wish", "") if request.method == "POST" else ""
    link = give_link(request, user, wish=wish) if wish in ("link", "mail") else ""
    if wish == "reset" and second_step.remove(user):
        messages.success(request, gettext("The log-in code is taken away."))
    context: dict[str, Any] = {
        "title": gettext("Access of %s") % user.get_username(),
        "original": user,
        "person": user,
        "link": link,
        "days": count_days(),
        "may_mail": settings.EMAIL_IS_SET_UP and user.email,
        "step": second_step.find_step(user),
        "opts": page.opts,
    }
    answer = TemplateResponse(
        request, "admin/people/access.html", admin.site.each_context(request) | context
    )
    answer["Cache-Control"] = "no-store"
    return answer


def give_link(request: HttpRequest, user: User, *, wish: str) -> str:
    """The link to copy; "" when it went out by mail."""
    link = build_link(user)
    trouble = ""
    if wish == "mail" and settings.EMAIL_IS_SET_UP and user.email:
        trouble = send_link(user, link)
        if not trouble:
            note(user, _("A link to set a password was sent."))
            messages.success(request, gettext("The link was sent to %s.") % user.email)
            return ""
        messages.error(request, gettext("It was not sent: %s") % trouble)
    note(user, _("A link to set a password was shown."))
    return link
