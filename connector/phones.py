"""The one way to normalise and compare phone numbers: pure functions over `phonenumbers`.

Both sides pass through here: what the PBX reports and what people typed into Zoho.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from connector.phone_texts import clean_number, fold_text, keep_digits, split_numbers
from connector.plain_numbers import read_plain

__all__ = [
    "Number",
    "NumberKind",
    "NumberRules",
    "contains_number",
    "find_trunk_prefix",
    "have_equal_numbers",
    "mask_number",
    "read_number",
    "split_numbers",
]

SHORTEST_SUFFIX = 6
"""Fewer last digits than this would match half the directory."""

LONGEST_LOCAL = 8
"""No country has longer numbers inside an area: more digits bring their area code along."""
LONGEST_WRITTEN = 250
"""What follows is no part of a number; a row of signs without end would be read for seconds."""


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
    """A number as understood. `key` is what is compared: E.164, else the bare digits.

    A real number is possible by its country's rules; it need not be in service, so that test
    ranges and ranges newer than the tables count.
    """

    raw: str
    kind: NumberKind
    e164: str = ""
    digits: str = ""

    @property
    def key(self) -> str:
        return self.e164 or self.digits

    @property
    def can_match(self) -> bool:
        """Internal and withheld ones never match, nor do fillers such as 000000."""
        if self.kind is NumberKind.UNREADABLE:
            return len(self.digits) >= SHORTEST_SUFFIX and len(set(self.digits)) > 1
        return self.kind is NumberKind.REAL

    def last_digits(self, count: int) -> str:
        """The last `count` digits (never fewer than SHORTEST_SUFFIX), or "" when it is shorter."""
        count = max(count, SHORTEST_SUFFIX)
        return self.digits[-count:] if len(self.digits) >= count else ""


@lru_cache(maxsize=8192)
def read_number(raw: str, rules: NumberRules) -> Number:
    """Understand one number as the PBX sends it or a person typed it. Never raises."""
    folded = fold_text(raw[:LONGEST_WRITTEN])
    written = clean_number(folded)
    digits = written.lstrip("+")
    if {folded.casefold(), digits} & _fold_words(rules.withheld):
        return Number(raw=raw, kind=NumberKind.WITHHELD)
    if digits and digits == written and len(digits) <= rules.internal_digits:
        return Number(raw=raw, kind=NumberKind.INTERNAL, digits=digits)
    if e164 := _find_e164(written, folded, rules):
        return Number(raw=raw, kind=NumberKind.REAL, e164=e164, digits=e164[1:])
    return Number(raw=raw, kind=NumberKind.UNREADABLE, digits=digits.removeprefix("00"))


@lru_cache(maxsize=256)
def _fold_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold_text(word).casefold() for word in words)


def _find_e164(written: str, folded: str, rules: NumberRules) -> str:
    """The first reading in service; else the first possible one, "" when none is.

    Digits of another country without any + count only when that number is in service and no
    trunk prefix (the 0 of 01632) says that they are national: 020 7946 0123 is not Egypt's +20.
    """
    trunk = find_trunk_prefix(rules.country)
    possible = ""
    readings = list(_list_readings(written, folded, rules))
    is_sure = written.startswith(("+", "0")) and len(readings) == (2 if written[:2] == "00" else 1)
    if is_sure and (plain := read_plain(written, rules.country)):
        return plain
    if is_sure and len(readings) == 1:
        # Whether it is in service decides between readings only, and takes a third of the time.
        number = _parse(readings[0], rules.country)
        return _format(number) if number else ""
    for reading in readings:
        if number := _parse(reading, rules.country):
            if phonenumbers.is_valid_number(number):
                return _format(number)
            possible = possible or (_format(number) if _is_whole(reading, trunk) else "")
    if written.startswith(("+", "0")) or (possible and written.startswith(trunk)):
        return possible
    return _read_in_service("+" + written, rules.country) or possible


def _is_whole(reading: str, trunk: str) -> bool:
    """Whether a merely possible reading may count: in Britain 555 0123 lacks an area."""
    if reading.startswith("00"):
        return False
    return trunk != "0" or reading.startswith(("+", "0")) or len(reading) > LONGEST_LOCAL


def _list_readings(written: str, folded: str, rules: NumberRules) -> Iterator[str]:
    """What the number may mean by its rules, likeliest first."""
    yield from _list_international(written, folded, rules.country)
    if written.startswith("+"):
        return
    if rules.area_code and len(written) <= LONGEST_LOCAL and not written.startswith("0"):
        trunk = "0" if find_trunk_prefix(rules.country) == "0" else ""
        yield trunk + rules.area_code.removeprefix(trunk) + written
    yield written
    if written.startswith("00"):
        yield "+" + written.lstrip("0")
    inner = NumberRules(country=rules.country, area_code=rules.area_code)
    for prefix in rules.outside_prefixes:
        if prefix and written.startswith(prefix) and written != prefix:
            yield from _list_readings(written.removeprefix(prefix), "", inner)


def _list_international(written: str, folded: str, country: str) -> Iterator[str]:
    if written.startswith("+"):
        yield written
        if "(0)" in folded:
            yield clean_number(folded.replace("(0)", "", 1))
    elif find_trunk_prefix(country) == "0" and written.startswith(_find_country_code(country)):
        # Where national numbers begin with 0, 49151... is +49151... and not an area 4915.
        yield _read_in_service("+" + written, country)


def _parse(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    return number if reason == ValidationResult.IS_POSSIBLE else None


def _read_in_service(text: str, country: str) -> str:
    number = _parse(text, country)
    return _format(number) if number and phonenumbers.is_valid_number(number) else ""


@lru_cache(maxsize=256)
def find_trunk_prefix(country: str) -> str:
    """The digits before a national number: 0 in most countries; "-" where there is none."""
    return phonenumbers.ndd_prefix_for_region(country, True) or "-"


@lru_cache(maxsize=256)
def _find_country_code(country: str) -> str:
    return str(phonenumbers.country_code_for_region(country))


def _format(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


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
    digits = keep_digits(fold_text(text))
    return f"…{digits[-3:]}" if len(digits) > 3 else "…"
