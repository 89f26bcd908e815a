"""The number as the PBX's outbound rules want it dialled. Pure."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

from connector.models import DialFormat
from connector.phones import Number, NumberKind, NumberRules, read_number

SHORTEST = 2
LONGEST_TYPED = 100


class NotDiallable(Exception):
    """There is no number in the text."""


def read_dialled(text: str, rules: NumberRules) -> Number:
    """The number that an agent clicked or typed; raises NotDiallable.

    A + that was lost on the way through an address came as a blank.
    """
    text = text[:LONGEST_TYPED]
    if re.match(r"\s\d", text):
        text = "+" + text.strip()
    number = read_number(text.strip(), rules)
    if number.kind == NumberKind.WITHHELD or len(number.digits) < SHORTEST:
        raise NotDiallable(text)
    return number


def write_dialled(number: Number, *, number_format: str, rules: NumberRules) -> str:
    """+ and digits, or digits alone. Extensions and short numbers are dialled as they are."""
    if not number.e164:
        return number.digits
    if number_format == DialFormat.E164:
        return number.e164
    national = write_national(number.e164, country=rules.country)
    return find_prefix(number_format, rules=rules) + national


def find_prefix(number_format: str, *, rules: NumberRules) -> str:
    """What is dialled before a national number, for an outside line."""
    wanted = number_format == DialFormat.OUTSIDE and rules.outside_prefixes
    return rules.outside_prefixes[0] if wanted else ""


def write_national(e164: str, *, country: str) -> str:
    """As it is dialled in the country: 020..., and 0049... for a number of another country."""
    parsed = phonenumbers.parse(e164)
    if parsed.country_code == phonenumbers.country_code_for_region(country):
        shown = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    else:
        shown = phonenumbers.format_out_of_country_calling_number(parsed, country)
    return re.sub(r"\D", "", shown)
