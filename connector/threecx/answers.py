"""What the portal answers to a lookup, in the shape that the template reads."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

PLACEHOLDER_ID = "unknown"
"""Of a contact that stands for an unknown caller; a PBX takes no contact without an id."""

ENCODER = json.JSONEncoder(ensure_ascii=False)
"""Made once: `json.dumps` makes one for each answer."""

PHONES = ("business", "business2", "home", "mobile", "mobile2", "fax")


@dataclass(frozen=True, kw_only=True)
class Match:
    """One person or company: Zoho's id and module, the address of its page, names and phones."""

    id: str
    module: str
    url: str
    first: str = ""
    last: str = ""
    company: str = ""
    title: str = ""
    department: str = ""
    email: str = ""
    business: str = ""
    business2: str = ""
    home: str = ""
    mobile: str = ""
    mobile2: str = ""
    other: str = ""
    fax: str = ""


def build_answer(
    matches: Iterable[Match], *, searched: str = ""
) -> dict[str, list[dict[str, str]]]:
    """`{"matches": [...]}` for the PBX; `searched` is the number exactly as it asked.

    A PBX drops a contact none of whose phones is the number that it searched. So `echo`, which it
    takes as the other phone, is that number, unless a phone equals it already: then it is the
    person's real other phone.
    """
    return {"matches": [_add_echo(asdict(match), searched) for match in matches]}


def write_match(match: Match) -> str:
    """A match as JSON, to be stored and answered later."""
    return ENCODER.encode(vars(match))


def write_answer(stored: Iterable[str], *, searched: str = "") -> str:
    """`build_answer` as JSON, from what `write_match` wrote."""
    matches = [_add_echo(json.loads(text), searched) for text in stored]
    return ENCODER.encode({"matches": matches})


def _add_echo(match: dict[str, str], searched: str) -> dict[str, str]:
    known = {match[phone] for phone in PHONES}
    echo = match["other"] if not searched or searched in known else searched
    return match | {"echo": echo}
