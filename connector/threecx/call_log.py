"""The PBX's own call log (XAPI, Enterprise): calls with their legs, and each leg as a report.

Source: 3CX's OpenAPI file. Of its functions only GetCallLogData answers on real PBXs; the view of
the call history runs out of time. One call has one MainCallHistoryId, each part a row of its own.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connector.threecx.moments import parse_moment
from connector.threecx.reports import CallType, Direction
from connector.threecx.xapi import PbxUser, list_rows

MOST_ROWS = 100_000
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class LoggedLeg:
    """One extension's part; `row_id` is the log's own. `seconds` of talk, or of ringing."""

    row_id: str
    type: CallType
    agent: str
    queue: str
    started_at: datetime
    ended_at: datetime
    seconds: int
    texts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class LoggedCall:
    """One call with the outside; `number` and `name` are the other side's."""

    call_id: str
    direction: Direction
    number: str
    name: str
    legs: tuple[LoggedLeg, ...]

    @property
    def started_at(self) -> datetime:
        return min(leg.started_at for leg in self.legs)

    @property
    def is_outgoing(self) -> bool:
        return self.direction == Direction.OUTBOUND


def fetch_call_log(
    pbx_url: str, token: str, *, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """The rows of a period, each once. Raises XapiError."""
    arguments = {
        "periodFrom": write_moment(since),
        "periodTo": write_moment(until),
        "sourceType": "0",
        "sourceFilter": "''",
        "destinationType": "0",
        "destinationFilter": "''",
        "callsType": "0",
        "callTimeFilterType": "0",
        "callTimeFilterFrom": "'0:00:0'",
        "callTimeFilterTo": "'0:00:0'",
        "hidePcalls": "true",
    }
    written = ",".join(f"{name}={value}" for name, value in arguments.items())
    url = f"{pbx_url}/xapi/v1/ReportCallLogData/Pbx.GetCallLogData({written})"
    query = {"$orderby": "StartTime desc"}
    rows = list_rows(url, token=token, query=query, most=MOST_ROWS)
    # A call that begins meanwhile moves the pages: the same row may come twice.
    return list({str(row.get("CdrId")): row for row in rows}.values())


def write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_call_log(
    rows: Iterable[Row], *, users: Collection[PbxUser], queues: Collection[str]
) -> list[LoggedCall]:
    """Calls with the outside that reached an extension or a queue, oldest first.

    Which numbers are extensions and queues tell `users` and `queues`. Rows that cannot be read
    are passed over.
    """
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        call_id = str(row.get("MainCallHistoryId") or row.get("CallHistoryId") or "")
        if call_id and read_start(row):
            groups[call_id].append(row)
    extensions = {user.extension for user in users}
    calls = [
        read_call(call_id, group, extensions=extensions, queues=queues)
        for call_id, group in groups.items()
    ]
    return sorted((call for call in calls if call), key=lambda call: call.started_at)


def read_call(
    call_id: str, rows: list[Row], *, extensions: Collection[str], queues: Collection[str]
) -> LoggedCall | None:
    """None for a call inside the house, and for one that reached nobody."""
    rows = sorted(rows, key=lambda row: (str(row.get("StartTime")), row.get("SegmentId") or 0))
    outside = [(row, side) for row in rows if (side := read_direction(row))]
    if not outside:
        return None
    first, direction = outside[0]
    is_outgoing = direction == Direction.OUTBOUND
    far, near = ("Destination", "Source") if is_outgoing else ("Source", "Destination")
    queue = next((dn for row in rows if (dn := read(row, f"{near}Dn")) in queues), "")
    own = [row for row in rows if read(row, f"{near}Dn") in extensions]
    if not own and (is_outgoing or not queue):
        return None
    legs = [read_leg(row, near=near, queue=queue, is_outgoing=is_outgoing) for row in own]
    if not legs:
        legs = [read_leg(first, near="", queue=queue, is_outgoing=False)]
    return LoggedCall(
        call_id=call_id,
        direction=direction,
        # A withheld number is empty; the line's own Dn is none.
        number=read(first, f"{far}CallerId") or (read(first, f"{far}Dn") if is_outgoing else ""),
        name=read(first, f"{far}DisplayName"),
        legs=tuple(legs),
    )


def read_leg(row: Row, *, near: str, queue: str, is_outgoing: bool) -> LoggedLeg:
    """Without a side of ours (`near` empty) nobody answered."""
    answered = bool(near) and row.get("Answered") is True
    kinds = {
        (True, False): CallType.INBOUND,
        (False, False): CallType.MISSED,
        (True, True): CallType.OUTBOUND,
        (False, True): CallType.NOTANSWERED,
    }
    ringing, talking = (read_seconds(row, f"{what}Duration") for what in ("Ringing", "Talking"))
    started_at = read_start(row) or datetime.min.replace(tzinfo=UTC)
    return LoggedLeg(
        row_id=read(row, "CdrId"),
        type=kinds[answered, is_outgoing],
        agent=read(row, f"{near}Dn") if near else "",
        queue=queue,
        started_at=started_at,
        ended_at=started_at + timedelta(seconds=ringing + talking),
        seconds=talking if answered else ringing,
        texts={
            "recording_url": read(row, "RecordingUrl"),
            "transcription": read(row, "Transcription"),
            "summary": read(row, "Summary"),
        },
    )


def write_report(call: LoggedCall, leg: LoggedLeg, *, email: str, shift: timedelta) -> bytes:
    """A leg as the template would have posted it. `shift` mends the log's times."""
    body = {
        "type": leg.type,
        "direction": call.direction,
        "number": call.number,
        "name": call.name,
        "agent": leg.agent,
        "agent_email": email,
        "queue": leg.queue,
        "start": write_moment(leg.started_at + shift),
        "end": write_moment(leg.ended_at + shift),
        "seconds": str(leg.seconds),
        **leg.texts,
    }
    return json.dumps(body, ensure_ascii=False).encode()


def read_direction(row: Row) -> Direction | None:
    """Seen are Inbound, Outbound, Internal and “Inbound Queue”."""
    word = read(row, "Direction").casefold()
    if word.startswith("inbound"):
        return Direction.INBOUND
    return Direction.OUTBOUND if word.startswith("outbound") else None


def read(row: Row, name: str) -> str:
    value = row.get(name)
    return str(value).strip() if value is not None else ""


def read_start(row: Row) -> datetime | None:
    return parse_moment(read(row, "StartTime"))


def read_seconds(row: Row, name: str) -> int:
    """From ISO 8601, like PT1M5.4S."""
    found = DURATION.fullmatch(read(row, name))
    if not found:
        return 0
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
