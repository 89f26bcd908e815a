"""Buttons of the set-up checklist. They talk to Zoho: own addresses, outside the form."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from connector.access.asking import find_changeable
from connector.access.roles import REPAIR_CONNECTION
from connector.admin.buttons import show_connection
from connector.models import UnreadableSecret
from connector.moments import show_moment
from connector.wording import Wording as _
from connector.zoho.errors import ZohoError
from journaling.journals import load_journal
from journaling.setup.field_checks import list_faults, list_unfilled
from journaling.setup.live_checks import run_live_checks
from journaling.setup.reference_field import make_reference_field
from journaling.trying.trial_button import send_test_call


@require_POST
def run_test(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    connection = find_changeable(request, pk=pk, right=REPAIR_CONNECTION)
    for finding in run_live_checks(connection):
        level = messages.SUCCESS if finding.is_good else messages.ERROR
        messages.add_message(request, level, finding.sentence)
    return show_connection(connection)


@require_POST
def run_test_call(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    connection = find_changeable(request, pk=pk, right=REPAIR_CONNECTION)
    try:
        outcome = send_test_call(connection)
    except (ZohoError, UnreadableSecret) as error:
        messages.error(request, gettext("Zoho: %s") % error)
        return show_connection(connection)
    levels = {True: messages.SUCCESS, False: messages.ERROR, None: messages.INFO}
    messages.add_message(request, levels[outcome.is_good], outcome.sentence)
    model_admin.log_change(request, connection, _("Sent a test call."))
    return show_connection(connection)


@require_POST
def make_field(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    connection = find_changeable(request, pk=pk)
    try:
        lacking = make_reference_field(connection)
    except (ZohoError, UnreadableSecret) as error:
        messages.error(request, gettext("Zoho did not make the field: %s") % error)
        return show_connection(connection)
    if lacking:
        words = _(
            "%(name)s exists in %(modules)s but is not unique: rename it in Zoho.",
            name=connection.reference_field,
            modules=lacking,
        )
        messages.warning(request, str(words))
    else:
        words = _("%(name)s is there.", name=connection.reference_field)
        messages.success(request, str(words))
    model_admin.log_change(request, connection, words)
    return show_connection(connection)


@require_POST
def begin_now(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Calls that began before this moment stay those of whoever wrote them until now."""
    connection = find_changeable(request, pk=pk)
    journal = load_journal(connection)
    journal.journal_from = timezone.now().replace(microsecond=0)
    journal.save(update_fields=["journal_from"])
    moment = show_moment(journal.journal_from, zone=connection.time_zone)
    messages.success(request, gettext("Calls are written that begin from %s on.") % moment)
    return show_connection(connection)


@require_POST
def fill_field(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Gives one mandatory field of the checklist its text."""
    connection = find_changeable(request, pk=pk)
    journal = connection.journal
    asked = (request.POST.get("column"), request.POST.get("name"))
    text = request.POST.get("text", "").strip()
    offered = list_unfilled(journal, connection=connection)
    wanted = next((one for one in offered if (one["column"], one["name"]) == asked), None)
    if wanted is None:
        raise Http404
    column, name = wanted["column"], wanted["name"]
    faults = list_faults(column, {name: text}, connection=connection)
    if faults or not text:
        messages.error(request, " ".join(faults) or gettext("Type what the field shall hold."))
        return show_connection(connection)
    getattr(journal, column)[name] = text
    journal.save(update_fields=[column])
    model_admin.log_change(request, connection, f"{name} = {text}")
    messages.success(request, gettext("%(label)s is filled with “%(text)s” from now on.") % {
        "label": wanted["label"], "text": text,
    })  # fmt: skip
    return show_connection(connection)
