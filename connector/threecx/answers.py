"""What the portal answers to a lookup, in the shape that the template reads."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

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
    return {"matches": [_describe(match, searched) for match in matches]}


def _describe(match: Match, searched: str) -> dict[str, str]:
    known = {getattr(match, phone) for phone in PHONES}
    echo = match.other if not searched or searched in known else searched
    return asdict(match) | {"echo": echo}
