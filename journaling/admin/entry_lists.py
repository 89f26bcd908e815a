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
from journaling.admin.entry_search import holds_part
from journaling.admin.private import Reader
from journaling.models import Entry, Event
from journaling.telling.reasons import REASONS, describe_reason

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
"""As many as a masked number shows."""
RARE = 500


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


def search_entries(entries: QuerySet[Entry], text: str, *, reader: Reader) -> QuerySet[Entry]:
    """By number in any format, a part of one, extension, person or reference."""
    wanted = text.strip()
    if not wanted:
        return entries
    digits = read_digits(wanted)
    if len(digits) > LONGEST_EXTENSION:
        whole = filter_number(entries, wanted, digits)
        part = find_part(digits.lstrip("0") or digits, reader=reader)
        return whole if whole.exists() else choose_way(entries, part)
    named = Q(extension=wanted) | Q(reference=wanted.lower()) | holds_part("person", wanted)
    if len(digits) >= SHORTEST_PART:
        named |= find_part(digits, reader=reader)
    return choose_way(entries, named)


def find_part(digits: str, *, reader: Reader) -> Q:
    """Where numbers are masked, by what the mask shows: by parts they could be put together."""
    part = holds_part("number_key", digits)
    if reader.sees is None:
        return part
    shown = Q(number_key=digits)
    if len(digits) == SHORTEST_PART:
        shown |= Q(number_key__endswith=digits)
    return shown | (part & Q(connection__in=reader.sees))


def choose_way(entries: QuerySet[Entry], condition: Q) -> QuerySet[Entry]:
    """What is rare is fetched by its indexes, parts by trigrams; what is frequent is soon found
    among the newest. Asked for the newest of something rare, PostgreSQL would take this way as
    well, and read everything."""
    found = entries.filter(condition)
    rare = list(found.order_by().values_list("pk", flat=True)[: RARE + 1])
    return entries.filter(pk__in=rare) if len(rare) <= RARE else found


def search_events(events: QuerySet[Event], text: str, *, reader: Reader) -> QuerySet[Event]:
    """By number in any format; else the reports of the calls that are found."""
    wanted = text.strip()
    if not wanted:
        return events
    digits = read_digits(wanted)
    if len(digits) > LONGEST_EXTENSION:
        whole = filter_number(events, wanted, digits)
        if whole.exists():
            return whole
    calls = search_entries(Entry.objects.order_by(), wanted, reader=reader)
    return events.filter(entry__in=calls)


def read_digits(wanted: str) -> str:
    """Empty for what has letters in it, and so is no number."""
    return "" if re.search(r"[^\W\d_]", wanted) else re.sub(r"\D", "", wanted)


def filter_number(rows: QuerySet[Any], wanted: str, digits: str) -> QuerySet[Any]:
    """The whole number, read by the rules of each connection, so that 020 7946 0011 finds
    +442079460011. The index begins with the connection, so all of them are named."""
    connections = list(Connection.objects.all())
    keys = {read_number(wanted, connection.number_rules).key for connection in connections}
    return rows.filter(
        connection__in=[connection.pk for connection in connections],
        number_key__in=(keys | {digits, f"+{digits}"}) - {""},
    )


class EntryList(ChangeList):
    """Newest first by the index on the arrival alone: a second column would need a sort."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return ["-created_at"]


class CallList(EntryList):
    """Rows whose reason names a field share one connection each, with the organisation's labels."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        named = [row for row in self.result_list if row.field]
        known = Connection.objects.select_related("grant__organisation").in_bulk(
            {row.connection_id for row in named}
        )
        for row in named:
            row.connection = known[row.connection_id]
