"""The queues page: does everything move, and if not, what stands still and why."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from connector import holds, silence
from connector.access.asking import find_changeable
from connector.access.roles import REPAIR_CONNECTION, REPAIR_ENTRY, VIEW_CONNECTION
from connector.access.scope import narrow
from connector.auditing import note
from connector.counting.pulses import Life, read_life
from connector.models import Connection, ZohoGrant, ZohoOrganisation
from connector.wording import Wording as _
from connector.wording import Words
from journaling import entries
from journaling.health import list_connections
from journaling.lanes import free_lanes
from journaling.models import Entry
from journaling.operating.broker import Waiting, find_trouble, read_queues
from journaling.operating.connection_rows import list_rows
from journaling.operating.database import describe_database
from journaling.operating.engine import find_engine_trouble
from journaling.operating.machines import list_machines
from journaling.operating.workers import ask_workers
from journaling.telling.figures import measure_age
from journaling.telling.spending import list_spending

log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
SPEAK = "connector.change_installation"
"""No role names it, so it is left to administrators of every connection."""


def for_staff_with(permission: str) -> Callable[[View], View]:
    """Staff who are logged in and have the permission; others log in, or are refused."""

    def wrap(view: View) -> View:
        @wraps(view)
        def enter(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            if "pk" in kwargs:
                find_changeable(request, pk=kwargs["pk"], right=permission)
            return view(request, **kwargs)

        return admin.site.admin_view(enter)

    return wrap


@for_staff_with(VIEW_CONNECTION)
@require_safe
def show_queues(request: HttpRequest) -> HttpResponse:
    life = read_life()
    broker_trouble = find_trouble()
    workers = [] if broker_trouble else ask_workers()
    return TemplateResponse(
        request,
        "admin/queues.html",
        admin.site.each_context(request)
        | {
            "title": gettext("Queues"),
            "trouble": find_engine_trouble(
                life=life, broker_trouble=broker_trouble, answering=len(workers)
            ),
            "workers": workers,
            "signs": life.workers,
            "tasks_last_minute": sum_facts(life, "tasks_last_minute"),
            "failures_last_hour": sum_facts(life, "failures_last_hour"),
            "ticked_seconds": int(measure_age(life.ticked_at)) if life.ticked_at else None,
            "broker_trouble": broker_trouble,
            "database": describe_database(),
            "queues": list_queues(),
            "machines": list_machines(),
            "rows": list_rows(narrow(list_connections(), request.user, right=VIEW_CONNECTION)),
            "spending": list_spending(list_organisations(request)),
            "may_pause": list_ids(request, REPAIR_CONNECTION),
            "may_repair": list_ids(request, REPAIR_ENTRY),
            "silence": silence.find_silence(),
            "may_speak": request.user.has_perm(SPEAK),
        },
    )


def list_ids(request: HttpRequest, right: str) -> set[int]:
    """Of the connections for which the person has the right."""
    own = narrow(Connection.objects.all(), request.user, right=right)
    return set(own.values_list("pk", flat=True))


def list_organisations(request: HttpRequest) -> QuerySet[ZohoOrganisation]:
    used = ZohoOrganisation.objects.filter(pk__in=ZohoGrant.objects.values("organisation"))
    return narrow(used.order_by("name"), request.user, right=VIEW_CONNECTION)


def sum_facts(life: Life, name: str) -> int:
    return sum(int(sign.facts.get(name, 0)) for sign in life.workers)


def list_queues() -> list[Waiting]:
    try:
        return read_queues()
    except (redis.RedisError, OSError):
        return []


@for_staff_with(REPAIR_CONNECTION)
@require_POST
def pause(request: HttpRequest, *, pk: int) -> HttpResponse:
    connection = get_object_or_404(Connection, pk=pk)
    holds.pause(pk)
    return answer(request, connection, log=_("Paused."), words=gettext("%s is paused."))


@for_staff_with(REPAIR_CONNECTION)
@require_POST
def resume(request: HttpRequest, *, pk: int) -> HttpResponse:
    connection = get_object_or_404(Connection, pk=pk)
    holds.resume(pk)
    return answer(request, connection, log=_("Resumed."), words=gettext("%s goes on."))


@for_staff_with(REPAIR_ENTRY)
@require_POST
def retry_parked(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Tries everything again that one connection has parked for one reason."""
    connection = get_object_or_404(Connection, pk=pk)
    parked = Entry.objects.filter(
        connection=connection, state=Entry.State.PARKED, reason=request.POST.get("reason", "")
    )
    ids = list(parked.values_list("pk", flat=True))
    number = entries.release(ids, by=request.user.get_username())
    words = ngettext("%(number)s is tried again.", "%(number)s are tried again.", number)
    told = words % {"number": number}
    log = _("Tried again: %(number)s.", number=number)
    return answer(request, connection, log=log, words=f"%s: {told}")


@for_staff_with(REPAIR_ENTRY)
@require_POST
def free_claims(request: HttpRequest, *, pk: int) -> HttpResponse:
    """What a dead worker holds is free at once; what it may have sent is asked for at Zoho."""
    connection = get_object_or_404(Connection, pk=pk)
    free_lanes(connection_id=pk)
    entries.free_claims(connection_id=pk)
    return answer(
        request, connection, log=_("Work set free."), words=gettext("%s: the work is free again.")
    )


@for_staff_with(SPEAK)
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """A person's yes: a restored, moved or copied portal sends again."""
    note(silence.speak(), _("The portal sends again."))
    log.warning("%s lets the portal send again", request.user.get_username())
    messages.success(request, gettext("The portal sends again."))
    return HttpResponseRedirect(reverse("queues"))


def answer(request: HttpRequest, connection: Connection, *, log: Words, words: str) -> HttpResponse:
    """Back to the page, with the repair in the connection's history."""
    assert isinstance(request.user, User)
    connection_admin: Any = admin.site.get_model_admin(Connection)
    connection_admin.log_change(request, connection, log)
    messages.success(request, words % connection.name)
    return HttpResponseRedirect(reverse("queues"))
