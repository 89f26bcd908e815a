"""Which reports are one report delivered twice."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from connector.threecx.payloads import (
    identify_unreadable,
    read_call,
    read_chat,
)

RECEIVED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CALL = {
    "type": "Inbound",
    "number": "+442079460123",
    "agent": "101",
    "queue": "800",
    "start": "2026-11-20T09:15:30Z",
    "seconds": "65",
}
CHAT = {"email": "vera@example.org", "agent": "101", "start": "2026-11-20T09:15:30Z"}


def identify_call(**changes: str) -> str:
    return read_call(json.dumps(CALL | changes).encode(), received_at=RECEIVED_AT).identity


def identify_chat(**changes: str) -> str:
    return read_chat(json.dumps(CHAT | changes).encode(), received_at=RECEIVED_AT).identity


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Ann"},
        {"agent_email": "ann@acme.example"},
        {"agent_first_name": "Ann"},
        {"summary": "later", "recording_url": "https://pbx.example/1"},
        {"entity_id": "1", "entity_type": "Leads"},
        {"date_time": "20.11.2026 10:15"},
        {"number": "+44 (20) 7946-0123"},
        {"start": "2026-11-20T09:15:30.900Z"},
        {"type": "inbound"},
    ],
)
def test_names_texts_and_spelling_do_not_make_another_call(changes: dict[str, str]) -> None:
    assert identify_call(**changes) == identify_call()


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "Missed"},
        {"number": "+442079460124"},
        {"agent": "102"},
        {"queue": ""},
        {"start": "2026-11-20T09:15:31Z"},
    ],
)
def test_another_fact_makes_another_call(changes: dict[str, str]) -> None:
    assert identify_call(**changes) != identify_call()


def test_without_a_start_the_arrival_does_not_count() -> None:
    body = b'{"type":"Missed","number":"1","date_time":"20.11.2026 10:15","seconds":"9"}'
    first = read_call(body, received_at=RECEIVED_AT)
    second = read_call(body, received_at=RECEIVED_AT + timedelta(hours=1))
    assert first.identity == second.identity


def test_without_a_start_the_local_text_and_the_length_count() -> None:
    timeless = {"start": "", "date_time": "20.11.2026 10:15"}
    other_minute = timeless | {"date_time": "20.11.2026 10:16"}
    other_length = timeless | {"seconds": "66"}
    known = {identify_call(**case) for case in (timeless, other_minute, other_length)}
    assert len(known) == 3


def test_without_any_time_only_the_same_minute_makes_a_repeat() -> None:
    body = b'{"type":"Missed","number":"1","agent":"101"}'
    at_once, next_day = timedelta(seconds=2), timedelta(days=1)
    first, repeat, other = (
        read_call(body, received_at=RECEIVED_AT + later).identity
        for later in (timedelta(), at_once, next_day)
    )
    assert first == repeat != other


def test_a_start_ahead_of_the_arrival_counts_as_it_was_sent() -> None:
    body = json.dumps(CALL | {"start": "2026-11-20T12:00:00Z"}).encode()
    first = read_call(body, received_at=RECEIVED_AT)
    second = read_call(body, received_at=RECEIVED_AT + timedelta(seconds=30))
    assert first.started_at != second.started_at
    assert first.identity == second.identity


def test_two_visitors_without_numbers_have_two_chats() -> None:
    assert identify_chat() != identify_chat(email="otto@example.org")


def test_a_visitors_email_counts_in_any_case() -> None:
    assert identify_chat() == identify_chat(email="VERA@example.org", messages="more")


def test_a_chat_is_never_a_call() -> None:
    assert identify_chat(**CALL, email="") != identify_call()


def test_an_unreadable_body_repeats_only_byte_by_byte() -> None:
    assert identify_unreadable(b"x", kind="call") == identify_unreadable(b"x", kind="call")
    assert identify_unreadable(b"x", kind="call") != identify_unreadable(b"x ", kind="call")
    assert identify_unreadable(b"x", kind="call") != identify_unreadable(b"x", kind="chat")
