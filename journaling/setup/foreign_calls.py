"""Calls that other programs write into the organisation: every call would stand there twice."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from connector.models import Connection
from connector.zoho import records
from connector.zoho.client import ZohoClient
from journaling.models import Entry

WINDOW = timedelta(days=1)
SAME_START = timedelta(seconds=60)
MOST_ROWS = 200
OWN_TITLE = "3CX PhoneSystem"
"""How 3CX's own integration begins its titles."""


def list_foreign(connection: Connection, client: ZohoClient) -> list[str]:
    """Titles of the last day's calls that another program wrote. Raises ZohoError.

    PhoneBridge marks its calls by CTI_Entry; others give themselves away by 3CX's title, or by
    the start of a call that we wrote as well. What people enter by hand does not count.
    """
    rows = read_newest(connection, client)
    ids = [str(row["id"]) for row in rows]
    known = Entry.objects.filter(zoho_id__in=ids).values_list("zoho_id", flat=True)
    ours = set(known)
    starts = [read_start(row) for row in rows if str(row["id"]) in ours]
    return [
        str(row.get("Subject") or "")
        for row in rows
        if str(row["id"]) not in ours and is_written_by_program(row, starts=starts)
    ]


def read_newest(connection: Connection, client: ZohoClient) -> list[dict[str, Any]]:
    known = connection.grant.organisation.fields.get("Calls", {})
    columns = ["id", "Subject", "Call_Start_Time", *({"CTI_Entry"} & set(known))]
    since = (timezone.now() - WINDOW).isoformat(timespec="seconds")
    select = f"select {', '.join(columns)} from Calls where Created_Time >= "  # noqa: S608
    return records.query(client, f"{select}{records.quote_coql(since)} limit {MOST_ROWS}")


def is_written_by_program(row: dict[str, Any], *, starts: list[datetime | None]) -> bool:
    if row.get("CTI_Entry") or str(row.get("Subject") or "").startswith(OWN_TITLE):
        return True
    began_at = read_start(row)
    return began_at is not None and any(
        other is not None and abs(other - began_at) <= SAME_START for other in starts
    )


def read_start(row: dict[str, Any]) -> datetime | None:
    try:
        return parse_datetime(str(row.get("Call_Start_Time") or ""))
    except ValueError:
        return None
