"""Numbers whose country's tables leave nothing to decide, read without phonenumbers' parser.

They are nearly all numbers, and the parser took half of the time in which a person is mirrored.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, country_code_for_region


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a country writes its numbers. `trunk` finds what its people dial before them, `abroad`
    what leads abroad, `numbers` its national numbers; `lengths` are those of whole ones."""

    code: str
    lengths: frozenset[int]
    trunk: re.Pattern[str]
    abroad: re.Pattern[str]
    numbers: re.Pattern[str]


NOTHING = "(?!)"


def read_plain(written: str, country: str) -> str:
    """E.164 of +441632960011, 00441632960011 and 01632960011; "" where the parser has to decide."""
    if written.startswith("+"):
        return read_international(written)
    plan = find_home(country)
    if plan is None:
        return ""
    if written.startswith("00"):
        return read_international("+" + written[2:]) if plan.abroad.pattern == "00" else ""
    return read_national(written, plan)


def read_international(written: str) -> str:
    """Nothing is changed but where the country may strip a trunk prefix: +44 (0)1632."""
    for end in (2, 3, 4):
        if plan := find_plan(written[1:end]):
            national = written[end:]
            is_plain = len(national) in plan.lengths and not plan.trunk.match(national)
            return written if is_plain else ""
    return ""


def read_national(written: str, plan: Plan) -> str:
    """Of countries where a single 0 is dialled before the area code, and begins no number."""
    dialled = None if plan.trunk.groups else plan.trunk.match(written)
    national = written[1:]
    is_plain = (
        dialled is not None
        and dialled[0] == "0"
        and len(national) in plan.lengths
        and not plan.abroad.match(written)
        and not plan.numbers.fullmatch(written)
    )
    return f"+{plan.code}{national}" if is_plain else ""


@lru_cache(maxsize=2048)
def find_plan(code: str) -> Plan | None:
    """By the digits after the +, None when they are no country code."""
    regions = () if code.startswith("0") else COUNTRY_CODE_TO_REGION_CODE.get(int(code or 0), ())
    facts = regions and PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0])
    if not facts or not facts.general_desc:
        return None
    return Plan(
        code=code,
        lengths=frozenset(facts.general_desc.possible_length),
        trunk=re.compile(facts.national_prefix_for_parsing or NOTHING),
        abroad=re.compile(facts.international_prefix or NOTHING),
        numbers=re.compile(facts.general_desc.national_number_pattern or NOTHING),
    )


@lru_cache(maxsize=512)
def find_home(country: str) -> Plan | None:
    """None for a country that shares its code with a larger one: its numbers have own rules."""
    code = country_code_for_region(country)
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code, ())
    return find_plan(str(code)) if regions[:1] == (country,) else None
