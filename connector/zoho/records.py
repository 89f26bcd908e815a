"""Records of Zoho's modules: written, read and found. Verdicts come per record, in input order."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from connector.zoho.client import ZohoClient
from connector.zoho.errors import Rejected
from connector.zoho.written import Verdict, read_verdicts

MOST_RECORDS = 100
PER_PAGE = "200"
ZOHO_ID = re.compile(r"\d{1,30}")
Record = Mapping[str, Any]


def insert(
    client: ZohoClient, *, module: str, records: Sequence[Record], trigger: Sequence[str] | None
) -> list[Verdict]:
    """Up to 100 records. `trigger`: None lets all automations of the organisation run, [] none.

    Raises UnknownOutcome when the answer does not account for every record.
    """
    if not records:
        return []
    body = build_body(records, trigger=trigger)
    answer = client.post(f"/crm/v8/{module}", body)
    return read_verdicts(answer, count=len(records))


def update(
    client: ZohoClient, *, module: str, records: Sequence[Record], trigger: Sequence[str] | None
) -> list[Verdict]:
    """Each record with its `id`; fields left out stay. Otherwise as `insert`."""
    if not records:
        return []
    body = build_body(records, trigger=trigger)
    answer = client.put(f"/crm/v8/{module}", body)
    return read_verdicts(answer, count=len(records))


def delete(client: ZohoClient, *, module: str, zoho_ids: Sequence[str]) -> list[Verdict]:
    """Into the recycle bin, without the organisation's workflows."""
    if not zoho_ids:
        return []
    params = {"ids": ",".join(zoho_ids), "wf_trigger": "false"}
    answer = client.delete(f"/crm/v8/{module}", params)
    return read_verdicts(answer, count=len(zoho_ids))


def build_body(records: Sequence[Record], *, trigger: Sequence[str] | None) -> dict[str, Any]:
    if len(records) > MOST_RECORDS:
        raise ValueError(f"Zoho takes at most {MOST_RECORDS} records in one request")
    body: dict[str, Any] = {"data": list(records)}
    return body if trigger is None else {**body, "trigger": list(trigger)}


def read_record(
    client: ZohoClient, *, module: str, zoho_id: str, fields: Sequence[str]
) -> dict[str, Any] | None:
    """The record, or None when this organisation has none with this id (any more)."""
    if not ZOHO_ID.fullmatch(zoho_id):
        return None
    try:
        answer = client.get(f"/crm/v8/{module}/{zoho_id}", {"fields": ",".join(fields)})
    except Rejected as error:
        # An id of another organisation is "invalid data"; an unknown field names `fields`.
        if error.code == "INVALID_DATA" and error.field in ("", "id"):
            return None
        raise
    return next(iter(list_records(answer)), None)


def read_records(
    client: ZohoClient, *, module: str, zoho_ids: Sequence[str], fields: Sequence[str]
) -> list[dict[str, Any]]:
    """Those of the records that exist, in no promised order."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(zoho_ids), MOST_RECORDS):
        params = {
            "ids": ",".join(zoho_ids[start : start + MOST_RECORDS]),
            "fields": ",".join(fields),
        }
        found += list_records(client.get(f"/crm/v8/{module}", params))
    return found


def search(
    client: ZohoClient,
    *,
    module: str,
    fields: Sequence[str],
    phone: str = "",
    email: str = "",
    word: str = "",
    criteria: str = "",
    converted: Literal["true", "false", "both"] | None = None,
) -> list[dict[str, Any]]:
    """At most 200 records by exactly one of phone, email, word, criteria; fresh ones may lack.

    `phone` and text comparisons behave like "contains": compare again what comes back.
    """
    asked = {"phone": phone, "email": email, "word": word, "criteria": criteria}
    wanted = {name: text for name, text in asked.items() if text}
    if len(wanted) != 1:
        raise ValueError("search by exactly one of phone, email, word, criteria")
    params = {**wanted, "fields": ",".join(fields), "per_page": PER_PAGE}
    if converted:
        params["converted"] = converted
    return list_records(client.get(f"/crm/v8/{module}/search", params))


def query(client: ZohoClient, select: str) -> list[dict[str, Any]]:
    """The rows of a COQL query, which sees fresh records at once."""
    return list_records(client.post("/crm/v8/coql", {"select_query": select}, writes=False))


def quote_coql(text: str) -> str:
    """As a COQL text. A quote is doubled: Zoho's Kaizen post 171."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def list_records(answer: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    data = (answer or {}).get("data")
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def attach(
    client: ZohoClient, *, module: str, zoho_id: str, filename: str, content: bytes
) -> Verdict:
    """A file on a record; plan for at most 20 MB."""
    answer = client.upload(f"/crm/v8/{module}/{zoho_id}/Attachments", filename, content)
    return read_verdicts(answer, count=1)[0]
