"""Unknown outcomes: ask Zoho whether the record exists before anything is sent again.

Zoho knows no idempotency key. The search index lags behind, so records are asked for by COQL,
which does not; what is ours carries our reference. Where a unique field holds that, nobody is
asked: Zoho itself refuses the second record.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Rejected
from connector.zoho.records import quote_coql
from journaling import entries
from journaling.creating.strangers import find_in_zoho
from journaling.guards import DOUBT, UNANSWERED, find_guards
from journaling.models import Entry
from journaling.trace import note

SECOND_LOOK = timedelta(minutes=1)
CLOCK_SLACK = timedelta(minutes=5)
"""Our clock and Zoho's may differ."""

MOST_ROWS = 2000
MOST_VALUES = 50

DATE_FIELDS = {"Calls": "Call_Start_Time", "Tasks": "Due_Date"}
COMPARED = {
    "Calls": ("Subject", "Call_Type", "Who_Id", "What_Id"),
    "Tasks": ("Subject", "Who_Id", "What_Id"),
}
AUTHOR = "Created_By"
LISTS = {"Notes": "Note_Title,Note_Content", "Attachments": "File_Name"}


def check_unknown(client: ZohoClient, *, token: uuid.UUID, unknown: Sequence[Entry]) -> None:
    """Decide about entries that may or may not be in Zoho. Raises the connection's own errors."""
    guarded = [entry.pk for entry in unknown if entry.reason == DOUBT and find_guards(entry)]
    entries.send_guarded(token, guarded)
    ask(client, token=token, unknown=[entry for entry in unknown if entry.pk not in guarded])


def ask(client: ZohoClient, *, token: uuid.UUID, unknown: Sequence[Entry]) -> None:
    """A question that Zoho does not take is parted until the entry to blame is alone, and
    parked."""
    if not unknown:
        return
    try:
        candidates = find_candidates(client, unknown)
    except Rejected as error:
        half = len(unknown) // 2
        if half:
            ask(client, token=token, unknown=unknown[:half])
            ask(client, token=token, unknown=unknown[half:])
        else:
            park(unknown[0], error, token=token)
        return
    decide(candidates, token=token)


def park(entry: Entry, error: Rejected, *, token: uuid.UUID) -> None:
    """A person has to look whether Zoho has it. "Try again" asks once more, and when Zoho does not
    take that either, sends it."""
    was_parked = any(row["code"] == "parked" and row.get("reason") == DOUBT for row in entry.trace)
    reason = UNANSWERED if was_parked else DOUBT
    note(entry, "parked", reason=reason, words=error.words)
    entries.park(token, entry, reason=reason, words=error.words)


def decide(candidates: Sequence[tuple[Entry, list[dict[str, Any]]]], *, token: uuid.UUID) -> None:
    found: list[Entry] = []
    for entry, rows in candidates:
        if len(rows) == 1:
            entry.zoho_id = str(rows[0]["id"])
            note(entry, "found_delivered", zoho_id=entry.zoho_id)
            found.append(entry)
        elif rows:
            ids = [str(row["id"]) for row in rows]
            note(entry, "parked", reason="several_candidates", candidates=ids)
            entries.park(token, entry, reason="several_candidates", words=", ".join(ids))
        elif entry.checks:
            note(entry, "checked", found=False, again=False)
            entries.send_again(token, entry)
        else:
            note(entry, "checked", found=False, again=True)
            entries.check_later(token, entry, wait=SECOND_LOOK)
    entries.mark_delivered(token, found)


def find_candidates(
    client: ZohoClient, unknown: Sequence[Entry]
) -> list[tuple[Entry, list[dict[str, Any]]]]:
    module = unknown[0].module
    if unknown[0].kind == Entry.Kind.PERSON:
        return [(entry, find_in_zoho(client, entry)) for entry in unknown]
    if module in LISTS:
        return [(entry, find_follower(client, entry)) for entry in unknown]
    rows = query_batch(client, module=module, unknown=unknown)
    taken = set(
        Entry.objects.filter(zoho_id__in=[str(row["id"]) for row in rows]).values_list(
            "zoho_id", flat=True
        )
    )
    free = [row for row in rows if str(row["id"]) not in taken]
    author = unknown[0].connection.grant.user_zoho_id
    choices = []
    for entry in unknown:
        fitting = choose_candidates(entry, free, author=author)
        choices.append((entry, fitting))
        if len(fitting) == 1:  # two calls with the same facts cannot both be this record
            free.remove(fitting[0])
    return choices


def query_batch(
    client: ZohoClient, *, module: str, unknown: Sequence[Entry]
) -> list[dict[str, Any]]:
    """All records of the batch's moments that were written since the first try."""
    field = DATE_FIELDS[module]
    moments = sorted({str((entry.record or {}).get(field, "")) for entry in unknown} - {""})
    since = min(entry.first_sent_at for entry in unknown if entry.first_sent_at) - CLOCK_SLACK
    wanted = ", ".join(("id", field, AUTHOR, *COMPARED[module]))
    select = f"select {wanted} from {module} where ({field} in (%s) and Created_Time >= "  # noqa: S608
    select += f"{quote_coql(since.isoformat(timespec='seconds'))}) limit {MOST_ROWS}"
    rows: list[dict[str, Any]] = []
    for start in range(0, len(moments), MOST_VALUES):
        values = ", ".join(quote_coql(moment) for moment in moments[start : start + MOST_VALUES])
        rows += records.query(client, select % values)
    return [{**row, **texts} for row, texts in add_descriptions(client, module=module, rows=rows)]


def add_descriptions(
    client: ZohoClient, *, module: str, rows: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """COQL is not documented to show multi-line texts, so they are read by id."""
    texts = {
        str(row["id"]): {"Description": row.get("Description")}
        for row in records.read_records(
            client, module=module, zoho_ids=[str(r["id"]) for r in rows], fields=["Description"]
        )
    }
    return [(row, texts.get(str(row["id"]), {})) for row in rows]


def choose_candidates(
    entry: Entry, rows: Sequence[dict[str, Any]], *, author: str
) -> list[dict[str, Any]]:
    """Records with our reference, whoever was authorised then; else those that our user wrote with
    our facts, whose text is hidden or ours."""
    marked = [row for row in rows if entry.reference in str(row.get("Description") or "")]
    if marked:
        return marked
    sent = fold_text((entry.record or {}).get("Description"))
    # A text that was sent with a reference is never that of a record without it.
    texts = {""} if entry.reference in sent else {"", sent}
    fitting = [row for row in rows if fold_text(row.get("Description")) in texts]
    own = [row for row in fitting if find_id(row.get(AUTHOR)) == author]
    return [row for row in own if have_same_facts(entry, row)]


def fold_text(text: Any) -> str:
    return str(text or "").replace("\r\n", "\n").strip()


def have_same_facts(entry: Entry, row: dict[str, Any]) -> bool:
    record = entry.record or {}
    names = COMPARED[entry.module]
    return begin_together(entry, row) and all(
        find_id(record.get(name)) == find_id(row.get(name)) for name in names
    )


def begin_together(entry: Entry, row: dict[str, Any]) -> bool:
    """Zoho tells moments in the time zone of the user who asks."""
    name = DATE_FIELDS[entry.module]
    ours, theirs = (str((facts or {}).get(name) or "") for facts in (entry.record, row))
    try:
        return datetime.fromisoformat(ours) == datetime.fromisoformat(theirs)
    except (ValueError, TypeError):
        return ours == theirs


def find_id(value: Any) -> Any:
    return str(value.get("id")) if isinstance(value, dict) else value


def find_follower(client: ZohoClient, entry: Entry) -> list[dict[str, Any]]:
    """A note or attachment of ours among those of its parent, by its reference."""
    parent = entry.after
    if not parent:
        return []
    answer = client.get(
        f"/crm/v8/{parent.module}/{parent.zoho_id}/{entry.module}",
        {"fields": LISTS[entry.module]},
    )
    rows = (answer or {}).get("data", [])
    return [row for row in rows if any(entry.reference in str(text) for text in row.values())]
