"""Buttons on the page of one call or chat."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from connector.access.roles import REPAIR_ENTRY
from connector.access.scope import covers, narrow
from connector.auditing import note
from connector.models import UnreadableSecret
from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho.errors import ZohoError
from journaling import entries
from journaling.admin.bench_form import RECORD_LINK
from journaling.correcting.card_by_hand import put_on
from journaling.entries.amending import mark_done, take_candidate
from journaling.models import Entry


def find_decidable(request: HttpRequest, *, pk: int) -> Entry:
    """For someone who may decide about it; nobody edits it.

    Raises PermissionDenied, or Http404 for whoever may not even see it.
    """
    seen = narrow(Entry.objects.all(), request.user, right="journaling.view_entry")
    entry = get_object_or_404(seen, pk=pk)
    if not covers(request.user, REPAIR_ENTRY, entry):
        raise PermissionDenied
    return entry


@require_POST
def try_again(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    find_decidable(request, pk=pk)
    done = entries.release([pk], by=request.user.get_username())
    return answer(request, pk=pk, done=done, words=_("It is tried again now."))


@require_POST
def leave_out(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    find_decidable(request, pk=pk)
    done = entries.leave_out([pk], by=request.user.get_username())
    return answer(request, pk=pk, done=done, words=_("It stays out of Zoho."))


@require_POST
def mark_as_done(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    find_decidable(request, pk=pk)
    done = mark_done(pk, by=request.user.get_username())
    return answer(request, pk=pk, done=done, words=_("It is marked as done and never sent."))


@require_POST
def choose_candidate(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    find_decidable(request, pk=pk)
    zoho_id = request.POST.get("zoho_id", "")
    done = take_candidate(pk, zoho_id=zoho_id, by=request.user.get_username())
    return answer(request, pk=pk, done=done, words=_("This record of Zoho is the call."))


@require_POST
def put_on_person(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """The card changes in place, in Zoho first; the address of the person's page says whose."""
    entry = find_decidable(request, pk=pk)
    if entry.state != Entry.State.DELIVERED:
        raise Http404
    found = RECORD_LINK.search(request.POST.get("person", "").strip())
    if not found or not found[1]:
        words = _("Copy the address of the record's page, like …/tab/Contacts/5187…")
        messages.error(request, str(words))
        return show_entry(pk)
    try:
        name = put_on(entry, module=found[1], zoho_id=found[2], by=request.user.get_username())
    except (ZohoError, UnreadableSecret) as error:
        messages.error(request, gettext("Zoho did not move it: %s") % error)
        return show_entry(pk)
    return answer(request, pk=pk, done=True, words=_("It stands on %(name)s now.", name=name))


def answer(request: HttpRequest, *, pk: int, done: bool | int, words: Words) -> HttpResponse:
    if done:
        note(Entry.objects.get(pk=pk), words)
        messages.success(request, str(words))
    else:
        messages.warning(request, gettext("Its state changed meanwhile; nothing was done."))
    return show_entry(pk)


def show_entry(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:journaling_entry_change", args=[pk]))
