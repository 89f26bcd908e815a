"""The short link in Zoho leads to the call's page, for whoever may see it there."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from connector.access.scope import narrow
from journaling.models import Entry


@staff_member_required
def open_call_page(request: HttpRequest, *, reference: str) -> HttpResponse:
    seen = narrow(Entry.objects.all(), request.user, right="journaling.view_entry")
    entry = get_object_or_404(seen.only("pk"), reference=reference)
    return redirect("admin:journaling_entry_change", entry.pk)
