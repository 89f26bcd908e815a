"""What a correction changes in a text that stands in Zoho: a person's words stay."""

from collections.abc import Sequence
from typing import Any

from journaling.models import Entry

RECORDING = "Voice_Recording__s"


def find_changes(
    sent: dict[str, Any], *, text: str, rendered: dict[str, Any], current: dict[str, Any]
) -> dict[str, Any]:
    """The fields to write, empty when nothing is missing."""
    standing = str(current.get("Description") or "")
    text = merge_texts(now=standing, sent=str(sent.get("Description") or ""), new=text)
    changes: dict[str, Any] = {"Description": text} if text != standing else {}
    if rendered.get(RECORDING) and not sent.get(RECORDING):
        changes[RECORDING] = rendered[RECORDING]
    return changes


def list_lines(target: Entry) -> list[str]:
    """What corrections said beside the reports."""
    made = Entry.objects.filter(after=target, kind=Entry.Kind.COMPLETION).order_by("pk")
    return [
        line
        for facts in made.values_list("record", flat=True)
        for line in (facts or {}).get("lines", [])
    ]


def join_lines(text: str, lines: Sequence[str]) -> str:
    return "\n".join([text, *(line for line in lines if line not in text)])


def merge_texts(*, now: str, sent: str, new: str) -> str:
    """The new text; where somebody changed ours, theirs with what ours had not said before."""
    now = now.replace("\r\n", "\n")
    if now.strip() == sent.strip():
        return new
    known = {*now.split("\n"), *sent.split("\n")}
    return "\n".join([now, *(line for line in new.split("\n") if line not in known)])
