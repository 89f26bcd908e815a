"""“Try again” and “Leave out” on the page of one call or chat."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from journaling import entries


def may_decide(request: HttpRequest) -> bool:
    """Whoever may change calls may decide about them; nobody edits them."""
    return bool(request.user.has_perm("journaling.change_entry"))


@require_POST
def try_again(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    if not may_decide(request):
        raise PermissionDenied
    done = entries.release([pk], by=request.user.get_username())
    return answer(request, pk=pk, done=done, words=_("It is tried again now."))


@require_POST
def leave_out(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    if not may_decide(request):
        raise PermissionDenied
    done = entries.leave_out([pk], by=request.user.get_username())
    return answer(request, pk=pk, done=done, words=_("It stays out of Zoho."))


def answer(request: HttpRequest, *, pk: int, done: int, words: str) -> HttpResponse:
    if done:
        messages.success(request, words)
    else:
        messages.warning(request, _("Its state changed meanwhile; nothing was done."))
    return HttpResponseRedirect(reverse("admin:journaling_entry_change", args=[pk]))
