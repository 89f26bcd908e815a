"""The page for a person's request: what is stored about them, and erasing it."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from connector.access.roles import READ_TEXTS
from connector.access.scope import has_everywhere
from connector.models import Connection
from journaling.admin.erasures import ERASE
from journaling.admin.queues import for_staff_with
from journaling.models import Erasure
from journaling.privacy.access import describe_person, write_table
from journaling.privacy.erasing import begin
from journaling.privacy.holdings import Holdings, list_written
from journaling.privacy.noting import note_begun, note_saved
from journaling.privacy.subject import NotAPerson, Subject, find_subjects, refuse_employees


class RequestForm(forms.Form):
    asked = forms.CharField(
        label=gettext_lazy("Number or e-mail"),
        max_length=254,
        help_text=gettext_lazy("A number in any spelling, or an e-mail address."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    connection = forms.ModelChoiceField(
        label=gettext_lazy("Connection"),
        queryset=Connection.objects.order_by("name"),
        required=False,
        empty_label=gettext_lazy("All connections"),
        widget=UnfoldAdminSelectWidget(),
    )


@for_staff_with(ERASE)
@require_http_methods(["GET", "POST"])
def show_privacy(request: HttpRequest) -> HttpResponse:
    form = RequestForm(request.POST or None)
    if not form.is_valid():
        return render(request, form=form)
    asked, chosen = form.cleaned_data["asked"], form.cleaned_data["connection"]
    known = Connection.objects.select_related("grant__organisation").order_by("slug")
    try:
        subjects = find_subjects(asked, connections=[chosen] if chosen else list(known))
        return answer(request, subjects, form=form, asked=asked)
    except NotAPerson as error:
        form.add_error("asked", str(error))
        return render(request, form=form)


def answer(
    request: HttpRequest, subjects: list[Subject], *, form: RequestForm, asked: str
) -> HttpResponse:
    wish = request.POST.get("wish", "")
    if wish in ("json", "csv") and not has_everywhere(request.user, READ_TEXTS):
        raise PermissionDenied  # it holds every text of theirs
    if wish in ("json", "csv"):
        note_saved(subjects, asked=asked)
    if wish == "json":
        text = json.dumps(describe_person(subjects, asked=asked), ensure_ascii=False, indent=2)
        return download(text, name="person.json", content_type="application/json")
    if wish == "csv":
        table = "\ufeff" + write_table(describe_person(subjects, asked=asked))
        return download(table, name="person.csv", content_type="text/csv; charset=utf-8")
    if wish == "erase" and request.POST.get("sure"):
        erasure = begin(subjects, asked=asked, in_zoho=bool(request.POST.get("in_zoho")))
        note_begun(subjects, asked=asked)
        return HttpResponseRedirect(reverse("privacy-erasure", args=[erasure.pk]))
    if wish == "erase":
        refuse_employees(subjects)
        messages.error(request, _("Tick that you are sure; erasing cannot be undone."))
    return render(request, form=form, found=describe_found(subjects))


def describe_found(subjects: list[Subject]) -> list[dict[str, Any]]:
    """How much each connection holds."""
    holdings = [Holdings(subject=subject) for subject in subjects]
    return [
        {
            "connection": one.subject.connection,
            "known_by": ", ".join(sorted(one.subject.keys | one.subject.addresses)),
            "entries": len(one.entry_ids),
            "reports": one.events.count(),
            "people": len(one.people),
            "written": len(list_written(one)),
        }
        for one in holdings
    ]


def download(text: str, *, name: str, content_type: str) -> HttpResponse:
    made = HttpResponse(text, content_type=content_type)
    made["Content-Disposition"] = f'attachment; filename="{name}"'
    made["Cache-Control"] = "no-store"
    return made


def render(
    request: HttpRequest,
    *,
    form: RequestForm,
    found: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "title": _("A person's request"),
        "form": form,
        "found": found,
        "erasures": Erasure.objects.order_by("-pk"),
    }
    page = TemplateResponse(
        request, "admin/privacy.html", admin.site.each_context(request) | context
    )
    page["Cache-Control"] = "no-store"
    return page
