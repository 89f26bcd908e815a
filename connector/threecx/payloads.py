"""From the body that a PBX posted to a CallReport or ChatReport.

`read_call` and `read_chat` take any bytes and raise nothing but UnreadableReport.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from connector.threecx.answers import PLACEHOLDER_ID
from connector.threecx.bodies import UnreadableReport, read_fields
from connector.threecx.moments import parse_moment, parse_seconds
from connector.threecx.reports import (
    CallReport,
    CallType,
    ChatReport,
    Direction,
    identify_unreadable,
)
from connector.wording import Wording as _

__all__ = [
    "CallReport",
    "CallType",
    "ChatReport",
    "Direction",
    "UnreadableReport",
    "identify_unreadable",
    "read_call",
    "read_chat",
]

# A PBX whose clock runs ahead by more than this is not believed.
CLOCK_TOLERANCE = timedelta(seconds=60)
# Short facts are cut here so that any column takes them; the raw report keeps the rest.
SHORT_TEXT = 255
LONGEST_URL = 2_000

# One source writes Unanswered where 3CX says Notanswered.
CALL_TYPES = {kind.casefold(): kind for kind in CallType} | {"unanswered": CallType.NOTANSWERED}
DIRECTIONS = {kind.casefold(): kind for kind in Direction}
OUTBOUND_TYPES = {CallType.OUTBOUND, CallType.NOTANSWERED}


def read_call(body: bytes, *, received_at: datetime) -> CallReport:
    """The call that a body reports; raises UnreadableReport. `received_at` is aware."""
    fields = read_fields(body)
    word = "".join(filter(str.isalpha, fields.get("type", ""))).casefold()
    if word not in CALL_TYPES:
        raise UnreadableReport(
            _("The report names no call type; 3CX sends Inbound, Missed, Outbound or Notanswered.")
        )
    kind = CALL_TYPES[word]
    implied = Direction.OUTBOUND if kind in OUTBOUND_TYPES else Direction.INBOUND
    return CallReport(
        **_read_shared(fields, received_at=received_at),
        type=kind,
        direction=DIRECTIONS.get(fields.get("direction", "").strip().casefold(), implied),
        recording_url=_keep_web_address(fields.get("recordingurl", "")),
        transcription=fields.get("transcription", ""),
        summary=fields.get("summary", ""),
        sentiment=fields.get("sentiment", ""),
    )


def read_chat(body: bytes, *, received_at: datetime) -> ChatReport:
    """The chat that a body reports; raises UnreadableReport. `received_at` is aware."""
    fields = read_fields(body)
    if not any(fields.get(key) for key in ("number", "email", "messages")):
        raise UnreadableReport(_("The report of the chat names no number, no e-mail and no text."))
    return ChatReport(
        **_read_shared(fields, received_at=received_at),
        email=_read_short(fields, "email"),
        messages=fields.get("messages", ""),
    )


def _read_shared(fields: dict[str, str], *, received_at: datetime) -> dict[str, Any]:
    names = (_read_short(fields, "agentfirstname"), _read_short(fields, "agentlastname"))
    return {
        "number": _read_number(fields),
        "name": _read_name(fields),
        "agent": _read_short(fields, "agent"),
        "agent_name": _read_short(fields, "agentname") or " ".join(filter(None, names)),
        "agent_email": _read_short(fields, "agentemail"),
        "queue": _read_short(fields, "queue"),
        "entity_id": _read_short(fields, "entityid"),
        "entity_type": _read_short(fields, "entitytype"),
        "date_time": _read_short(fields, "datetime"),
        "kept_back": _read_short(fields, "keptback"),
        **_read_times(fields, received_at=received_at),
    }


def _read_name(fields: dict[str, str]) -> str:
    """A placeholder's name is no name: it is the number."""
    is_placeholder = fields.get("entityid", "").strip() == PLACEHOLDER_ID
    return "" if is_placeholder else _read_short(fields, "name")


def _read_times(fields: dict[str, str], *, received_at: datetime) -> dict[str, Any]:
    start = parse_moment(fields.get("start", "")) or parse_moment(fields.get("startms", ""))
    end = parse_moment(fields.get("end", "")) or parse_moment(fields.get("endms", ""))
    seconds = _read_seconds(fields, start=start, end=end)
    length = timedelta(seconds=seconds)
    corrected = start is not None and start > received_at + CLOCK_TOLERANCE
    if start is None:
        started_at = min(end or received_at, received_at) - length
    else:
        started_at = received_at if corrected else start
    usable_end = end if end and not corrected and end >= started_at else started_at + length
    return {
        "started_at": started_at,
        "ended_at": usable_end,
        "seconds": seconds,
        "start_estimated": start is None,
        "start_corrected": corrected,
        "sent_start_at": start,
        "sent_end_at": end,
    }


def _read_seconds(fields: dict[str, str], *, start: datetime | None, end: datetime | None) -> int:
    for key in ("seconds", "duration"):
        seconds = parse_seconds(fields.get(key, ""))
        if seconds is not None:
            return seconds
    if start and end and end > start:
        return parse_seconds(str(int((end - start).total_seconds()))) or 0
    return 0


def _read_number(fields: dict[str, str]) -> str:
    """The number as sent; a blank before its digits was a plus until a form swallowed it."""
    sent = fields.get("number", "")
    bare = sent.strip()
    if sent.startswith(" ") and bare[:1].isdigit():
        bare = f"+{bare}"
    return bare[:SHORT_TEXT]


def _read_short(fields: dict[str, str], key: str) -> str:
    text = fields.get(key)
    return " ".join(text.split())[:SHORT_TEXT] if text else ""


def _keep_web_address(text: str) -> str:
    bare = text.strip()
    if len(bare) > LONGEST_URL or len(bare.split()) != 1:
        return ""
    try:
        parts = urlsplit(bare)
    except ValueError:
        return ""
    return bare if parts.scheme in ("http", "https") and parts.hostname else ""
