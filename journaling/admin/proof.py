"""The page “Proof” of a connection: each day's calls beside Zoho, and beside the PBX's log."""

import csv
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import ModelAdmin

from connector.access.asking import find_changeable
from connector.access.roles import REPAIR_CONNECTION, VIEW_CONNECTION
from connector.access.scope import covers
from connector.admin.buttons import render_page
from connector.models import Connection
from connector.moments import show_moment
from connector.phones import mask_number
from connector.wording import Wording
from journaling.admin.entry_page import CALL_KINDS
from journaling.admin.private import Reader
from journaling.models import Entry, Reconciliation
from journaling.reconciling.comparing import compare_day, send_again
from journaling.reconciling.days import find_today
from journaling.reconciling.month import (
    CALL_LOG_FIGURES,
    ZOHO_FIGURES,
    Day,
    Kind,
    Month,
    read_month,
)
from journaling.reconciling.words import describe

MOST_FINDINGS = 100


def read_wanted_month(request: HttpRequest, connection: Connection) -> Month:
    """`?month=2026-11`; without it the present one. Raises Http404."""
    text = request.GET.get("month") or find_today(connection).strftime("%Y-%m")
    try:
        first = parse_date(f"{text}-01")
    except ValueError:
        first = None
    if first is None or not 2000 <= first.year <= 2999:
        raise Http404
    return read_month(connection, first)


@require_safe
def show_proof(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    connection = find_changeable(request, pk=pk, right=VIEW_CONNECTION)
    month = read_wanted_month(request, connection)
    today = find_today(connection)
    reader = Reader(request.user)
    return render_page(
        request,
        "admin/connector/connection/proof.html",
        model_admin=model_admin,
        title=_("Proof: %s") % connection.name,
        connection=connection,
        month=month,
        rows=[describe_day(day, reader=reader) for day in month.days],
        total=month.sum_figures(Kind.ZOHO),
        logged=month.sum_figures(Kind.CALL_LOG),
        today=today,
        yesterday=today - timedelta(days=1),
        has_next=month.next <= today,
        may_compare=covers(request.user, REPAIR_CONNECTION, connection),
    )


def describe_day(day: Day, *, reader: Reader) -> dict[str, Any]:
    """Sentences of both halves, and what to look at."""
    row = day.zoho
    return {
        "day": day.day,
        "zoho": describe(row) if row else "",
        "call_log": describe(day.call_log) if day.call_log else "",
        "is_good": bool(row and row.compared_at and not row.figures.get("not_found")),
        "not_found": row.figures.get("not_found", 0) if row else 0,
        "findings": list_findings(row, reader=reader) if row and row.compared_at else [],
        "missing": list_missing(day.call_log, reader=reader) if day.call_log else [],
    }


def list_findings(row: Reconciliation, *, reader: Reader) -> list[dict[str, Any]]:
    """With the entry's number and reference, as far as it still exists."""
    shown = [one for one in row.findings if one.get("code") != "missing"][:MOST_FINDINGS]
    found = Entry.objects.only("pk", "connection", "number", "reference").in_bulk(
        [one["entry"] for one in shown]
    )
    rows = [(one, found[one["entry"]]) for one in shown if one["entry"] in found]
    return [{**one, "row": entry, "number": reader.show_number(entry)} for one, entry in rows]


def list_missing(row: Reconciliation, *, reader: Reader) -> list[dict[str, Any]]:
    """What the PBX's log has and nobody reported."""
    zone, sees = row.connection.time_zone, reader.may_see(row)
    return [
        {
            "number": number if sees else mask_number(number),
            "moment": show_moment(datetime.fromisoformat(one["at"]), zone=zone),
            "words": CALL_KINDS.get(one.get("type", ""), ""),
        }
        for one in row.findings[:MOST_FINDINGS]
        for number in [str(one.get("number", ""))]
    ]


@require_safe
def download_month(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """One line a day with the figures of both halves."""
    connection = find_changeable(request, pk=pk, right=VIEW_CONNECTION)
    month = read_wanted_month(request, connection)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"{connection.slug}-{month.first:%Y-%m}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    columns = [*ZOHO_FIGURES, *(f"pbx_{name}" for name in CALL_LOG_FIGURES)]
    writer.writerow(["day", *columns])
    for day in reversed(month.days):
        writer.writerow([day.day, *list_figures(day)])
    sums = [*month.sum_figures(Kind.ZOHO).values(), *month.sum_figures(Kind.CALL_LOG).values()]
    writer.writerow([f"{month.first:%Y-%m}", *sums])
    return answer


def list_figures(day: Day) -> list[int | str]:
    """Empty where that half was not compared: nothing is not zero."""
    zoho = day.zoho.figures if day.zoho and day.zoho.compared_at else {}
    log = day.call_log.figures if day.call_log and day.call_log.compared_at else {}
    return [
        *((zoho.get(name, 0) if zoho else "") for name in ZOHO_FIGURES),
        *((log.get(name, 0) if log else "") for name in CALL_LOG_FIGURES),
    ]


@require_POST
def compare_now(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """One day, at once. Asks Zoho: an address of its own, outside the form."""
    connection = find_changeable(request, pk=pk, right=REPAIR_CONNECTION)
    day = read_day(request)
    row = compare_day(connection, day)
    if row is None:
        messages.info(request, _("This day is being compared right now."))
    else:
        level = messages.SUCCESS if row.compared_at and not row.trouble else messages.WARNING
        words = f"{row.trouble or describe(row)}"
        messages.add_message(request, level, f"{day:%d.%m.%Y}: {words}")
    return show_month(connection, day)


@require_POST
def send_missing(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """A person has looked: what was not found is sent again after all."""
    connection = find_changeable(request, pk=pk, right=REPAIR_CONNECTION)
    day = read_day(request)
    row = get_object_or_404(Reconciliation, connection=connection, day=day, kind=Kind.ZOHO)
    number = send_again(row, by=request.user.get_username())
    words = ngettext("%(number)s is sent again.", "%(number)s are sent again.", number)
    words %= {"number": number}
    noted = Wording(gettext_noop("Sent again: %(number)s."), number=number)
    model_admin.log_change(request, connection, noted)
    messages.success(request, words)
    return show_month(connection, day)


def read_day(request: HttpRequest) -> date:
    try:
        day = parse_date(request.POST.get("day", ""))
    except ValueError:
        day = None
    if day is None:
        raise Http404
    return day


def show_month(connection: Connection, day: date) -> HttpResponseRedirect:
    url = reverse("admin:connector_connection_proof", args=[connection.pk])
    return HttpResponseRedirect(f"{url}?month={day:%Y-%m}")
