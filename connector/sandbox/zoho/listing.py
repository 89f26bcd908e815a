"""Reading records: one, lists with pages and page tokens, and those that were deleted."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from .clock import read_moment
from .exchange import Answer, Refusal, answer_json, answer_nothing
from .reading import show_record
from .shelf import Record
from .visit import Visit

MOST_FIELDS = 50
MOST_BY_PAGE = 2000
MOST_BY_TOKEN = 100_000
TOKEN_SECONDS = 24 * 3600
SORTABLE = ("id", "Created_Time", "Modified_Time")


def show_single(visit: Visit, module: str, record_id: str) -> Answer:
    """GET /{module}/{id}: 204 where there is no such record."""
    record = visit.shelf(module).get(record_id)
    if record is None:
        return answer_nothing()
    fields = read_fields(visit)
    shown = show_record(visit.organisation, module=module, record=record, fields=fields)
    return answer_json({"data": [shown]})


def list_records(visit: Visit, module: str) -> Answer:
    """GET /{module}: `fields` is mandatory since v3; past 2000 records only by page_token."""
    fields = read_fields(visit)
    if fields is None:
        details = {"param_name": "fields"}
        message = "one of the expected parameters is missing"
        raise Refusal("REQUIRED_PARAM_MISSING", message, details=details)
    per_page = visit.read_number("per_page", default=200, most=200)
    start = find_start(visit, per_page=per_page)
    records = select_sorted(visit, module)
    if "If-Modified-Since" in visit.request.headers and not records:
        return answer_nothing(304)
    shown = records[start : start + per_page]
    if not shown:
        return answer_nothing()
    organisation = visit.organisation
    data = [show_record(organisation, module=module, record=r, fields=fields) for r in shown]
    more = len(records) > start + per_page
    return answer_json(
        {"data": data, "info": describe_page(visit, start, per_page, len(data), more)}
    )


def describe_page(
    visit: Visit, start: int, per_page: int, count: int, more: bool
) -> dict[str, Any]:
    query = visit.request.query
    following = make_page_token(visit, start + per_page) if more else None
    expiry = visit.clock.read() + TOKEN_SECONDS if more else None
    return {
        "per_page": per_page,
        "count": count,
        "page": start // per_page + 1,
        "sort_by": query.get("sort_by", "id"),
        "sort_order": query.get("sort_order", "desc"),
        "more_records": more,
        "next_page_token": following,
        "previous_page_token": None,
        "page_token_expiry": expiry,
    }


def select_sorted(visit: Visit, module: str) -> list[Record]:
    """Whole modules are sorted once for all their pages."""

    def build() -> list[Record]:
        return sort_records(select_listed(visit, module), query)

    query = visit.request.query
    if "If-Modified-Since" in visit.request.headers or query.get("ids"):
        return build()
    order = (query.get("converted"), query.get("sort_by"), query.get("sort_order"))
    return visit.shelf(module).arrange(order, build)


def select_listed(visit: Visit, module: str) -> Iterator[Record]:
    since = read_moment(visit.request.headers.get("If-Modified-Since"))
    ids = visit.request.query.get("ids")
    wanted = set(ids.split(",")) if ids else None
    choice = visit.request.query.get("converted", "false")
    for record in choose_converted(visit.shelf(module), choice=choice):
        modified = read_moment(record["Modified_Time"]) if since else None
        if since and modified and modified <= since:
            continue
        if wanted is None or record["id"] in wanted:
            yield record


def choose_converted(records: Iterable[Record], *, choice: str) -> Iterator[Record]:
    """`converted`: false (as without it), true, or both."""
    for record in records:
        if choice == "both" or bool(record.get("Converted__s")) == (choice == "true"):
            yield record


def sort_records(records: Iterable[Record], query: Any) -> list[Record]:
    """By id, Created_Time or Modified_Time; the newest first unless sort_order=asc."""
    name = query.get("sort_by", "id")
    if name not in SORTABLE:
        details = {"param_name": "sort_by", "supported_values": SORTABLE}
        raise Refusal("INVALID_DATA", "invalid sort_by", details=details)
    newest_first = query.get("sort_order", "desc") != "asc"
    return sorted(records, key=lambda record: sort_key(record, name), reverse=newest_first)


def sort_key(record: Record, name: str) -> tuple[float, int]:
    moment = None if name == "id" else read_moment(record[name])
    return (moment.timestamp() if moment else 0.0, int(record["id"]))


def read_fields(visit: Visit) -> list[str] | None:
    text = visit.request.query.get("fields")
    fields = [name.strip() for name in text.split(",")] if text else None
    if fields and len(fields) > MOST_FIELDS:
        details = {"param_name": "fields", "limit": MOST_FIELDS}
        raise Refusal("LIMIT_EXCEEDED", "too many fields", details=details)
    return fields


def find_start(visit: Visit, *, per_page: int) -> int:
    """How many records come before this page."""
    token = visit.request.query.get("page_token")
    if token:
        return read_page_token(visit, token)
    page = visit.read_number("page", default=1, most=1_000_000)
    if page * per_page > MOST_BY_PAGE:
        raise Refusal(
            "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
            "use page_token to fetch records past 2000",
            details={"limit": MOST_BY_PAGE},
        )
    return (page - 1) * per_page


def bind(visit: Visit) -> str:
    """A page token holds for the same user and the same parameters."""
    query = {k: v for k, v in visit.request.query.items() if k not in ("page", "page_token")}
    facts = json.dumps([visit.user.id, visit.request.path, sorted(query.items())])
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def make_page_token(visit: Visit, start: int) -> str:
    facts = [start, bind(visit), visit.clock.read() + TOKEN_SECONDS]
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode()


def read_page_token(visit: Visit, token: str) -> int:
    try:
        start, bound, expires_at = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        details = {"param_name": "page_token"}
        raise Refusal("INVALID_DATA", "invalid page_token", details=details) from None
    if bound != bind(visit):
        raise Refusal("TOKEN_BOUND_DATA_MISMATCH", "the parameters differ from the token's")
    if expires_at < visit.clock.read():
        raise Refusal("EXPIRED_VALUE", "page_token expired")
    if start >= MOST_BY_TOKEN:
        limit = {"limit": MOST_BY_TOKEN}
        raise Refusal("PAGINATION_LIMIT_EXCEEDED", "pagination limit exceeded", details=limit)
    return int(start)


def count_records(visit: Visit, module: str) -> Answer:
    """GET /{module}/actions/count"""
    return answer_json({"count": len(visit.shelf(module))})


def list_deleted(visit: Visit, module: str) -> Answer:
    """GET /{module}/deleted?type=all|recycle|permanent; nothing here is ever permanent."""
    kind = visit.request.query.get("type", "all")
    graves = list(visit.shelf(module).deleted.values())[::-1] if kind != "permanent" else []
    since = read_moment(visit.request.headers.get("If-Modified-Since"))
    if since:
        graves = [g for g in graves if (read_moment(g["deleted_time"]) or since) >= since]
    per_page = visit.read_number("per_page", default=200, most=200)
    page = visit.read_number("page", default=1, most=1_000_000)
    start = (page - 1) * per_page
    shown = graves[start : start + per_page]
    if not shown:
        return answer_nothing()
    more = len(graves) > start + per_page
    info = {"per_page": per_page, "count": len(shown), "page": page, "more_records": more}
    return answer_json({"data": shown, "info": info})
