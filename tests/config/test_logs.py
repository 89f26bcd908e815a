"""What no line of the logs may hold, however it got there."""

import json
import logging
import sys

import pytest

from config.logs import build_logging, clean_text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("lookup of +441632960011 failed", "lookup of …011 failed"),
        ("from +44 (1632) 960-011 to 101", "from …011 to 101"),
        ("caller 01632960011", "caller …011"),
        ("key pbk_abcdefghij-klm", "key …"),
        ("key pbl_abcdefghij-klm", "key …"),
        ("Authorization: Zoho-oauthtoken 1000.aabb.ccdd", "Authorization: Zoho-oauthtoken …"),
        ("POST ?refresh_token=abc.def&x=1", "POST ?refresh_token=…&x=1"),
    ],
)
def test_numbers_and_secrets_are_taken_out(written, kept):
    assert clean_text(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "entry pb-0123456789ab", "record 5000000000000001 written",
        "event 01a20429-914d-773d-b598-d0f432afebe2", "at 2026-11-20T09:15:30Z, 120 records",
    ],
)  # fmt: skip
def test_ids_and_moments_stay_readable(text):
    assert clean_text(text) == text


def format_record(*, as_json: bool, words: str = "+441632960011") -> str:
    settings = build_logging(as_json=as_json)["formatters"]["structured"]
    formatter = settings["()"](
        processors=settings["processors"], foreign_pre_chain=settings["foreign_pre_chain"]
    )
    try:
        raise ValueError("no room for +441632960011")
    except ValueError:
        record = logging.LogRecord(
            "journaling", logging.WARNING, "", 1, "stored %s", (words,), sys.exc_info()
        )
    return formatter.format(record)


def test_production_gets_one_json_object_a_line_with_the_trace_cleaned():
    line = format_record(as_json=True)
    assert "\n" not in line
    facts = json.loads(line)
    assert (facts["event"], facts["level"], facts["logger"]) == (
        "stored …011", "warning", "journaling"
    )  # fmt: skip
    assert "no room for …011" in facts["exception"]
    assert "+441632960011" not in line


def test_people_get_a_line():
    assert "WARNING journaling: stored …011" in format_record(as_json=False)


@pytest.mark.parametrize("as_json", [True, False])
def test_no_text_makes_a_line_of_its_own_or_moves_the_cursor(as_json):
    words = "x\n2026-11-22 WARNING journaling: forged\r\x1b[2K\u2028y"
    told = format_record(as_json=as_json, words=words).splitlines()[0]
    assert "forged" in told
    assert "\x1b" not in told
