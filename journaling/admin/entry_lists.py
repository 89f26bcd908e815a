"""Filters and search of the list of calls and chats."""

import re
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from connector.models import Connection
from connector.phones import read_number
from journaling.models import Entry
from journaling.reasons import REASONS, describe_reason

BADGES = {
    Entry.State.DELIVERED: "success",
    Entry.State.PARKED: "danger",
    Entry.State.UNKNOWN: "warning",
    Entry.State.WAITING: "info",
    Entry.State.SENDING: "info",
    Entry.State.SETTLING: "info",
    Entry.State.LEFT_OUT: "default",
}


LONGEST_EXTENSION = 4
SHORTEST_PART = 3


class ReasonFilter(admin.SimpleListFilter):
    """Reasons that stand on a call that needs a decision now, and the known ones."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        parked = model_admin.get_queryset(request).filter(state=Entry.State.PARKED).order_by()
        present = set(parked.values_list("reason", flat=True).distinct())
        codes = [*sorted(present - set(REASONS)), *REASONS]
        return [(code, describe_reason(code)) for code in codes if code]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


def search_entries(entries: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    """By number in any format, a part of one, extension, person or reference.

    A number is read by the rules of each connection, so that 020 7946 0011 finds +442079460011.
    """
    wanted = text.strip()
    if not wanted:
        return entries
    digits = re.sub(r"\D", "", wanted)
    is_number = bool(digits) and not re.search(r"[^\W\d_]", wanted)
    if is_number and len(digits) > LONGEST_EXTENSION:
        return search_number(entries, wanted, digits)
    named = Q(extension=wanted) | Q(reference=wanted.lower()) | Q(person__icontains=wanted)
    if is_number and len(digits) >= SHORTEST_PART:
        named |= Q(number_key__contains=digits)
    return entries.filter(named)


def search_number(entries: QuerySet[Entry], wanted: str, digits: str) -> QuerySet[Entry]:
    """The whole number by its index; only what is none is looked for inside of all numbers."""
    whole = entries.filter(Q(number_key__in=list_keys(wanted, digits)) | Q(number=wanted))
    if whole.exists():
        return whole
    part = digits.lstrip("0") or digits
    return entries.filter(number_key__contains=part)


def list_keys(wanted: str, digits: str) -> set[str]:
    keys = {digits, f"+{digits}"}
    for connection in Connection.objects.all():
        keys.add(read_number(wanted, connection.number_rules).key)
    return keys - {""}


class EntryList(ChangeList):
    """Newest first by the index on the arrival alone: a second column would need a sort."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return ["-created_at"]
