"""Finds the parts of an expression: brackets, quotes, arguments, operators."""

import re
from collections.abc import Iterator

from connector.sandbox.pbx.errors import EngineError

CLOSING = {"[": "]", "(": ")"}
METHOD = re.compile(r"\.(\w+)(?=\()")


def find_end(text: str, start: int) -> int:
    """Where the bracket that opens at `start` closes; brackets within quotes do not count."""
    open_signs: list[str] = []
    quoted = False
    for place in range(start, len(text)):
        sign = text[place]
        if sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign in CLOSING:
            open_signs.append(CLOSING[sign])
        elif open_signs and sign == open_signs[-1]:
            open_signs.pop()
            if not open_signs:
                return place
    raise EngineError("Stack empty.")


def split_outside(text: str, separator: str) -> list[str]:
    """The text cut at each separator that stands outside brackets and quotes."""
    parts, begin, place, quoted = [], 0, 0, False
    while place < len(text):
        sign = text[place]
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign in CLOSING:
            place = find_end(text, place)
        elif not quoted and text.startswith(separator, place):
            parts.append(text[begin:place])
            place += len(separator) - 1
            begin = place + 1
        place += 1
    return [*parts, text[begin:]]


def read_calls(text: str) -> Iterator[tuple[str, list[str]]]:
    """Names and raw arguments of a chain `.A(x).B()`; EngineError for anything else."""
    while text:
        found = METHOD.match(text)
        if not found:
            raise EngineError(f"Unknown function: {text}")
        end = find_end(text, found.end())
        yield found[1], split_arguments(text[found.end() + 1 : end])
        text = text[end + 1 :]


def split_arguments(text: str) -> list[str]:
    """The arguments between a call's brackets, each without blanks around it."""
    return [part.strip() for part in split_outside(text, ",")] if text.strip() else []
