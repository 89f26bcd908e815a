"""The call log of a sandbox PBX, as its API tells it: a row for the queue and for each leg."""

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connector.sandbox.pbx.happenings import Call, Leg
from connector.threecx.moments import parse_moment

TRUNK = "10000"
ANSWERED = ("Inbound", "Outbound")
Row = dict[str, Any]


class CallLog:
    """Kept in memory, or in a file that further processes read.

    `shift` is how wrong the log's times are: some PBXs write local time as if it were UTC.
    """

    def __init__(self, path: Path | None = None, *, shift: timedelta = timedelta()) -> None:
        self.path = path
        self.shift = shift
        self.rows: list[Row] = []

    def add(self, call: Call) -> None:
        made = list(write_rows(call, shift=self.shift))
        self.rows += made
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in made)

    def list_between(self, since: str, until: str) -> list[Row]:
        """Newest first, as the portal asks for them."""
        rows = self.rows
        if self.path and self.path.exists():
            rows = [json.loads(line) for line in self.path.read_text().splitlines()]
        begin, end = parse_moment(since), parse_moment(until)
        assert begin
        assert end
        chosen = [row for row in rows if begin <= datetime.fromisoformat(row["StartTime"]) < end]
        return sorted(chosen, key=lambda row: str(row["StartTime"]), reverse=True)


def write_rows(call: Call, *, shift: timedelta) -> Iterable[Row]:
    call_id = str(uuid.uuid4())
    outgoing = call.direction == "Outbound"
    segment = 0
    if call.queue and not outgoing:
        segment = 1
        yield {
            **describe(call, call.legs[0], call_id=call_id, segment=segment, shift=shift),
            "DestinationDn": call.queue,
            "Answered": False,
            "TalkingDuration": "PT0S",
        }
    for number, leg in enumerate(call.legs, start=segment + 1):
        yield describe(call, leg, call_id=call_id, segment=number, shift=shift)


def describe(call: Call, leg: Leg, *, call_id: str, segment: int, shift: timedelta) -> Row:
    answered, outgoing = leg.type in ANSWERED, call.direction == "Outbound"
    length = f"PT{leg.seconds // 60}M{leg.seconds % 60}.4S"
    names = " ".join(filter(None, (leg.extension.first_name, leg.extension.last_name)))
    ours = {"Dn": leg.extension.number, "CallerId": leg.extension.number, "DisplayName": names}
    theirs = {"Dn": TRUNK, "CallerId": call.number, "DisplayName": call.caller_name}
    sides = (ours, theirs) if outgoing else (theirs, ours)
    started_at = (leg.started_at + shift).astimezone(UTC)
    return {
        "CdrId": str(uuid.uuid4()),
        "MainCallHistoryId": call_id,
        "CallHistoryId": str(uuid.uuid4()),
        "SegmentId": segment,
        "StartTime": started_at.isoformat(timespec="milliseconds"),
        **{f"Source{name}": value for name, value in sides[0].items()},
        **{f"Destination{name}": value for name, value in sides[1].items()},
        "Direction": "Inbound Queue" if call.queue and not outgoing else call.direction,
        "Answered": answered,
        "RingingDuration": "PT0S" if answered else length,
        "TalkingDuration": length if answered else "PT0S",
        "RecordingUrl": call.recording_url,
        "Summary": call.summary,
        "Transcription": call.transcription,
    }
