"""GET /{module}/search: one module a call, and exactly one way of asking acts."""

import re
from collections.abc import Callable, Iterable, Iterator

from .clock import read_moment
from .criteria import parse_criteria
from .exchange import Answer, Refusal, answer_json, answer_nothing
from .listing import choose_converted, read_fields, sort_records
from .reading import show_record
from .schema import select_typed
from .shelf import Record, Shelf
from .visit import Visit

WAYS = ("criteria", "email", "phone", "word")
MOST_FOUND = 2000
PHONE = re.compile(r"\+?[0-9\s\-().]+")
WORD = re.compile(r"[\w\s@.+\-']{2,100}")


def search_records(visit: Visit, module: str) -> Answer:
    """Records found, newest change first; 204 for none."""
    visit.require("ZohoSearch.securesearch")
    query = visit.request.query
    way = next((way for way in WAYS if query.get(way)), None)
    if way is None:
        raise Refusal(
            "EXPECTED_PARAM_MISSING",
            "one of the expected parameters is missing",
            details={"expected_params": list(WAYS)},
        )
    page = visit.read_number("page", default=1, most=MOST_FOUND)
    per_page = visit.read_number("per_page", default=200, most=200)
    if page * per_page > MOST_FOUND:
        raise Refusal("LIMIT_REACHED", "only 2000 records can be searched", details={"limit": 2000})
    found = FINDERS[way](visit.shelf(module), query[way])
    known = choose_converted(hide_fresh(visit, found), choice=query.get("converted", "false"))
    return answer_page(visit, module, sort_records(known, query), page=page, per_page=per_page)


def answer_page(
    visit: Visit, module: str, found: list[Record], *, page: int, per_page: int
) -> Answer:
    start = (page - 1) * per_page
    shown = found[start : start + per_page]
    if not shown:
        return answer_nothing()
    fields = read_fields(visit)
    organisation = visit.organisation
    data = [show_record(organisation, module=module, record=r, fields=fields) for r in shown]
    more = len(found) > start + per_page
    info = {"per_page": per_page, "count": len(data), "page": page, "more_records": more}
    return answer_json({"data": data, "info": info})


def hide_fresh(visit: Visit, found: Iterable[Record]) -> Iterator[Record]:
    """The search index is late, by as many seconds as control says; COQL is not."""
    delay = visit.faults.index_delay_seconds
    latest = visit.clock.read() - delay
    for record in found:
        modified = read_moment(record["Modified_Time"])
        if not delay or modified is None or modified.timestamp() <= latest:
            yield record


def find_by_phone(shelf: Shelf, text: str) -> Iterable[Record]:
    """Behaves like contains, on digits: a national form is found inside an international one."""
    digits = re.sub(r"\D", "", text)
    if not 3 <= len(text) <= 50 or not PHONE.fullmatch(text.strip()) or not digits:
        raise refuse_parameter("phone")
    return shelf.find_by_digits(digits)


def find_by_email(shelf: Shelf, text: str) -> Iterable[Record]:
    names = list(select_typed(shelf.fields, "email"))
    part = text.casefold().strip()
    return (r for r in shelf if any(part in (r.get(name) or "").casefold() for name in names))


def find_by_word(shelf: Shelf, text: str) -> Iterable[Record]:
    if not WORD.fullmatch(text):
        raise refuse_parameter("word")
    names = list(select_typed(shelf.fields, "text", "email", "phone", "textarea", "picklist"))
    words = text.casefold().split()
    return (r for r in shelf if all(holds_word(r, names=names, word=word) for word in words))


def holds_word(record: Record, *, names: list[str], word: str) -> bool:
    return any(word in str(record.get(name) or "").casefold() for name in names)


def find_by_criteria(shelf: Shelf, text: str) -> Iterable[Record]:
    return filter(parse_criteria(text, shelf.fields), shelf)


def refuse_parameter(name: str) -> Refusal:
    return Refusal("INVALID_DATA", f"invalid {name}", details={"param_name": name})


FINDERS: dict[str, Callable[[Shelf, str], Iterable[Record]]] = {
    "criteria": find_by_criteria,
    "email": find_by_email,
    "phone": find_by_phone,
    "word": find_by_word,
}
