"""Sentences of the portal's own that are kept, and told to each reader in their language.

Workers and the PBX's requests speak no language of a person, and what they note is read by many.
So a row keeps the sentence as the code has it, with its facts; it becomes words when it is read:
`from connector.wording import Wording as _`, then `_("at most %(count)s signs", count=20)`.
Usable without a database.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

SAY, FACTS = "say", "facts"
START = f'{{"{SAY}": '
PLACE = re.compile(r"%%|%\((\w+)\)s")
QUOTED = "%(quoted)s (%(place)s%(hints)s)"
"""What Zoho said, with hints that are read from its answer."""
QUOTES = "%(quoted)s"
"""All that it said at once."""
PLAIN = (str, int, bool)


class Wording:
    """`msgid` is a sentence of the catalogue, `facts` stand in it: texts,
    numbers, further wordings, and lists of these. str() tells it in the active language.

    It may have been read from whatever somebody else stored or sent, so telling it never fails:
    the place of a fact that is missing stays as it is.
    """

    __slots__ = ("facts", "msgid")

    def __init__(self, msgid: str, /, **facts: Any) -> None:
        self.msgid, self.facts = msgid, facts

    def __str__(self) -> str:
        text = gettext(self.msgid)
        if not self.facts:
            return text
        try:
            return PLACE.sub(self.fill_place, text)
        except RecursionError:
            return text

    def fill_place(self, place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%"
        return tell_fact(self.facts[place[1]]) if place[1] in self.facts else place[0]

    def __repr__(self) -> str:
        return f"Wording({self.msgid!r}, {self.facts!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wording) and pack(other) == pack(self)

    def __hash__(self) -> int:
        return hash(write_words(self))


Words = str | Wording
"""What is said: words of somebody else's are a plain text, and stay as they are."""


def tell_fact(fact: Any) -> str:
    if isinstance(fact, list | tuple):
        return ", ".join(map(tell_fact, fact))
    return str(fact)


def is_quoted(words: Words) -> bool:
    """Whether they are Zoho's, not the portal's own."""
    return not isinstance(words, Wording) or words.msgid in (QUOTED, QUOTES)


def pack(value: Any) -> Any:
    """As JSON takes it; whatever is no wording stays."""
    if isinstance(value, Wording):
        return {SAY: value.msgid, FACTS: pack(value.facts)}
    if isinstance(value, Mapping):
        # Nearly all facts are plain, and what is noted of each call passes here.
        return {n: item if type(item) in PLAIN else pack(item) for n, item in value.items()}
    if isinstance(value, list | tuple):
        return [pack(item) for item in value]
    return value


def unpack(value: Any) -> Any:
    """The opposite of `pack`."""
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value.keys() == {SAY, FACTS} and isinstance(value[FACTS], Mapping):
        return Wording(str(value[SAY]), **{name: unpack(f) for name, f in value[FACTS].items()})
    return {name: unpack(item) for name, item in value.items()}


def write_words(words: Words) -> str:
    """As a column of text keeps them."""
    return json.dumps(pack(words), ensure_ascii=False) if isinstance(words, Wording) else words


def read_words(text: str) -> Words:
    """Rows of older versions hold plain texts only, and what Zoho says may begin like ours."""
    if not text.startswith(START):
        return text
    try:
        found = unpack(json.loads(text))
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, Wording) else text
