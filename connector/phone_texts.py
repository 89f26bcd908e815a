"""From what people type around a number to its bare digits, and from one field to its numbers."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

# After six digits a letter or one of these begins an extension or a remark, in any language.
NUMBER = re.compile(r"[+(\[\s]*(?:[0-9][^\w#,;+]*){6,}")
PARAMETERS = re.compile(r"(?:;\s*[a-z-]+\s*=|@).*$", re.I | re.S)  # of tel: and sip: addresses
REMARK = re.compile(r"\([^()]*[^\W\d_][^()]*\)")
# Brazil's placeholder for a carrier code, 0xx11; and a whole number that a spreadsheet wrote.
CARRIER = re.compile(r"0x{2}(?=\d|\s|\))", re.I)
SPREADSHEET = re.compile(r"(\+?\d{7,})\.0")
# A + before a digit that begins no country code is a slip: +8 (916) is 8 (916), +044 is 044.
SLIP = re.compile(r"^\+\s*(?=0|8[\s(.-]|89)")
VANITY = re.compile(r"[+\d\s().-]*\d{3}[\s().-]*[a-z][a-z\d\s().-]*", re.I)

NO_DIGITS = re.compile(r"[^0-9]+")

SEPARATORS = re.compile(
    r"([\n\r\t|;,/]+|\s(?=\+)|\s(?:or|and|или|и|або|oder|und|ou|et|y|o|e|lub|и/или)\s)", re.I
)
WHOLE = 7
"""Digits from which a part of a field is a number of its own."""
SURELY_WHOLE = 10


def fold_text(text: str) -> str:
    """Full-width and other digits, signs and blanks of Unicode as their plain counterparts."""
    if text.isascii():
        return text.strip()
    plain = unicodedata.normalize("NFKC", text)
    return "".join(_fold_sign(sign) for sign in plain).strip()


def _fold_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    category = unicodedata.category(sign)
    if category == "Pd" or sign == "−":
        return "-"
    # Marks of direction come along when a number is copied from a list of contacts.
    return "" if category == "Cf" else sign


def clean_number(text: str) -> str:
    """The digits of the first number in a folded text, with a + before them if it was written."""
    text = PARAMETERS.sub("", text)
    if "x" in text or "X" in text:
        text = CARRIER.sub("0", text)
    if found := SPREADSHEET.fullmatch(text):
        text = found[1]
    elif "(" in text:
        text = REMARK.sub(" ", text) or text
    if found := NUMBER.search(text):
        text = found[0]
    elif VANITY.fullmatch(text):
        text = phonenumbers.convert_alpha_characters_in_number(text)
    text = SLIP.sub("", text.lstrip(" ("))
    digits = keep_digits(text)
    return "+" + digits if digits and "+" in text.partition(digits[0])[0] else digits


def keep_digits(text: str) -> str:
    return NO_DIGITS.sub("", text)


@lru_cache(maxsize=8192)
def split_numbers(text: str) -> tuple[str, ...]:
    """One field of Zoho may hold several numbers: "030 1234567 / 0171 2345678"."""
    parts = SEPARATORS.split(text)
    numbers = [parts[0]]
    for separator, part in zip(parts[1::2], parts[2::2], strict=True):
        if _begins_number(part, separator=separator, before=numbers[-1]):
            numbers.append(part)
        else:
            numbers[-1] += separator + part
    return tuple(number.strip() for number in numbers if number.strip())


def _begins_number(part: str, *, separator: str, before: str) -> bool:
    """A slash also stands between area code and number, a comma also before an extension."""
    if set(separator) & set("\n\r|"):
        return True
    left, right = len(keep_digits(fold_text(before))), len(keep_digits(fold_text(part)))
    if "/" in separator and not part.strip().startswith(("+", "0", "(")):
        return left >= SURELY_WHOLE
    return left >= WHOLE and right >= WHOLE
