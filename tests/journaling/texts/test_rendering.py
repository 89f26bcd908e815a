"""`[Variable]` is filled in, what is empty leaves no trace, and slips are named."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from journaling.models import JournalSettings
from journaling.texts import defaults
from journaling.texts.moments import show_duration, write_duration
from journaling.texts.phrases import PHRASES, say
from journaling.texts.rendering import (
    CALL_VARIABLES,
    CHAT_VARIABLES,
    call_values,
    chat_values,
    check_text,
    preview_text,
    render_text,
)
from journaling.texts.samples import KINDS
from tests.journaling.reports import make_call, make_chat

LONDON: dict[str, Any] = {"language": "en", "time_zone": "Europe/London"}
MOSCOW: dict[str, Any] = {"language": "ru", "time_zone": "Europe/Moscow"}


def test_every_variable_but_the_line_break_has_a_value() -> None:
    assert {*call_values(make_call(), **LONDON), "LineBreak"} == set(CALL_VARIABLES)
    assert {*chat_values(make_chat(), **LONDON), "LineBreak"} == set(CHAT_VARIABLES)
    assert all(call_values(make_call(), **LONDON).values())
    assert all(chat_values(make_chat(), **LONDON).values())
    assert all(str(words) for words in {**CALL_VARIABLES, **CHAT_VARIABLES}.values())


def test_the_default_texts_name_only_known_variables() -> None:
    for texts in defaults.TEXTS.values():
        for key, text in texts.items():
            variables = CHAT_VARIABLES if key.startswith("chat") else CALL_VARIABLES
            assert check_text(text, variables=variables) == []


def test_an_unknown_variable_is_named_with_the_nearest_known_one() -> None:
    [unknown] = check_text("From [Numbr] to [Agent]", variables=CALL_VARIABLES)
    assert (unknown.name, unknown.position, unknown.nearest) == ("Numbr", 5, "Number")
    with translation.override("en"):
        assert str(unknown) == "[Numbr] is unknown. Did you mean [Number]?"


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("number", "Number"),
        ("CallDuration", "Duration"),
        ("SentimentScore", "Sentiment"),
        ("AgentExtension", "Agent"),
        ("CallerNumber", "Number"),
        ("StartTime", "DateTime"),
        ("Transcript", "Transcription"),
        ("RecordingHyperlink", "RecordingHyperLink"),
        ("Zzz", ""),
        ("Номер", ""),
        ("Contact::FirstName", "Name"),
    ],
)
def test_slips_in_circulation_are_understood(slip: str, meant: str) -> None:
    [unknown] = check_text(f"[{slip}]", variables=CALL_VARIABLES)
    assert (unknown.name, unknown.nearest) == (slip, meant)
    with translation.override("en"):
        assert ("Did you mean" in str(unknown)) == bool(meant)


def test_a_variable_of_chats_is_unknown_to_calls() -> None:
    assert check_text("[ChatMessages]", variables=CHAT_VARIABLES) == []
    assert len(check_text("[ChatMessages]", variables=CALL_VARIABLES)) == 1


@pytest.mark.parametrize("text", ["", "[see note]", "[1]", "[]", "[[", "a ] b [", "[a-b]"])
def test_words_in_brackets_that_are_no_variable_stay(text: str) -> None:
    assert check_text(text, variables=CALL_VARIABLES) == []
    assert render_text(text, call_values(make_call(), **LONDON)) == text


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("from [Number] [Name] to [Agent]", "from +1 to 101"),
        ("to [Agent] ([Duration])", "to 101"),
        ("([Duration]) to [Agent]", "to 101"),
        ("to [Agent] ([Duration] [Name]), done", "to 101, done"),
        ("([Name] [Agent])", "(101)"),
        ("[Name], [Number]", ", +1"),
        ("Hello [Name], [Number]", "Hello, +1"),
        ("a[Name]b [Number]", "ab +1"),
        ("a [Name]b [Number]", "a b +1"),
        ("[Name][Duration] [Number] [Name] [Duration]", "+1"),
        ("Name: [Name][LineBreak]Agent: [Agent]", "Agent: 101"),
        ("Agent: [Agent]\nName: [Name]", "Agent: 101"),
        ("Name: [Name]", ""),
        ("one[LineBreak][LineBreak]two", "one\n\ntwo"),
        ("two  blanks stay  [Number]", "two  blanks stay  +1"),
        ("[Unknown] [Number]", "[Unknown] +1"),
        ("[[Number]]", "[+1]"),
    ],
)
def test_empty_variables_leave_no_trace(text: str, rendered: str) -> None:
    values = {"Number": "+1", "Name": "", "Agent": "101", "Duration": " "}
    assert render_text(text, values) == rendered


def test_values_are_never_read_as_texts() -> None:
    values = {"Number": "[Name] ()  [LineBreak]", "Name": "Ann", "Agent": ""}
    assert render_text("[Number][Agent] [Name]", values) == "[Name] ()  [LineBreak] Ann"
    assert render_text("[Name]", {"Name": "one\n\ntwo"}) == "one\n\ntwo"


@given(
    st.lists(
        st.sampled_from(["[Number]", "[Name]", "[Agent]", "(", ")", " ", "[", "]", "a", "\n", "\0"])
    )
)
def test_any_text_renders_without_a_trace_of_gaps(parts: list[str]) -> None:
    rendered = render_text("".join(parts), {"Number": "+1", "Name": "", "Agent": ""})
    assert "\0" not in rendered
    assert "[Name]" not in rendered
    assert rendered.count("+1") == "".join(parts).replace("\0", "").count("[Number]")


def test_the_default_of_an_answered_call_reads_as_3cx_writes_it() -> None:
    values = call_values(make_call(recording_url="", transcription="", summary=""), **LONDON)
    assert render_text(defaults.ANSWERED_INBOUND, values) == (
        "22 Nov 2026 10:51: Answered incoming call from +442079460123 Ann Example to 101 (02:43)\n"
        "Sentiment: Positive"
    )


def test_the_time_follows_language_and_zone_of_the_connection() -> None:
    assert call_values(make_call(), **MOSCOW)["DateTime"] == "22.11.2026 13:51"
    summer = make_call(started_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert call_values(summer, **LONDON)["DateTime"] == "2 Jul 2026 00:30"
    assert call_values(summer, **LONDON)["CallStartTimeUTC"] == "2026-07-01 23:30:00"


def test_the_name_of_the_card_goes_before_that_of_the_pbx() -> None:
    assert call_values(make_call(), **LONDON)["Name"] == "Ann Example"
    assert call_values(make_call(), **LONDON, person="Ann Lane")["Name"] == "Ann Lane"


def test_an_unanswered_call_was_never_established() -> None:
    assert call_values(make_call("missed"), **LONDON)["CallEstablishedTimeUTC"] == ""
    assert call_values(make_call(), **LONDON)["CallEstablishedTimeUTC"] == "2026-11-22 10:51:00"


@pytest.mark.parametrize(
    ("switch", "names"),
    [
        ("send_transcript", {"Transcription"}),
        ("send_summary", {"Summary"}),
        ("send_sentiment", {"Sentiment"}),
        ("send_recording_link", {"RecordingUrl", "RecordingHyperLink"}),
    ],
)
def test_what_may_not_leave_the_pbx_is_empty(switch: str, names: set[str]) -> None:
    settings = JournalSettings(send_sentiment=True)
    assert all(call_values(make_call(), **LONDON, settings=settings).values())
    setattr(settings, switch, False)
    values = call_values(make_call(), **LONDON, settings=settings)
    assert {name for name, value in values.items() if not value} == names


def test_the_text_of_a_chat_stays_inside_when_its_switch_is_off() -> None:
    settings = JournalSettings(send_chat_text=False)
    values = chat_values(make_chat(), **LONDON, settings=settings)
    assert [name for name, value in values.items() if not value] == ["ChatMessages"]


@pytest.mark.parametrize(
    ("seconds", "shown", "written"),
    [
        (0, "", "00:01"),
        (1, "00:01", "00:01"),
        (65, "01:05", "01:05"),
        (3599, "59:59", "59:59"),
        (3600, "1:00:00", "60:00"),
        (4530, "1:15:30", "75:30"),
        (100_000, "27:46:40", "1666:40"),
    ],
)
def test_durations_are_shown_to_people_and_written_for_zoho(
    seconds: int, shown: str, written: str
) -> None:
    assert show_duration(seconds) == shown
    assert write_duration(seconds) == written


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_kind_has_a_preview(kind: str, language: str) -> None:
    key = "chat_subject" if kind == "chat" else kind
    text = defaults.TEXTS[language][key] + " [Number]"
    shown = preview_text(text, kind=kind, language=language, time_zone="Europe/London")
    assert "+442079460123" in shown
    assert "[" not in shown
    assert ("10:51" in shown) == (kind != "chat")


def test_the_phrases_are_the_same_in_all_languages() -> None:
    assert PHRASES["en"].keys() == PHRASES["ru"].keys()
    assert PHRASES.keys() == defaults.TEXTS.keys()
    for language in PHRASES:
        facts = dict.fromkeys(["agent", "agents", "url", "field", "part", "parts"], "X")
        assert all(say(key, language=language, **facts) for key in PHRASES[language])
        assert check_text(PHRASES[language]["chat_text"], variables=CHAT_VARIABLES) == []
        assert check_text(PHRASES[language]["other_leg"], variables=CALL_VARIABLES) == []
