"""What calls and chats have in common as records: card, owner, reference, limits, more fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from connector.threecx.payloads import CallReport, ChatReport
from journaling.fields.further import Filling, fill_fields, read_limit
from journaling.models import JournalSettings
from journaling.standing import Card, link_card
from journaling.texts.fitting import DESCRIPTION_LIMIT, SUBJECT_LIMIT, Overflow, fit_line, fit_text
from journaling.texts.phrases import say

LAYOUT = "Layout"

# What makes the record this call or this chat: further fields never change it.
IDENTIFYING = {
    "id",
    "Subject",
    "Description",
    "Call_Type",
    "Call_Start_Time",
    "Call_Duration",
    "Outgoing_Call_Status",
    "Status",
    "Due_Date",
    "Owner",
    "Who_Id",
    "What_Id",
    "$se_module",
    LAYOUT,
}


class Frame(TypedDict):
    """What stands around a report. `org_fields` is ZohoOrganisation.fields, {} when not read;
    `layout_zoho_id` and `page_url` are empty where none is wanted."""

    settings: JournalSettings
    language: str
    time_zone: str
    card: Card | None
    owner_zoho_id: str
    reference: str
    reference_field: str
    org_fields: Mapping[str, Mapping[str, Any]]
    layout_zoho_id: NotRequired[str]
    page_url: NotRequired[str]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A record before what is common to all; `facts` are the fields of its kind."""

    module: str
    report: CallReport | ChatReport
    values: Mapping[str, str]
    subject: str
    body: str
    facts: Mapping[str, Any]
    further: Mapping[str, object]
    notes: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """`record` as Zoho takes it; `overflow` follows it; `notes` are rows for the entry's trace."""

    module: str
    record: dict[str, Any]
    overflow: tuple[Overflow, ...] = ()
    notes: tuple[dict[str, Any], ...] = ()


def complete(draft: Draft, frame: Frame) -> Rendered:
    """The whole record. What exceeds a limit of Zoho is shortened here and follows as a whole."""
    known = frame["org_fields"].get(draft.module, {})
    language, reference = frame["language"], frame["reference"]
    has_field = _takes_reference(known.get(frame["reference_field"], {}), reference)
    subject = fit_line(
        draft.subject,
        limit=read_limit(known.get("Subject", {}), default=SUBJECT_LIMIT),
        field="Subject",
        language=language,
    )
    body = fit_text(
        draft.body,
        limit=read_limit(known.get("Description", {}), default=DESCRIPTION_LIMIT),
        field="Description",
        language=language,
        last_line=_write_last_lines(frame, has_field=has_field),
    )
    filled = fill_fields(
        draft.further, _make_filling(draft, frame), protected=_protect(has_field, frame)
    )
    layout = "" if known.get(LAYOUT, {}).get("refused") else frame.get("layout_zoho_id")
    record = {
        "Subject": subject.text,
        **draft.facts,
        "Description": body.text,
        **link_card(frame["card"], contact_parent=frame["settings"].contact_parent),
        **({"Owner": {"id": frame["owner_zoho_id"]}} if frame["owner_zoho_id"] else {}),
        **filled.record,
        **({frame["reference_field"]: reference} if has_field else {}),
        **({LAYOUT: {"id": layout}} if layout else {}),
    }
    shortened = [
        {"code": "shortened", "field": name, "into": fitted.overflow[0].kind}
        for name, fitted in (("Subject", subject), ("Description", body))
        if fitted.overflow
    ]
    return Rendered(
        module=draft.module,
        record=record,
        overflow=subject.overflow + body.overflow + filled.overflow,
        notes=(*_tell_start(draft.report), *draft.notes, *shortened, *filled.notes),
    )


def _write_last_lines(frame: Frame, *, has_field: bool) -> str:
    """What stays whatever has to be shortened: the way to the portal, then the reference."""
    url, reference = frame.get("page_url"), frame["reference"]
    needs_line = frame["settings"].reference_line and not has_field
    lines = [
        say("page", language=frame["language"], url=url) if url else "",
        f"ref {reference}" if needs_line else "",
    ]
    return "\n".join(filter(None, lines))


def _tell_start(report: CallReport | ChatReport) -> Iterator[dict[str, Any]]:
    """A start that the PBX did not give, or gave ahead of our clock."""
    if report.start_estimated:
        yield {"code": "start_estimated"}
    if report.start_corrected and report.sent_start_at:
        sent = report.sent_start_at.isoformat(timespec="seconds")
        yield {"code": "start_corrected", "sent": sent}


def _takes_reference(facts: Mapping[str, Any], reference: str) -> bool:
    """Without Zoho's own guard against doubles the field is no better than the description."""
    return (
        bool(facts.get("unique"))
        and not facts.get("read_only")
        and read_limit(facts, default=SUBJECT_LIMIT) >= len(reference)
    )


def _make_filling(draft: Draft, frame: Frame) -> Filling:
    return Filling(
        report=draft.report,
        values=draft.values,
        known=frame["org_fields"].get(draft.module, {}),
        time_zone=frame["time_zone"],
        language=frame["language"],
    )


def _protect(has_field: bool, frame: Frame) -> set[str]:
    return IDENTIFYING | ({frame["reference_field"]} if has_field else set())
