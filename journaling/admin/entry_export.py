"""The list of calls as CSV: what is filtered, newest first."""

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from connector.moments import find_zone
from journaling.admin.entry_page import name_kind
from journaling.admin.private import Reader
from journaling.models import Entry
from journaling.telling.csv_cells import defuse
from journaling.telling.reasons import describe_reason

MOST_ROWS = 100_000


class Echo:
    """csv writes into it and gets the line back."""

    def write(self, line: str) -> str:
        return line


def export_entries(entries: QuerySet[Entry], *, reader: Reader) -> StreamingHttpResponse:
    writer = csv.writer(Echo())
    lines = (writer.writerow(row) for row in list_rows(entries, reader=reader))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="calls.csv"'
    return answer


def list_rows(entries: QuerySet[Entry], *, reader: Reader) -> Iterator[list[Any]]:
    # Spreadsheets take the file for UTF-8 by this mark.
    yield [
        "\ufeff" + _("started"), _("connection"), _("kind"), _("state"), _("number"), _("person"),
        _("extension"), _("queue"), _("reason"), _("reference"), "Zoho ID",
    ]  # fmt: skip
    chosen = entries.select_related("connection").order_by("-created_at")
    for entry in chosen[:MOST_ROWS].iterator(chunk_size=1000):
        moment = (entry.started_at or entry.created_at).astimezone(
            find_zone(entry.connection.time_zone)
        )
        texts = [
            entry.connection.name, name_kind(entry), entry.get_state_display(),
            reader.show_number(entry),
            entry.person, entry.extension, entry.queue, describe_reason(entry.reason),
            entry.reference, entry.zoho_id,
        ]  # fmt: skip
        yield [moment.isoformat(timespec="seconds"), *(defuse(text) for text in texts)]
