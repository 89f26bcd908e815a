"""Sentences of the portal's own, kept with their facts."""

import json
import re
from types import SimpleNamespace

from django.utils import translation

from connector.moving.layout import write_line
from connector.wording import Wording, is_quoted, pack, read_words, unpack, write_words
from connector.zoho.refusals import read_refusal
from journaling.privacy.scrubbing import BLACK, clean_value

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
