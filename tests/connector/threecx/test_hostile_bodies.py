"""Nothing that can be posted escapes as another exception than UnreadableReport."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.threecx.payloads import UnreadableReport, read_call, read_chat

RECEIVED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "type",
        "number",
        "agent",
        "queue",
        "start",
        "seconds",
        "direction",
        "name",
        "end",
        "start_ms",
        "duration",
        "recording_url",
        "summary",
    ]
)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)


@PATIENT
@given(st.binary())
def test_any_bytes_are_a_report_or_unreadable(body: bytes) -> None:
    for read in (read_call, read_chat):
        with suppress(UnreadableReport):
            assert len(read(body, received_at=RECEIVED_AT).identity) == 64


@PATIENT
@given(st.dictionaries(KEYS, JSON_VALUES | MOMENTS))
def test_any_values_make_a_call_that_a_database_can_store(values: dict[str, object]) -> None:
    report = read_call(json.dumps(values | {"type": "Missed"}).encode(), received_at=RECEIVED_AT)
    assert len(report.identity) == 64
    assert report.started_at.utcoffset() == timedelta()
    assert report.ended_at >= report.started_at
    for text in (report.number, report.name, report.queue, report.summary, report.date_time):
        assert "\0" not in text
        text.encode()
