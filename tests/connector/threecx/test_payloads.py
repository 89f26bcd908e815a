"""Captured reports, one file each, and what is read from them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector.threecx.payloads import (
    CallReport,
    CallType,
    ChatReport,
    Direction,
    UnreadableReport,
    read_call,
    read_chat,
)

PAYLOADS = Path(__file__).parent / "payloads"
RECEIVED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
START = datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)


def call(name: str) -> CallReport:
    return read_call((PAYLOADS / name).read_bytes(), received_at=RECEIVED_AT)


def chat(name: str) -> ChatReport:
    return read_chat((PAYLOADS / name).read_bytes(), received_at=RECEIVED_AT)


def read(text: str) -> CallReport:
    return read_call(text.encode("utf-8", "surrogatepass"), received_at=RECEIVED_AT)


def test_an_answered_call_is_read_whole() -> None:
    report = call("call_answered_inbound.json")
    assert report.type is CallType.INBOUND
    assert report.direction is Direction.INBOUND
    assert (report.number, report.name) == ("+442079460123", "Ann Example")
    assert (report.agent, report.agent_name) == ("101", "Ann Agent")
    assert (report.agent_email, report.queue) == ("ann@acme.example", "800")
    assert (report.entity_id, report.entity_type) == ("554023000000238001", "Contacts")
    assert (report.started_at, report.ended_at) == (START, START + timedelta(seconds=65))
    assert (report.seconds, report.date_time) == (65, "20.11.2026 10:15")
    assert report.recording_url == "https://pbx.acme.example/webclient/#/recordings/1"
    assert report.transcription == "Hello.\nHello, Ann."
    assert (report.summary, report.sentiment) == ("A greeting.", "Positive")
    assert not report.start_estimated
    assert not report.start_corrected


def test_a_missed_call_from_a_withheld_number_is_read() -> None:
    report = call("call_missed_unknown.json")
    assert (report.type, report.number) == (CallType.MISSED, "anonymous")
    assert (report.agent_name, report.name) == ("Bob", "")


def test_unfilled_variables_and_words_for_nothing_are_dropped() -> None:
    report = call("call_without_ai_fields.json")
    assert report.queue == report.entity_id == report.entity_type == ""
    assert report.recording_url == report.transcription == report.summary == ""
    assert report.direction is Direction.OUTBOUND


def test_local_times_are_shown_and_never_parsed() -> None:
    report = call("call_local_times_only.json")
    assert report.date_time == "7/22/2026 11:03 a.m."
    assert report.started_at == RECEIVED_AT - timedelta(seconds=12)
    assert report.start_estimated
    assert report.sent_start_at is None


def test_values_may_be_json_numbers() -> None:
    report = call("call_numbers_as_literals.json")
    assert (report.number, report.agent) == ("442079460123", "101")
    assert (report.entity_id, report.seconds) == ("554023000000238001", 65)
    assert report.name == report.queue == ""


def test_epoch_milliseconds_give_start_end_and_duration() -> None:
    report = call("call_epoch_milliseconds.json")
    assert report.started_at == START + timedelta(milliseconds=500)
    assert report.seconds == 65


def test_the_full_stop_of_a_finnish_pbx_separates_times() -> None:
    assert call("call_finnish_time_separator.json").started_at == START


def test_the_year_one_is_no_start() -> None:
    report = call("call_unset_start.json")
    assert report.start_estimated
    assert report.started_at == RECEIVED_AT - timedelta(seconds=30)


def test_a_form_of_a_hand_made_template_is_read() -> None:
    report = call("call_form_by_hand.txt")
    assert report.type is CallType.NOTANSWERED
    assert report.number == "+44 20 7946 0123"
    assert (report.agent_email, report.seconds) == ("ann@acme.example", 65)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert call("call_with_byte_order_mark.json").number == "+442079460123"


def test_a_byte_that_is_no_utf8_costs_only_its_character() -> None:
    assert call("call_latin1_byte.json").name == "M\ufffdller"


def test_a_website_chat_is_read_whole() -> None:
    report = chat("chat_website_visitor.json")
    assert (report.number, report.email) == ("", "visitor@example.org")
    assert (report.name, report.agent_name) == ("Vera Visitor", "Ann Agent")
    assert report.messages == "Vera: Hello\nAnn: Hi 👋"
    assert (report.started_at, report.seconds) == (START, 300)


def test_a_chat_by_number_is_read() -> None:
    report = chat("chat_whatsapp.json")
    assert (report.number, report.email, report.messages) == ("+442079460123", "", "")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (" 44163960960", "+44163960960"),
        ("+44163960960 ", "+44163960960"),
        ("00 44 163", "00 44 163"),
        ("[Number]", ""),
        ("None", ""),
        (" anonymous", "anonymous"),
    ],
)
def test_a_number_stays_as_sent_but_for_a_swallowed_plus(sent: str, kept: str) -> None:
    assert read(f'{{"type":"Missed","number":"{sent}"}}').number == kept


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ('"seconds":"65"', 65),
        ('"seconds":"65.4"', 65),
        ('"seconds":"","duration":"02:43"', 163),
        ('"duration":"01:02:43"', 3763),
        ('"duration":"00:01:05.1230000"', 65),
        ('"duration":"1.00:00:05"', 86405),
        ('"duration":"163"', 163),
        ('"seconds":"-5","duration":"00:07"', 7),
        ('"seconds":"1e999"', 0),
        ('"seconds":99999999999999999999999', 0),
        ('"duration":"two minutes"', 0),
    ],
)
def test_durations_of_every_known_shape_are_understood(sent: str, seconds: int) -> None:
    assert read(f'{{"type":"Inbound",{sent}}}').seconds == seconds


@pytest.mark.parametrize(
    ("sent", "kind", "direction"),
    [
        ("Inbound", CallType.INBOUND, Direction.INBOUND),
        ("missed", CallType.MISSED, Direction.INBOUND),
        ("OUTBOUND", CallType.OUTBOUND, Direction.OUTBOUND),
        ("Not Answered", CallType.NOTANSWERED, Direction.OUTBOUND),
        ("Unanswered", CallType.NOTANSWERED, Direction.OUTBOUND),
    ],
)
def test_a_call_type_in_any_case_implies_its_direction(
    sent: str, kind: CallType, direction: Direction
) -> None:
    report = read(f'{{"type":"{sent}"}}')
    assert (report.type, report.direction) == (kind, direction)


def test_a_start_far_ahead_becomes_the_arrival() -> None:
    report = read('{"type":"Inbound","start":"2026-11-20T09:31:01Z","seconds":"5"}')
    assert report.start_corrected
    assert report.started_at == RECEIVED_AT
    assert report.sent_start_at == RECEIVED_AT + timedelta(seconds=61)


def test_a_clock_a_little_ahead_is_believed() -> None:
    report = read('{"type":"Inbound","start":"2026-11-20T09:31:00Z"}')
    assert report.started_at == RECEIVED_AT + timedelta(seconds=60)
    assert not report.start_corrected


def test_without_a_start_the_end_tells_it() -> None:
    report = read('{"type":"Inbound","end":"2026-11-20T09:16:35Z","seconds":"65"}')
    assert report.started_at == START
    assert report.start_estimated


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-20T09:15:30",
        "20.11.2026 10:15",
        "2026-13-40T09:15:30Z",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_start_without_zone_or_sense_is_not_used(start: str) -> None:
    assert read(f'{{"type":"Inbound","start":"{start}"}}').start_estimated


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//host/x",
        "https://",
        "http://[",
        "https://a b",
    ],
)
def test_a_recording_that_is_no_web_address_is_dropped(address: str) -> None:
    assert read(f'{{"type":"Inbound","recording_url":"{address}"}}').recording_url == ""


def test_nul_and_lone_surrogates_never_reach_a_text() -> None:
    report = read('{"type":"Inbound","name":"A\\u0000n\\ud800n","summary":"x\\udfffy"}')
    assert (report.name, report.summary) == ("An?n", "x?y")


def test_of_repeated_keys_the_last_that_says_anything_counts() -> None:
    assert read('{"type":"Missed","type":"Inbound","type":"","type":null}').type is CallType.INBOUND


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\xff\xfe",
        b"hello",
        b"{}",
        b"[]",
        b'[{"type":"Inbound"}]',
        b'{"type":"Inbound"',
        b'{"type":"Internal"}',
        b'{"type":{"a":1}}',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"type":' + b"9" * 100_000 + b"}",
        b"&=&=&",
        b"a=1&" * 5_000,
    ],
)
def test_what_is_no_call_is_unreadable_with_a_sentence(body: bytes) -> None:
    with pytest.raises(UnreadableReport) as caught:
        read_call(body, received_at=RECEIVED_AT)
    assert str(caught.value.reason).endswith(".")


def test_a_chat_that_names_nobody_and_nothing_is_unreadable() -> None:
    with pytest.raises(UnreadableReport):
        read_chat(b'{"agent":"101","messages":""}', received_at=RECEIVED_AT)
