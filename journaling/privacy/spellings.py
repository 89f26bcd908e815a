"""How a number or an e-mail address may stand in a text: regular expressions for both databases.

They are written so that Python (and SQLite through it) and PostgreSQL read them alike.
"""

import re

import phonenumbers

BETWEEN = r"[\s().\-/]*"
TRUNK = "8|0"
"""What a national number may begin with instead of its country."""


def spell_number(key: str) -> str:
    """Every usual spelling of the number with this key (E.164 or bare digits)."""
    country, national = split_key(key)
    digits = BETWEEN.join(national)
    before = rf"(?:(?:\+|00)?{country}{BETWEEN}(?:0{BETWEEN})?|{TRUNK}{BETWEEN})?"
    return rf"(?<![0-9]){before if country else ''}{digits}(?![0-9])"


def split_key(key: str) -> tuple[str, str]:
    """Country code and national number; no country for bare digits."""
    if not key.startswith("+"):
        return "", key
    number = phonenumbers.parse(key)
    return str(number.country_code), phonenumbers.national_significant_number(number)


def spell_address(email: str) -> str:
    return rf"(?<![A-Za-z0-9._%+\-]){re.escape(email)}(?![A-Za-z0-9\-])"
