"""A sample call of each kind and a sample chat, for the preview beside the text fields."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connector.threecx.payloads import CallReport, CallType, ChatReport, Direction
from journaling.texts.phrases import say

CALL_TYPES = {
    "answered_inbound": CallType.INBOUND,
    "missed": CallType.MISSED,
    "answered_outbound": CallType.OUTBOUND,
    "unanswered_outbound": CallType.NOTANSWERED,
}
KINDS = (*CALL_TYPES, "chat")
STARTED_AT = datetime(2026, 11, 22, 10, 51, tzinfo=UTC)
SECONDS = 163


def make_sample_call(*, kind: str, language: str) -> CallReport:
    """`kind` is one of CALL_TYPES; raises KeyError for another."""
    call_type = CALL_TYPES[kind]
    inbound = call_type in (CallType.INBOUND, CallType.MISSED)
    call = CallReport(
        **_share_facts(language=language),
        type=call_type,
        direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
        recording_url="https://pbx.example/recordings/1",
        transcription=say("sample_transcription", language=language),
        summary=say("sample_summary", language=language),
        sentiment=say("sample_sentiment", language=language),
    )
    if call_type in (CallType.INBOUND, CallType.OUTBOUND):
        return call
    return replace(
        call, seconds=0, recording_url="", transcription="", summary="", sentiment="", queue=""
    )


def make_sample_chat(*, language: str) -> ChatReport:
    return ChatReport(
        **_share_facts(language=language),
        email="visitor@example.org",
        messages=say("sample_messages", language=language),
    )


def _share_facts(*, language: str) -> dict[str, Any]:
    return {
        "number": "+442079460123",
        "name": say("sample_name", language=language),
        "agent": "101",
        "agent_name": say("sample_agent", language=language),
        "agent_email": "agent@example.org",
        "queue": "800",
        "entity_id": "554023000000238001",
        "entity_type": "Contacts",
        "started_at": STARTED_AT,
        "ended_at": STARTED_AT + timedelta(seconds=SECONDS),
        "seconds": SECONDS,
        "start_estimated": False,
        "start_corrected": False,
        "sent_start_at": STARTED_AT,
        "sent_end_at": None,
        "date_time": "",
    }
