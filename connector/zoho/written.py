"""Zoho's verdict on each record of a write, read from the record's own place in the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho.errors import VERDICTS, Temporary, UnknownOutcome
from connector.zoho.refusals import read_refusal

Outcome = Literal["delivered", "duplicate", "rejected", "temporary"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`zoho_id` is the record written; for a duplicate, the one that is there already.

    For a duplicate `field` names the unique field: only if it is our reference field, the record
    there is ours. `modified_at` is Zoho's own word for when it was written. `words` are for a
    person, empty for a delivered record.
    """

    outcome: Outcome
    zoho_id: str = ""
    modified_at: str = ""
    code: str = ""
    words: Words = ""
    field: str = ""


def read_verdicts(answer: Mapping[str, Any], *, count: int) -> list[Verdict]:
    """Raises UnknownOutcome unless there is one verdict for each record sent."""
    data = answer.get("data")
    if not isinstance(data, list) or len(data) != count:
        raise UnknownOutcome(
            _("Zoho's answer does not account for every record sent."), code="short_answer"
        )
    return [read_verdict(item) for item in data]


def read_verdict(item: Any) -> Verdict:
    if not isinstance(item, dict) or not item.get("code"):
        raise UnknownOutcome(_("Zoho's answer cannot be understood."), code="garbled")
    details = item.get("details")
    details = details if isinstance(details, dict) else {}
    if item["code"] == "SUCCESS":
        if not details.get("id"):
            raise UnknownOutcome(_("Zoho's answer does not name the record."), code="garbled")
        return Verdict(
            outcome="delivered",
            zoho_id=str(details["id"]),
            modified_at=str(details.get("Modified_Time") or "")[:40],
            code="SUCCESS",
        )
    refusal = read_refusal(item)
    return Verdict(
        outcome=choose_outcome(refusal.code),
        zoho_id=find_duplicate(details) if refusal.code == "DUPLICATE_DATA" else "",
        code=refusal.code,
        words=refusal.words,
        field=refusal.field,
    )


def choose_outcome(code: str) -> Outcome:
    if code == "DUPLICATE_DATA":
        return "duplicate"
    return "temporary" if issubclass(VERDICTS.get(code, object), Temporary) else "rejected"


def find_duplicate(details: Mapping[str, Any]) -> str:
    """Zoho has both forms: `details.id` and `details.duplicate_record.id`."""
    other = details.get("duplicate_record")
    other = other if isinstance(other, dict) else {}
    return str(details.get("id") or other.get("id") or "")
