"""Texts as Zoho takes them: nothing hostile in them, and what is too long follows as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from journaling.texts.phrases import say

DESCRIPTION_LIMIT = 32_000
SUBJECT_LIMIT = 255
# Zoho takes 65,535; the follower's reference is written below its content.
NOTE_LIMIT = 65_500
MOST_NOTES = 2
ELLIPSIS = "…"

CONTROL_CHARACTERS = dict.fromkeys(
    code for code in (*range(32), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF) if chr(code) not in "\t\n"
)


@dataclass(frozen=True, kw_only=True)
class Overflow:
    """A text that follows its record; titles have at most 120 characters and no slash."""

    kind: Literal["note", "attachment"]
    title: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A text within its limit, and what follows it when it is not the whole text."""

    text: str
    overflow: tuple[Overflow, ...] = ()


def clean_text(text: str) -> str:
    """Without control characters and lone surrogates: JSON and Zoho take what is left."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROL_CHARACTERS)
    return text.encode("utf-8", "ignore").decode()


def clean_line(text: str) -> str:
    """The same on one line, with single blanks."""
    return " ".join(clean_text(text).split())


def measure(text: str) -> int:
    """Length in UTF-16 units, the longest way in which Zoho may count: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, size: int) -> str:
    """The longest beginning of at most `size` UTF-16 units."""
    return text[:size].encode("utf-16-le")[: 2 * max(size, 0)].decode("utf-16-le", "ignore")


def fit_line(text: str, *, limit: int, field: str, language: str) -> Fitted:
    """One line; a longer one ends in an ellipsis and follows as a whole."""
    line = clean_line(text)
    if measure(line) <= limit:
        return Fitted(text=line)
    short = cut(line, limit - 1).rstrip() + ELLIPSIS
    return Fitted(text=short, overflow=make_followers(line, field=field, language=language))


def fit_text(text: str, *, limit: int, field: str, language: str, last_line: str = "") -> Fitted:
    """The text and, whatever happens, its last line; a longer text says where the whole one is."""
    text = clean_text(text).strip()
    whole = "\n".join(filter(None, (text, last_line)))
    if measure(whole) <= limit:
        return Fitted(text=whole)
    overflow = make_followers(text, field=field, language=language)
    word = "rest_attached" if overflow[0].kind == "attachment" else "rest_follows"
    ending = "\n".join(filter(None, ("", say(word, language=language), last_line)))
    head = cut(text, limit - measure(ending)).rstrip()
    return Fitted(text=head + ending, overflow=overflow)


def make_followers(text: str, *, field: str, language: str) -> tuple[Overflow, ...]:
    """The whole text as one or two notes, or as one attachment when two do not hold it."""
    parts = list(islice(_split(text), MOST_NOTES + 1))
    title = say("whole_text", language=language, field=field)
    if len(parts) > MOST_NOTES:
        return (Overflow(kind="attachment", title=title, content=text),)
    if len(parts) < MOST_NOTES:
        return (Overflow(kind="note", title=title, content=text),)
    return tuple(
        Overflow(
            kind="note",
            title=say(
                "whole_text_part", language=language, field=field, part=number, parts=len(parts)
            ),
            content=part,
        )
        for number, part in enumerate(parts, start=1)
    )


def _split(text: str) -> Iterator[str]:
    """Parts for notes, broken between lines where that is possible."""
    start = 0
    while start < len(text):
        part = cut(text[start : start + NOTE_LIMIT], NOTE_LIMIT)
        if start + len(part) < len(text) and (line := part.rfind("\n") + 1) > NOTE_LIMIT // 2:
            part = part[:line]
        yield part
        start += len(part)
