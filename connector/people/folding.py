"""One spelling for names: without accents and capitals, in any alphabet."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WORD = re.compile(r"[^\w@.+-]+")
LONGEST_KEY = 80


@lru_cache(maxsize=4096)
def fold_name(text: str) -> str:
    """NFKD without marks, casefolded, ё as е; words separated by one blank: "Zoë Q." -> "zoe q."

    й and ё fold to и and е, as people leave the marks out when they type.
    """
    plain = text.casefold()
    if not plain.isascii():
        signs = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return " ".join(WORD.sub(" ", plain).split())


def build_search_text(words: Iterable[str], digits: Iterable[str]) -> str:
    """What is searched: every word after a blank, so that " ab" finds beginnings; then numbers."""
    parts = [*map(fold_name, words), *dict.fromkeys(digits)]
    return " " + join(*parts)


def build_keys(*, first: str, last: str, company: str) -> tuple[str, str]:
    """Beginnings for one and two letters: last name first, and first name (or company) first."""
    by_last = join(fold_name(last), fold_name(first)) or fold_name(company)
    by_first = join(fold_name(first), fold_name(last)) if first else fold_name(company)
    return by_last[:LONGEST_KEY], by_first[:LONGEST_KEY]


def join(*folded: str) -> str:
    return " ".join(filter(None, folded))
