"""/callers/<link>: who is this unknown caller? Opened from the placeholder contact in 3CX.

Opening it makes nothing: links are fetched by programs too. Only the form's button creates, once.
"""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from connector.models import Connection
from connector.people import mirror
from connector.people.searching import find_by_id
from connector.phones import SHORTEST_SUFFIX
from connector.placeholders import Caller, LinkExpired, LinkRefused, open_link
from journaling.creating.created import find_created
from journaling.creating.creation import NotCreated, create_person
from journaling.creating.newcomers import LIMITS, Wish

MOST_SIMILAR = 8
PHONES = ("business", "business2", "mobile", "mobile2", "home", "other", "fax")


class CallerForm(forms.Form):
    """What is known of the caller; Zoho demands a last name."""

    first = forms.CharField(label=_("First name"), required=False, max_length=LIMITS["First_Name"])
    last = forms.CharField(label=_("Last name"), max_length=LIMITS["Last_Name"])
    company = forms.CharField(label=_("Company"), required=False, max_length=LIMITS["Company"])
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=LIMITS["Email"])


@require_http_methods(["GET", "POST"])
@never_cache
def show_caller(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the record, or similar people and a form; POST creates the record, once."""
    try:
        caller = open_link(token)
    except LinkExpired:
        return show(request, "link.html", status=410, expired=True)
    except LinkRefused:
        return show(request, "link.html", status=404)
    if found := find_known(caller):
        return show_known(request, caller, found)
    if request.method == "POST":
        return create(request, caller)
    return ask(request, caller, CallerForm())


def find_known(caller: Caller) -> list[str]:
    """The stored answers of those who have the number by now, without asking Zoho."""
    connection = caller.connection
    if hits := mirror.find_exact(connection, caller.number):
        return [hit.answer for hit in hits]
    made = find_created(connection, number_key=caller.number.key)
    return find_by_id(connection, made.zoho_id) if made else []


def create(request: HttpRequest, caller: Caller) -> HttpResponse:
    form = CallerForm(request.POST)
    if not form.is_valid():
        return ask(request, caller, form, status=422)
    try:
        found = create_person(caller.connection, Wish(number=caller.number, **form.cleaned_data))
    except NotCreated as refusal:
        return ask(request, caller, form, status=refusal.status, wrong=str(refusal.words))
    return show_known(request, caller, found)


def show_known(request: HttpRequest, caller: Caller, found: list[str]) -> HttpResponse:
    people = [json.loads(answer) for answer in found]
    return show(request, "known.html", caller=caller, people=list(map(describe, people)))


def ask(
    request: HttpRequest, caller: Caller, form: CallerForm, *, status: int = 200, wrong: str = ""
) -> HttpResponse:
    return show(
        request,
        "unknown.html",
        status=status,
        caller=caller,
        organisation=caller.connection.grant.organisation.name,
        may_create=caller.connection.contact_creation,
        form=form,
        wrong=wrong,
        similar=list_similar(caller),
        record=Connection.CreateAs(caller.connection.create_as).label,
    )


def list_similar(caller: Caller) -> list[dict[str, Any]]:
    """People whose numbers end like this one: perhaps the prefix was mistyped."""
    hits = mirror.find_ending(caller.connection, caller.number.last_digits(SHORTEST_SUFFIX))
    return [describe(json.loads(hit.answer)) for hit in hits[:MOST_SIMILAR]]


def describe(answer: dict[str, str]) -> dict[str, Any]:
    name = " ".join(filter(None, (answer["first"], answer["last"])))
    phones = dict.fromkeys(answer[key] for key in PHONES if answer[key])
    return {
        "name": name or answer["company"],
        "company": answer["company"] if name else "",
        "module": answer["module"],
        "phones": list(phones),
        "url": answer["url"],
    }


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, f"journaling/caller/{template}", context, status=status)
    # The address opens the page: it is nobody else's business.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
