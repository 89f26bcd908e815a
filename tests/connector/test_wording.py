"""Sentences of the portal's own, kept with their facts."""

import json
import re
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.moving.layout import write_line
from connector.wording import Wording, is_quoted, pack, read_words, unpack, write_words
from connector.zoho.refusals import read_refusal
from journaling.privacy.scrubbing import BLACK, clean_value

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEPT = Wording(
    "Zoho (%(url)s) cannot be reached: %(reason)s.",
    url="https://zoho.example",
    reason=Wording("no connection in time"),
)


def test_a_kept_sentence_is_told_in_each_language():
    told = read_words(write_words(KEPT))
    assert str(told) == "Zoho (https://zoho.example) cannot be reached: no connection in time."
    with translation.override("ru"):
        assert "соединение не установлено вовремя" in str(told)
    assert unpack(pack({"words": [KEPT]})) == {"words": [KEPT]}


def test_what_is_no_kept_sentence_stays_a_text():
    for text in ("", "invalid data", '{"say": ', '{"say": "x"}', '{"code": "INVALID_DATA"}'):
        assert read_words(text) == text
        assert write_words(text) == text


def test_a_percent_sign_in_a_fact_or_in_a_sentence_without_facts_stays():
    assert str(Wording("at most %(count)s characters", count="100 %")) == "at most 100 % characters"
    assert str(Wording("100 % of it")) == "100 % of it"


@pytest.mark.parametrize(
    ("say", "facts", "told"),
    [
        ("%(who)s did not answer: %(why)s", {"why": "busy"}, "%(who)s did not answer: busy"),
        ("%(who)s, %(who)s %s %d %", {"who": "Ann"}, "Ann, Ann %s %d %"),
        ("%(who)d %(who)9999999999s %(who", {"who": "Ann"}, "%(who)d %(who)9999999999s %(who"),
        ("100 %% of %(who)s", {"who": None}, "100 % of None"),
        ("", {"who": "Ann"}, ""),
        ("%(who)s", {"who": {"say": "%(why)s", "facts": {"x": 1}}}, "%(why)s"),
        ("%(who)s", {"who": {"say": 1}}, "{'say': 1}"),
    ],
)
def test_a_sentence_that_somebody_else_stored_is_told_as_far_as_it_can_be(say, facts, told):
    words = read_words(json.dumps({"say": say, "facts": facts}))
    assert isinstance(words, Wording)
    assert str(words) == told


@pytest.mark.parametrize("depth", [300, 100_000])
def test_however_deep_a_stored_sentence_is_it_is_told(depth):
    start, end = '{"say": "(%(x)s)", "facts": {"x": ', "}}"
    text = f"{start * depth}1{end * depth}"
    assert str(read_words(text))


@PATIENT
@given(st.text() | st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
))  # fmt: skip
def test_nothing_that_a_column_holds_fails_to_be_told(value):
    for stored in (value, {"say": value, "facts": {"x": value}}, {"say": "%(x)s", "facts": value}):
        text = stored if isinstance(stored, str) else json.dumps(stored)
        assert isinstance(str(read_words(text)), str)


def test_zohos_words_are_quoted_with_our_hints_and_ours_are_not():
    details = {"api_name": "Subject", "maximum_length": 120}
    words = read_refusal({"code": "X", "message": "too long", "details": details}).words
    assert is_quoted(words)
    assert is_quoted("too long")
    assert not is_quoted(KEPT)
    with translation.override("ru"):
        assert str(words) == "too long (Subject: не больше 120 знаков)"


def test_a_dump_holds_it_as_the_database_does():
    assert json.loads(write_line([KEPT])) == [write_words(KEPT)]


def test_an_erased_number_is_blacked_out_in_its_facts():
    subject = SimpleNamespace(pattern=re.compile(r"\+44163296\d+"))
    kept = Wording("The PBX did not dial: %(words)s", words="+441632960011 is busy")
    clean = clean_value(kept, subject=subject)
    assert str(clean) == f"The PBX did not dial: {BLACK} is busy"
