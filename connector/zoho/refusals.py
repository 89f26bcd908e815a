"""Zoho's error object, made readable: {"code", "message", "details": {...}, "status": "error"}."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from connector.phones import mask_number

PLACE = re.compile(r"^\$\.\w+\[\d+\]\.([$\w]+)")
NUMBER_LIKE = re.compile(r"(?<![\w.])(?!\d{4}-\d\d)\+?\d[\d ().-]{5,18}\d(?!\w)")
MOST_DIGITS = 15
MOST_VALUES = 20
LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """`field` is the API name of the record's field that Zoho complains about, or empty."""

    code: str
    words: str
    field: str


def read_refusal(error: Mapping[str, Any]) -> Refusal:
    code = str(error.get("code") or "")
    details = error.get("details")
    details = details if isinstance(details, dict) else {}
    several = [item for item in details.get("errors") or [] if isinstance(item, dict)]
    if several:
        parts = [read_refusal(item) for item in several]
        words = "; ".join(part.words for part in parts)
        return Refusal(code=code, words=words[:LONGEST], field=parts[0].field)
    field = find_field(details)
    message = mask_numbers(str(error.get("message") or code or _("no reason given")))
    hints = ", ".join(list_hints(details))
    where = ": ".join(part for part in (field, hints) if part)
    return Refusal(
        code=code, words=(f"{message} ({where})" if where else message)[:LONGEST], field=field
    )


def find_field(details: Mapping[str, Any]) -> str:
    """The record's own field: `$.data[0].Owner.id` is about Owner, whatever `api_name` says."""
    place = PLACE.match(str(details.get("json_path") or ""))
    if place:
        return place[1]
    return str(details.get("api_name") or details.get("param_name") or "")


def list_hints(details: Mapping[str, Any]) -> Iterator[str]:
    if "maximum_length" in details:
        yield _("at most %(count)s characters") % {"count": details["maximum_length"]}
    if isinstance(details.get("supported_values"), list):
        values = ", ".join(str(value) for value in details["supported_values"][:MOST_VALUES])
        yield _("allowed: %(values)s") % {"values": values}
    if "expected_data_type" in details:
        yield _("expected: %(type)s") % {"type": details["expected_data_type"]}
    if isinstance(details.get("permissions"), list):
        names = ", ".join(str(name) for name in details["permissions"])
        yield _("missing permission: %(names)s") % {"names": names}


def mask_numbers(text: str) -> str:
    """Phone numbers in Zoho's own words; record ids have more digits and stay."""
    return NUMBER_LIKE.sub(lambda found: mask_phone(found[0]), text)


def mask_phone(text: str) -> str:
    return text if sum(map(str.isdigit, text)) > MOST_DIGITS else mask_number(text)
