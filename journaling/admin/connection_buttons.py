"""Buttons of the connection's page that concern the journal as well."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from connector.access.asking import find_changeable
from connector.admin.buttons import render_page, show_connection
from connector.models import Connection
from connector.wording import Wording as _
from journaling.journals import load_journal
from journaling.setup.move import confirm_move
from journaling.trying.demo import SLUG as DEMO_SLUG
from journaling.trying.demo import remove_demo


def create_connection(connection: Connection) -> None:
    """Saves a new connection; its texts follow the language."""
    with transaction.atomic():
        connection.save()
        load_journal(connection)


def confirm_moving(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Asks before the connection writes to another organisation."""
    connection = find_changeable(request, pk=pk)
    proposed = getattr(connection, "proposed_grant", None)
    if proposed is None:
        messages.info(request, gettext("There is no move to confirm."))
        return show_connection(connection, tab="zoho")
    if request.method == "POST":
        words = _("Moved to %(organisation)s.", organisation=proposed.organisation.name)
        confirm_move(connection)
        model_admin.log_change(request, connection, words)
        messages.success(request, str(words))
        return show_connection(connection, tab="zoho")
    return render_page(
        request,
        "admin/connector/connection/move.html",
        model_admin=model_admin,
        title=gettext("Move %s to another organisation?") % connection.name,
        connection=connection,
        old=getattr(connection, "grant", None),
        new=proposed,
    )


def confirm_removing_demo(
    request: HttpRequest, *, pk: int, model_admin: ModelAdmin
) -> HttpResponse:
    connection = find_changeable(request, pk=pk)
    if connection.slug != DEMO_SLUG:
        raise Http404
    if request.method == "POST":
        remove_demo()
        messages.success(request, gettext("The demo is gone."))
        return HttpResponseRedirect(reverse("admin:index"))
    return render_page(
        request,
        "admin/connector/connection/remove_demo.html",
        model_admin=model_admin,
        title=_("Remove the demo?"),
        connection=connection,
    )
