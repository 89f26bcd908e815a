"""The language of journaling texts: `[Variable]`, as the administrator knows it from 3CX."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from django.utils.translation import gettext as _

from journaling.texts.samples import make_sample_call, make_sample_chat
from journaling.texts.variables import CALL_VARIABLES, CHAT_VARIABLES, call_values, chat_values

__all__ = [
    "CALL_VARIABLES",
    "CHAT_VARIABLES",
    "UnknownVariable",
    "call_values",
    "chat_values",
    "check_text",
    "preview_text",
    "render_text",
]

VARIABLE = re.compile(r"\[(\w+(?:::\w+)?)\]")
LINE_BREAK = "[LineBreak]"
# A variable that is empty, while its line is tidied up.
GAP = "\0"
EMPTY_BRACKETS = re.compile(r"\(\s*\0[\s\0]*\)|\[\s*\0[\s\0]*\]|<\s*\0[\s\0]*>")
GAP_WITH_BLANKS = re.compile(r"[ \t]*\0[ \t\0]*")

# Names in circulation that 3CX does not know, and what their authors meant.
MISNOMERS = {
    "callduration": "Duration",
    "sentimentscore": "Sentiment",
    "agentextension": "Agent",
    "agentname": "AgentFirstName",
    "callernumber": "Number",
    "callerid": "Number",
    "starttime": "DateTime",
    "contact::firstname": "Name",
    "contact::lastname": "Name",
    "contact::fullname": "Name",
    "chatlog": "ChatMessages",
    "chatbody": "ChatMessages",
}


@dataclass(frozen=True, kw_only=True)
class UnknownVariable:
    """`position` counts characters from the text's beginning; `nearest` may be empty."""

    name: str
    position: int
    nearest: str

    def __str__(self) -> str:
        if not self.nearest:
            return _("[%(name)s] is unknown.") % {"name": self.name}
        return _("[%(name)s] is unknown. Did you mean [%(nearest)s]?") % {
            "name": self.name,
            "nearest": self.nearest,
        }


def check_text(text: str, *, variables: Collection[str]) -> list[UnknownVariable]:
    """What stands in brackets like a variable and is none of `variables`."""
    return [
        UnknownVariable(
            name=found[1],
            position=found.start(),
            nearest=_find_nearest(found[1], variables=variables),
        )
        for found in VARIABLE.finditer(text)
        if found[1] not in variables and not found[1].isdigit()
    ]


def _find_nearest(name: str, *, variables: Collection[str]) -> str:
    folded = {known.casefold(): known for known in variables}
    if (meant := MISNOMERS.get(name.casefold(), "")) in variables:
        return meant
    return "".join(folded[near] for near in get_close_matches(name.casefold(), folded, n=1))


def render_text(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; words in brackets that are no variable stay.

    A line whose variables are all empty is left out. Elsewhere an empty variable takes its
    blanks and brackets along.
    """
    return "\n".join(
        _render_line(line, names, values)
        for line, names in _read_lines(text)
        if _has_content(names, values)
    )


@lru_cache(maxsize=256)
def _read_lines(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each line and the words that stand in it like variables; the same few texts come often."""
    lines = text.replace(GAP, "").replace(LINE_BREAK, "\n").split("\n")
    return tuple((line, tuple(VARIABLE.findall(line))) for line in lines)


def _has_content(names: Collection[str], values: Mapping[str, str]) -> bool:
    named = [name for name in names if name in values]
    return not named or any(values[name].strip() for name in named)


def _render_line(line: str, names: Collection[str], values: Mapping[str, str]) -> str:
    if not all(values.get(name, "-").strip() for name in names):
        line = VARIABLE.sub(
            lambda found: found[0] if values.get(found[1], "-").strip() else GAP, line
        )
        line = EMPTY_BRACKETS.sub(GAP, line)
        line = GAP_WITH_BLANKS.sub(_close_gap, line).strip()
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), line) if names else line


def _close_gap(found: re.Match[str]) -> str:
    """One blank between words, none after a bracket, before a stop or at either end."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    if not before or before in "([{" or not after or after in ",.;:!?)]}":
        return ""
    return " " if found[0].strip(GAP) else ""


def preview_text(text: str, *, kind: str, language: str, time_zone: str) -> str:
    """The text for a sample: `kind` is one of samples.KINDS; raises KeyError for another."""
    if kind == "chat":
        chat = make_sample_chat(language=language)
        return render_text(text, chat_values(chat, language=language, time_zone=time_zone))
    call = make_sample_call(kind=kind, language=language)
    return render_text(text, call_values(call, language=language, time_zone=time_zone))
