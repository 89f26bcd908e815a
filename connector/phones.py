"""The one way to normalise and compare phone numbers: pure functions over `phonenumbers`.

Both sides pass through here: what the PBX reports and what people typed into Zoho.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

SHORTEST_SUFFIX = 6
"""Fewer last digits than this would match half the directory."""

EXTENSION = re.compile(
    r"(?:\b(?:ext|extn|extension|x|доб|вн)\b\.?|;ext=|#|,)\s*:?\s*\d{1,7}.*$", re.I
)
SEVERAL = re.compile(r"[;/|\n]|,\s*(?=\+?\d{6})|\s+(?:or|and|или|и|oder|und|ou|y)\s+", re.I)
FULL_WIDTH = str.maketrans("０１２３４５６７８９＋", "0123456789+")


class NumberKind(StrEnum):
    REAL = "real"
    INTERNAL = "internal"
    WITHHELD = "withheld"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class NumberRules:
    """How one connection writes numbers. `country` is an ISO code such as GB."""

    country: str = "US"
    area_code: str = ""
    outside_prefixes: tuple[str, ...] = ()
    internal_digits: int = 4
    withheld: tuple[str, ...] = ("anonymous", "private", "unknown", "restricted", "")


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number as understood. `key` is what is compared: E.164, else the bare digits."""

    raw: str
    kind: NumberKind
    e164: str = ""
    digits: str = ""

    @property
    def key(self) -> str:
        return self.e164 or self.digits

    @property
    def can_match(self) -> bool:
        return self.kind in (NumberKind.REAL, NumberKind.UNREADABLE) and bool(self.key)

    def last_digits(self, count: int) -> str:
        """The last `count` digits (never fewer than SHORTEST_SUFFIX), or "" when it is shorter."""
        count = max(count, SHORTEST_SUFFIX)
        return self.digits[-count:] if len(self.digits) >= count else ""


@lru_cache(maxsize=4096)
def read_number(raw: str, rules: NumberRules) -> Number:
    """Understand one number as the PBX sends it or a person typed it. Never raises."""
    text = raw.strip().translate(FULL_WIDTH)
    if text.lower() in {word.strip().lower() for word in rules.withheld}:
        return Number(raw=raw, kind=NumberKind.WITHHELD)
    text = EXTENSION.sub("", text).strip()
    digits = re.sub(r"\D", "", text)
    if not digits:
        return Number(raw=raw, kind=NumberKind.UNREADABLE)
    if not text.startswith("+") and len(digits) <= rules.internal_digits:
        return Number(raw=raw, kind=NumberKind.INTERNAL, digits=digits)
    for candidate in list_readings(text, rules):
        if e164 := parse_e164(candidate, rules.country):
            return Number(raw=raw, kind=NumberKind.REAL, e164=e164, digits=e164.lstrip("+"))
    return Number(raw=raw, kind=NumberKind.UNREADABLE, digits=digits.removeprefix("00"))


def list_readings(text: str, rules: NumberRules) -> list[str]:
    """What the text may mean, likeliest first: as written, 00 as +, without the outside
    prefix, with the area code, and as international digits without any +."""
    bare = re.sub(r"[^\d+]", "", text.replace("(0)", "") if text.startswith(("+", "00")) else text)
    readings = [bare]
    if bare.startswith("00"):
        readings.insert(0, "+" + bare[2:])
    if bare.startswith("+"):
        return [*readings, "+" + bare.lstrip("+0")]
    readings += [
        reading
        for prefix in rules.outside_prefixes
        if bare.startswith(prefix)
        for reading in list_readings(bare[len(prefix) :], NumberRules(country=rules.country))
    ]
    if rules.area_code:
        readings.append(rules.area_code + bare.lstrip("0"))
    return [*readings, "+" + bare.lstrip("0")]


def parse_e164(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) and not is_plausible(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_plausible(number: phonenumbers.PhoneNumber) -> bool:
    """Ranges newer than the library's tables (and test ranges) are possible without being valid."""
    return phonenumbers.is_possible_number(number) and number.country_code_source != 20


def split_numbers(text: str) -> list[str]:
    """One field of Zoho may hold several numbers: "030 1234567 / 0171 2345678"."""
    return [part.strip() for part in SEVERAL.split(text) if part and part.strip()]


def have_equal_numbers(first: Number, second: Number, *, last_digits: int = 0) -> bool:
    """Whether two numbers are the same line: by key, or by their last digits when asked for."""
    if not (first.can_match and second.can_match):
        return False
    if first.key == second.key:
        return True
    return bool(last_digits) and (
        first.last_digits(last_digits) == second.last_digits(last_digits) != ""
    )


def contains_number(texts: Iterable[str], number: Number, rules: NumberRules) -> bool:
    """Whether any of the texts (phone fields) holds the number, exactly."""
    return any(
        have_equal_numbers(read_number(part, rules), number)
        for text in texts
        if text
        for part in split_numbers(text)
    )


def mask_number(text: str) -> str:
    """For logs: the last three digits only."""
    digits = re.sub(r"\D", "", text)
    return f"…{digits[-3:]}" if len(digits) > 3 else "…"
