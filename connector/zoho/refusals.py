"""Zoho's error object, made readable: {"code", "message", "details": {...}, "status": "error"}."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.phones import mask_number
from connector.wording import QUOTED, QUOTES, Wording, Words
from connector.wording import Wording as _

PLACE = re.compile(r"^\$\.\w+\[\d+\]\.([$\w]+)")
NUMBER_LIKE = re.compile(r"(?<![\w.])(?!\d{4}-\d\d)\+?\d[\d ().-]{5,18}\d(?!\w)")
MOST_DIGITS = 15
MOST_VALUES = 20
LONGEST = 200
LONGEST_MESSAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """`field` is the API name of the record's field that Zoho complains about, or empty."""

    code: str
    words: Words
    field: str


def read_refusal(error: Mapping[str, Any]) -> Refusal:
    code = str(error.get("code") or "")
    details = error.get("details")
    details = details if isinstance(details, dict) else {}
    several = [item for item in details.get("errors") or [] if isinstance(item, dict)][:MOST_VALUES]
    if several:
        parts = [read_refusal(item) for item in several]
        quotes = Wording(QUOTES, quoted=[part.words for part in parts])
        return Refusal(code=code, words=quotes, field=parts[0].field)
    field = find_field(details)
    message = mask_numbers(str(error.get("message") or code))[:LONGEST_MESSAGE]
    words: Words = message or _("no reason given")
    if hints := list(list_hints(details)):
        place = f"{field}: " if field else ""
        words = Wording(QUOTED, quoted=words, place=place, hints=hints)
    elif field:
        words = f"{words} ({field})"
    return Refusal(code=code, words=words, field=field)


def find_field(details: Mapping[str, Any]) -> str:
    """The record's own field: `$.data[0].Owner.id` is about Owner, whatever `api_name` says."""
    place = PLACE.match(str(details.get("json_path") or ""))
    if place:
        return place[1]
    return str(details.get("api_name") or details.get("param_name") or "")


def list_hints(details: Mapping[str, Any]) -> Iterator[Words]:
    if "maximum_length" in details:
        yield _("at most %(count)s characters", count=details["maximum_length"])
    if isinstance(details.get("supported_values"), list):
        values = list_texts(details["supported_values"])
        yield _("allowed: %(values)s", values=values)
    if "expected_data_type" in details:
        yield _("expected: %(type)s", type=details["expected_data_type"])
    if isinstance(details.get("permissions"), list):
        names = list_texts(details["permissions"])
        yield _("missing permission: %(names)s", names=names)


def list_texts(values: Sequence[Any]) -> list[str]:
    return [str(value)[:LONGEST] for value in values[:MOST_VALUES]]


def mask_numbers(text: str) -> str:
    """Phone numbers in Zoho's own words; record ids have more digits and stay."""
    return NUMBER_LIKE.sub(lambda found: mask_phone(found[0]), text)


def mask_phone(text: str) -> str:
    return text if sum(map(str.isdigit, text)) > MOST_DIGITS else mask_number(text)
