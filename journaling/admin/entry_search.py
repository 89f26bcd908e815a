"""Calls and reports by a number, a part of one, an extension, a name or a reference."""

import re
from typing import Any

from django.contrib.admin.views.main import PAGE_VAR
from django.db import connection as database
from django.db.models import Case, F, Q, QuerySet, Subquery, When
from django.db.models.expressions import OrderBy, RawSQL
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from connector.admin.readonly import ReadOnlyAdmin
from connector.models import Connection
from connector.phones import read_number
from journaling.admin.private import Reader
from journaling.models import Entry, Event

LONGEST_EXTENSION = 4
SHORTEST_PART = 3
"""As many as a masked number shows."""
NEWEST = (10_000, 50_000)
"""Calls that are read by time to see whether what is looked for fills a page; the further ones when
among the first is a part of it. Ten thousand take about three milliseconds."""
PROMISING = 5
FURTHEST_PAGE = 20
LOOKUPS = {"person": "icontains", "number_key": "contains"}
"""As PostgreSQL's indexes are made (migration 0022)."""
FOUND = "SELECT rowid FROM journaling_entrytext WHERE journaling_entrytext MATCH %s"
"""SQLite's, made by migration 0027."""
TRIGRAM = 3


def search_entries(
    entries: QuerySet[Entry], text: str, *, reader: Reader, page: int
) -> QuerySet[Entry]:
    """Newest first, which the list has them in already."""
    wanted = text.strip()
    if not wanted:
        return entries
    whole = find_whole(entries, wanted)
    if whole is not None:
        return whole
    condition = read_condition(wanted, reader=reader)
    found = entries.filter(condition)
    if is_frequent(entries, condition, page=page):
        return found
    return found.order_by(sort_all("created_at"))


def search_events(
    events: QuerySet[Event], text: str, *, reader: Reader, page: int
) -> QuerySet[Event]:
    """By number; else the reports of the calls that are found."""
    wanted = text.strip()
    if not wanted:
        return events
    whole = find_whole(events, wanted)
    if whole is not None:
        return whole
    calls = find_whole(Entry.objects.all(), wanted)
    if calls is not None:
        return events.filter(entry__in=calls)
    condition = read_condition(wanted, reader=reader)
    found = events.filter(entry__in=Entry.objects.filter(condition))
    if is_frequent(Entry.objects.all(), condition, page=page):
        return found
    return found.order_by(sort_all("pk"))


def read_page(request: HttpRequest) -> int:
    text = request.GET.get(PAGE_VAR, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def find_whole(rows: QuerySet[Any], wanted: str) -> QuerySet[Any] | None:
    """None when no row has the whole number. It is read by the rules of each connection, so that
    020 7946 0011 finds +442079460011. The index begins with the connection, so all are named."""
    digits = read_digits(wanted)
    if len(digits) <= LONGEST_EXTENSION:
        return None
    connections = list(Connection.objects.all())
    keys = {read_number(wanted, connection.number_rules).key for connection in connections}
    found = rows.filter(
        connection__in=[connection.pk for connection in connections],
        number_key__in=(keys | {digits, f"+{digits}"}) - {""},
    )
    return found if found.exists() else None


def read_condition(wanted: str, *, reader: Reader) -> Q:
    digits = read_digits(wanted)
    if len(digits) > LONGEST_EXTENSION:
        return find_part(digits.lstrip("0") or digits, reader=reader)
    named = Q(reference=wanted.lower()) | holds_part("person", wanted)
    if digits:
        # Of words as well PostgreSQL would expect that a call of some hundred has them here.
        named |= Q(extension=wanted)
    if len(digits) >= SHORTEST_PART:
        named |= find_part(digits, reader=reader)
    return named


def read_digits(wanted: str) -> str:
    """Empty for what has letters in it, and so is no number."""
    return "" if re.search(r"[^\W\d_]", wanted) else re.sub(r"\D", "", wanted)


def find_part(digits: str, *, reader: Reader) -> Q:
    """Where numbers are masked, by what the mask shows: by parts they could be put together."""
    part = holds_part("number_key", digits)
    if reader.sees is None:
        return part
    shown = Q(number_key=digits)
    if len(digits) == SHORTEST_PART:
        shown |= Q(number_key__endswith=digits)
    return shown | (part & Q(connection__in=reader.sees))


def holds_part(column: str, part: str) -> Q:
    """By the database's own trigrams. One or two letters are a trigram where a word begins, and are
    looked for there."""
    if column == "person" and len(part) < TRIGRAM:
        return Q(person__istartswith=part) | Q(person__icontains=f" {part}")
    if database.vendor == "postgresql" or len(part) < TRIGRAM:
        return Q(**{f"{column}__{LOOKUPS[column]}": part})
    quoted = part.replace('"', '""')
    return Q(pk__in=RawSQL(FOUND, [f'{column} : "{quoted}"']))  # noqa: S611


def is_frequent(entries: QuerySet[Entry], condition: Q, *, page: int) -> bool:
    """Whether the newest calls fill the pages up to this one: then those are read by time until the
    page is full. What is rarer is fetched by its indexes: read by time, five calls of somebody
    would be looked for in all the years."""
    if page > FURTHEST_PAGE:
        return False
    wanted = ReadOnlyAdmin.list_per_page * page
    for newest in NEWEST:
        number = len(list_among(entries, condition, newest=newest * page)[:wanted])
        if number == wanted:
            return True
        if number * PROMISING < wanted:
            return False
    return False


def list_among(entries: QuerySet[Entry], condition: Q, *, newest: int) -> QuerySet[Entry, int]:
    """Ids. No index knows what a CASE holds, so that nothing but the newest calls is read. Asked in
    any other way PostgreSQL may choose the trigrams, and first collects every call that has them.
    """
    edge = Entry.objects.order_by("-created_at").values("created_at")[newest : newest + 1]
    found = entries.alias(holds=Case(When(condition, then=True), default=False)).filter(
        holds=True, created_at__gt=Subquery(edge)
    )
    return found.order_by("-created_at").values_list("pk", flat=True)


def sort_all(column: str) -> OrderBy:
    """Newest first, of all that is found: by the column itself PostgreSQL may hope to meet a page
    of something rare soon, and read everything on the way."""
    return Coalesce(F(column), F(column)).desc()
