"""Buttons of the connection's page: own addresses, outside the form and its transaction."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from connector import holds
from connector.access.asking import find_changeable
from connector.access.roles import REPAIR_CONNECTION
from connector.auth import make_key
from connector.extensions import read_extensions
from connector.models import Connection
from connector.threecx.download import template_for
from connector.threecx.template import VERSION
from connector.wording import Wording as _


def show_connection(connection: Connection, *, tab: str = "") -> HttpResponseRedirect:
    url = reverse("admin:connector_connection_change", args=[connection.pk])
    return HttpResponseRedirect(f"{url}#{tab}" if tab else url)


def render_page(
    request: HttpRequest, template: str, *, model_admin: ModelAdmin, **context: Any
) -> TemplateResponse:
    """A page in the admin's frame."""
    frame = model_admin.admin_site.each_context(request)
    return TemplateResponse(request, template, frame | context)


@require_POST
def pause(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    connection = find_changeable(request, pk=pk, right=REPAIR_CONNECTION)
    holds.pause(pk)
    model_admin.log_change(request, connection, _("Paused."))
    messages.success(request, gettext("Paused. Reports are still stored; nothing is sent to Zoho."))
    return show_connection(connection)


@require_POST
def resume(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Ends a pause and a hold alike; when the trouble is still there, the hold returns."""
    connection = find_changeable(request, pk=pk, right=REPAIR_CONNECTION)
    holds.resume(pk)
    model_admin.log_change(request, connection, _("Resumed."))
    messages.success(request, gettext("Resumed. What waited is sent now."))
    return show_connection(connection)


@require_POST
def show_new_key(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Makes a key and shows it, once."""
    connection = find_changeable(request, pk=pk)
    older = connection.pbx_keys.order_by("-created_at").first()
    key = make_key(connection)
    model_admin.log_change(request, connection, _("New key …%(ending)s.", ending=key[-4:]))
    return render_page(
        request,
        "admin/connector/connection/new_key.html",
        model_admin=model_admin,
        title=gettext("New key for %s") % connection.name,
        connection=connection,
        key=key,
        older=older,
    )


@require_POST
def read_from_pbx(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Extensions and queues, over the PBX's API."""
    connection = find_changeable(request, pk=pk)
    reading = read_extensions(connection)
    if reading.trouble:
        messages.error(request, str(reading.trouble))
    else:
        model_admin.log_change(request, connection, _("Read extensions from the PBX."))
        messages.success(request, gettext("Extensions and queues were read from the PBX."))
    return show_connection(connection, tab="extensions")


def download_template(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """The CRM template as a file; its name tells the connection and the version."""
    connection = find_changeable(request, pk=pk)
    answer = HttpResponse(template_for(connection), content_type="application/xml")
    name = f"patchbay-{connection.slug}-v{VERSION}.xml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
