"""One spelling for names: without accents and capitals, in any alphabet."""

import re
import unicodedata

WORD = re.compile(r"[^\w@.+-]+")
LONGEST_KEY = 80


def fold_name(text: str) -> str:
    """NFKD without marks, casefolded, ё as е; words separated by one blank: "Zoë Q." -> "zoe q."

    й and ё fold to и and е, as people leave the marks out when they type.
    """
    plain = text.casefold()
    if not plain.isascii():
        signs = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return " ".join(WORD.sub(" ", plain).split())


def build_search_text(words: list[str], digits: list[str]) -> str:
    """What is searched: every word after a blank, so that " ab" finds beginnings; then numbers."""
    parts = [fold_name(" ".join(filter(None, words))), *dict.fromkeys(digits)]
    return " " + " ".join(filter(None, parts))


def build_keys(*, first: str, last: str, company: str) -> tuple[str, str]:
    """Beginnings for one and two letters: last name first, and first name (or company) first."""
    by_last = fold_name(f"{last} {first}") or fold_name(company)
    by_first = fold_name(f"{first} {last}") if first else fold_name(company)
    return by_last[:LONGEST_KEY], by_first[:LONGEST_KEY]
