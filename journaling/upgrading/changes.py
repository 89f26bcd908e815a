"""What changed for people between two versions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from config.version import VERSION
from connector.models import Connection, Installation
from connector.silence import ROW, find_silence

FILE = Path(__file__).parent / "changes.yaml"


@dataclass(frozen=True, kw_only=True)
class Change:
    """Each text is for the person who has to do it; "" and [] mean that nobody has to."""

    version: str
    authorize: str = ""
    template: str = ""
    settings: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    operator: list[str] = field(default_factory=list)


def read_changes() -> list[Change]:
    """Oldest first."""
    return [Change(**row) for row in yaml.safe_load(FILE.read_text())]


def list_changes(*, since: str) -> list[Change]:
    """Of the versions after this one; "" is a portal from before versions were noted."""
    return [change for change in read_changes() if order(change.version) > order(since)]


def order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if version else ()


def describe_changes(changes: list[Change]) -> Iterator[str]:
    """Lines for the operator; every question is answered, with "no" as well."""
    for question, lists in (
        ("Authorize again in Zoho", [[change.authorize] for change in changes]),
        ("Upload the template to the PBX again", [[change.template] for change in changes]),
        ("New settings", [change.settings for change in changes]),
        ("What people notice", [change.people for change in changes]),
        ("On this machine", [change.operator for change in changes]),
    ):
        yield from describe(question, [line for lines in lists for line in lines if line])


def describe(question: str, lines: list[str]) -> Iterator[str]:
    yield f"  {question}: {'' if lines else 'no'}".rstrip()
    yield from (f"    - {line}" for line in lines)


def keep_version() -> None:
    """Before anything of this version runs: where nothing is noted, say whether the portal is new.

    Whoever starts first would otherwise note this version, and the changes would never be told.
    """
    if not Installation.objects.filter(pk=ROW).exists():
        find_silence()
        if Connection.objects.exists():
            Installation.objects.update(version="")


def read_version() -> str:
    return Installation.objects.values_list("version", flat=True).filter(pk=ROW).first() or ""


def note_version() -> None:
    """The changes were told."""
    Installation.objects.filter(pk=ROW).update(version=VERSION)
