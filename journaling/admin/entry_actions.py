"""Bulk actions on calls: they count before they act, and leave a line in the history."""

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from unfold.admin import ModelAdmin

from connector.admin.buttons import render_page
from connector.auditing import note
from connector.models import Connection
from connector.wording import Wording, Words
from connector.wording import Wording as _
from journaling.models import Entry

COUNTED = "%(words)s (%(number)s)"
TRIED, LEFT_OUT, SAVED = _("Tried again."), _("Left out."), _("Saved as CSV.")
MOST_AT_ONCE = 10_000
"""Calls that one press decides about."""


def list_chosen(queryset: QuerySet[Entry]) -> list[int]:
    return list(queryset.values_list("pk", flat=True)[:MOST_AT_ONCE])


def ask_first(
    request: HttpRequest, ids: list[int], *, action: str, words: str, model_admin: ModelAdmin
) -> TemplateResponse:
    """How many were ticked, and how many there are on further pages of the same list."""
    changes = model_admin.get_changelist_instance(request)
    whole = changes.get_queryset(request)[: MOST_AT_ONCE + 1].count()
    return render_page(
        request,
        "admin/journaling/entry/ask.html",
        model_admin=model_admin,
        title=words % count_calls(len(ids)),
        action=action,
        ids=ids,
        list_url=request.get_full_path(),
        whole=count_calls(whole) if len(ids) < whole <= MOST_AT_ONCE else "",
        is_too_long=whole > MOST_AT_ONCE,
        most=MOST_AT_ONCE,
    )


def count_calls(number: int) -> str:
    return ngettext("%(number)s call", "%(number)s calls", number) % {"number": number}


def note_chosen(chosen: QuerySet[Entry], words: Words) -> None:
    """One line for each connection, however many calls were chosen."""
    counts = chosen.order_by().values("connection").annotate(number=Count("pk"))
    numbers = dict(counts.values_list("connection", "number"))
    for connection in Connection.objects.filter(pk__in=numbers):
        note(connection, Wording(COUNTED, words=words, number=numbers[connection.pk]))


def tell_released(request: HttpRequest, *, number: int, chosen: int) -> None:
    text = ngettext(
        "%(number)s of %(chosen)s is tried again now.",
        "%(number)s of %(chosen)s are tried again now.",
        number,
    ) % {"number": number, "chosen": chosen}
    if number < chosen:
        text += " " + gettext("The others are in Zoho already or on their way.")
    messages.add_message(request, messages.SUCCESS if number else messages.WARNING, text)
