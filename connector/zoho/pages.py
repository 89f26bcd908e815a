"""Whole modules, page by page: all records, those that changed, those that were deleted.

Source: Zoho's v8 pages of Get Records and Get Deleted Records. A page token is bound to user and
parameters and lives a day; past 100 000 records only COQL goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from connector.zoho.client import ZohoClient
from connector.zoho.records import list_records, query

PER_PAGE = 200
MOST_ROWS = 2000
"""Of one COQL query."""
COLUMNS = 50
TOKEN_ENDS = (
    "EXPIRED_VALUE",
    "TOKEN_BOUND_DATA_MISMATCH",
    "PAGINATION_LIMIT_EXCEEDED",
    "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
    "INVALID_DATA",
)
"""Codes with which a page token is refused."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """`token` leads to the next page, "" on the last one."""

    rows: list[dict[str, Any]]
    token: str


def list_page(
    client: ZohoClient,
    *,
    module: str,
    fields: Sequence[str],
    sort_by: Literal["id", "Created_Time", "Modified_Time"] = "id",
    token: str = "",
    since: datetime | None = None,
    ids: Sequence[str] = (),
    per_page: int = PER_PAGE,
    order: Literal["asc", "desc"] = "asc",
) -> Page:
    """Up to 200 records, converted leads included; `since` leaves out what did not change."""
    params = {
        "fields": ",".join(fields[:COLUMNS]),
        "per_page": str(per_page),
        "sort_by": sort_by,
        "sort_order": order,
    }
    if module == "Leads":
        params["converted"] = "both"
    if token:
        params["page_token"] = token
    if ids:
        params["ids"] = ",".join(ids)
    answer = client.get(f"/crm/v8/{module}", params, headers=build_headers(since))
    return Page(rows=list_records(answer), token=find_token(answer))


def list_by_id(
    client: ZohoClient, *, module: str, fields: Sequence[str], after: str, limit: int = MOST_ROWS
) -> list[dict[str, Any]]:
    """The records with the next greater ids: COQL, 1 to 3 credits for up to 2000 rows."""
    columns = ", ".join(fields[: COLUMNS - 1]) or "id"
    last = after if after.isdecimal() else "0"
    return query(
        client,
        f"select {columns} from {module} where id > {last} "  # noqa: S608
        f"order by id limit {limit}",
    )


def list_deleted(
    client: ZohoClient, *, module: str, since: datetime | None, page: int
) -> tuple[list[dict[str, Any]], bool]:
    """Records in the recycle bin or gone for good, newest first, and whether more follow."""
    params = {"type": "all", "page": str(page), "per_page": str(PER_PAGE)}
    answer = client.get(f"/crm/v8/{module}/deleted", params, headers=build_headers(since))
    more = bool(((answer or {}).get("info") or {}).get("more_records"))
    return list_records(answer), more


def count_records(client: ZohoClient, *, module: str) -> int:
    """How many records the user may see; 50 credits. Raises ZohoError."""
    return int((client.get(f"/crm/v8/{module}/actions/count", {}) or {}).get("count") or 0)


def build_headers(since: datetime | None) -> dict[str, str] | None:
    return {"If-Modified-Since": since.isoformat(timespec="seconds")} if since else None


def find_token(answer: dict[str, Any] | None) -> str:
    info = (answer or {}).get("info")
    info = info if isinstance(info, dict) else {}
    return str(info.get("next_page_token") or "") if info.get("more_records") else ""
