"""From the bytes that a PBX posted to clean texts by key; nothing hostile gets past this file.

3CX posts what its template says: JSON from ours, JSON or a form from templates made by hand.
Every value leaves here as text that any database stores: no NUL, no lone surrogate.
"""

import json
import re
from collections.abc import Collection
from urllib.parse import parse_qsl

from connector.wording import Wording as _
from connector.wording import Words

MAX_FORM_FIELDS = 500
# An unknown variable arrives as the literal text `[Name]`; booleans and nulls arrive as words.
UNFILLED = re.compile(r"\[\w+\]")
NOTHING = {"false", "null", "none"}
CONTROL_CHARACTERS = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\r")

# 3CX's own names of variables, folded as keys are: a template made by hand may use them as keys.
ALIASES = {
    "calltype": "type",
    "calldirection": "direction",
    "queueextension": "queue",
    "durationtimespan": "duration",
    "callstarttimeutc": "start",
    "callendtimeutc": "end",
    "chatstarttimeutc": "start",
    "chatendtimeutc": "end",
    "callstarttimeutcmillis": "startms",
    "callendtimeutcmillis": "endms",
    "chatmessages": "messages",
}


class UnreadableReport(Exception):
    """A body that is no report; `reason` is a sentence for the administrator."""

    def __init__(self, reason: Words) -> None:
        super().__init__(reason)
        self.reason = reason


def read_fields(body: bytes) -> dict[str, str]:
    """The body's values by folded key (lower case, no underscore); raises UnreadableReport.

    A byte that is no UTF-8 costs its own character, never the report.
    """
    return _merge(_read_pairs(body))


def keep_out(body: bytes, names: Collection[str], *, mark: str = "") -> bytes:
    """The body without the values of these (folded) keys, as JSON, with `mark` under "kept_back".

    The same bytes when nothing is to go and nothing to be marked. Raises UnreadableReport.
    """
    pairs = _read_pairs(body)
    if not mark and not any(_fold(key) in names and clean_text(value) for key, value in pairs):
        return body
    kept: dict[str, str] = {}
    for key, value in pairs:
        if _fold(key) not in names:
            kept[key] = clean_text(value) or kept.get(key, "")
    return json.dumps(kept | ({"kept_back": mark} if mark else {})).encode()


def _read_pairs(body: bytes) -> list[tuple[str, object]]:
    text = body.decode("utf-8-sig", "replace").strip(" \t\r\n\0")
    if not text:
        raise UnreadableReport(_("The PBX sent an empty report."))
    if text[0] in "{[":
        return _read_json(text)
    if "=" in text:
        return _read_form(text)
    raise UnreadableReport(_("The report is neither JSON nor a form."))


def _read_json(text: str) -> list[tuple[str, object]]:
    try:
        # Numbers stay texts: a huge integer costs nothing and a phone number keeps its digits.
        found = json.loads(
            text,
            strict=False,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
            object_pairs_hook=tuple,
        )
    except RecursionError:
        raise UnreadableReport(_("The report is nested too deeply.")) from None
    except ValueError:
        raise UnreadableReport(_("The report is not valid JSON.")) from None
    if not isinstance(found, tuple):
        raise UnreadableReport(_("The report is a list; one JSON object was expected."))
    return list(found)


def _read_form(text: str) -> list[tuple[str, object]]:
    try:
        return list(
            parse_qsl(
                text, keep_blank_values=True, errors="replace", max_num_fields=MAX_FORM_FIELDS
            )
        )
    except ValueError:
        raise UnreadableReport(_("The report's form cannot be read.")) from None


def _merge(pairs: list[tuple[str, object]]) -> dict[str, str]:
    """One value for each key; of repeated keys the last one that says anything."""
    fields: dict[str, str] = {}
    for key, value in pairs:
        name = _fold(key)
        fields[name] = clean_text(value) or fields.get(name, "")
    return fields


def _fold(key: str) -> str:
    folded = key.casefold().replace("_", "")
    return ALIASES.get(folded, folded)


def clean_text(value: object) -> str:
    """The value as text, empty when it is nothing, unfilled, or no text at all.

    Blanks in front stay: one before a number stands for a plus.
    """
    if isinstance(value, list):
        return "\n".join(filter(None, (clean_text(item) for item in value if _is_text(item))))
    if not isinstance(value, str):
        return ""
    text = value
    if not value.isprintable():  # nothing printable is a surrogate or a control character
        text = value.encode("utf-8", "replace").decode().translate(CONTROL_CHARACTERS)
    text = text.rstrip()
    bare = text.strip()
    if not bare or bare.casefold() in NOTHING or UNFILLED.fullmatch(bare):
        return ""
    return text


def _is_text(value: object) -> bool:
    return isinstance(value, str)
