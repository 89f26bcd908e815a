"""To Zoho's consent page and back."""

import logging

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from connector.access.asking import find_changeable
from connector.auditing import note
from connector.granting.consent import (
    ConsentResult,
    begin_consent,
    find_consent_connection,
    finish_consent,
)
from connector.models import Connection, ConsentRequest
from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho.errors import ZohoError

log = logging.getLogger(__name__)


@require_GET
@never_cache
@staff_member_required
def authorize(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /connections/<pk>/authorize: to Zoho, for someone who may change the connection."""
    connection = find_changeable(request, pk=pk)
    try:
        address = begin_consent(
            connection=connection,
            purpose=ConsentRequest.Purpose.ADMIN,
            session_key=request.session.session_key or "",
        )
    except ZohoError as error:
        return show_failure(request, error, connection=connection)
    return HttpResponseRedirect(address)


@require_GET
@never_cache
def receive_consent(request: HttpRequest) -> HttpResponse:
    """GET /api/oauth2crm: where Zoho sends the person back to."""
    try:
        result = finish_consent(
            params=request.GET.dict(), session_key=request.session.session_key or ""
        )
    except ZohoError as error:
        connection = find_consent_connection(request.GET.get("state", ""))
        return show_failure(request, error, connection=connection)
    log.info("%s: consent %s", result.connection.slug, result.outcome)
    note(result.connection, describe_result(result))
    return show_page(request, f"{result.outcome}.html", result.connection, result=result)


def describe_result(result: ConsentResult) -> Words:
    """For the connection's history."""
    name = result.organisation.name
    if result.outcome == "moved":
        return _("Somebody authorised another organisation: %(organisation)s.", organisation=name)
    user = result.user.email
    return _("Authorised at Zoho: %(organisation)s, as %(user)s.", organisation=name, user=user)


def show_failure(
    request: HttpRequest, error: ZohoError, *, connection: Connection | None
) -> HttpResponse:
    slug = connection.slug if connection else "no connection"
    log.info("%s: consent failed (%s)", slug, error.code)
    response = show_page(request, "failed.html", connection, error=error)
    response.status_code = 400
    return response


def show_page(
    request: HttpRequest, template: str, connection: Connection | None, **context: object
) -> HttpResponse:
    """The way back is shown to those who have one; code and state leave with no link."""
    known = connection if request.user.is_staff else None
    response = render(request, f"connector/consent/{template}", {**context, "connection": known})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
