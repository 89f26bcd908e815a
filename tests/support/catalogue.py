"""Whether English sentences of the portal's own stand on a page that is read in Russian."""

import html
import re
from functools import cache
from pathlib import Path

import polib

CATALOGUE = Path(__file__).parent.parent.parent / "locale" / "ru" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
HIDDEN = re.compile(r"<(script|style|pre|code)\b.*?</\1>|<[^>]*>", re.DOTALL)
FEWEST_WORDS = 4


@cache
def list_pieces() -> frozenset[str]:
    """What stands between the facts of each translated sentence, where that is long enough."""
    pieces = set()
    for entry in polib.pofile(str(CATALOGUE)):
        if entry.msgstr != entry.msgid:
            for piece in PLACEHOLDER.split(entry.msgid):
                if len(piece.split()) >= FEWEST_WORDS and re.search("[a-z]{3}", piece):
                    pieces.add(" ".join(piece.split()))
    return frozenset(pieces)


def read_text(page: str) -> str:
    return " ".join(html.unescape(HIDDEN.sub(" ", page)).split())


def find_english(page: str) -> list[str]:
    """Pieces of our English sentences on an HTML page, longest first."""
    text = read_text(page)
    return sorted((piece for piece in list_pieces() if piece in text), key=len, reverse=True)
