"""The expression language, row by row of what is known of 3CX's engine."""

from datetime import UTC, datetime, timedelta

import pytest

from connector.sandbox.pbx.dotnet import CULTURES, Culture, format_moment
from connector.sandbox.pbx.errors import EngineError
from connector.sandbox.pbx.expressions import Scope, check_condition, evaluate, unescape

MOMENT = datetime(2026, 11, 2, 15, 4, 5, tzinfo=UTC)
SCOPE = Scope(
    variables={
        "Number": "+44 163",
        "Agent": "101",
        "CallType": "Missed",
        "EntityId": "",
        "Enabled": "True",
        "Text": "Missed call from [Number] to [Agent]",
        "Deeper": "[Text]",
        "CallStartTimeUTC": MOMENT,
        "CallEstablishedTimeUTC": None,
        "DurationTimespan": timedelta(seconds=163.5),
        "FoundRecordCount": 2,
        "Contact::EntityId": "77",
    },
)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("[Number]", "+44 163"),
        ("from [Number] to [Agent].", "from +44 163 to 101."),
        ('[[Number].Replace("+","%2B")]', "%2B44 163"),
        ('[[Number].Replace("+","").Replace(" ","")]', "44163"),
        ("[[Number].Substring(0,3)]", "+44"),
        ('[[CallStartTimeUTC].ToString("yyyy-MM-ddTHH:mm:ssZ")]', "2026-11-02T15:04:05Z"),
        ('[[[DurationTimespan].get_TotalSeconds()].ToString("F0")]', "164"),
        ("[CallStartTimeUTC]", "02/11/2026 15:04"),
        ("[DurationTimespan]", "00:02:43"),
        ("[CallEstablishedTimeUTC]", ""),
        ("[Contact::EntityId]", "77"),
        ("[Transcription]", "[Transcription]"),
        ("[IIf([CallType]==Missed,lost,[Agent])]", "lost"),
        ("[IIf([CallType]==Inbound,lost,[Agent])]", "101"),
        ('[IIf([EntityId]=="","no one",IIf([Agent]>100,high,low))]', "no one"),
        ('[IIf([EntityId]!="",some,IIf([Agent]>100,"high","low"))]', "high"),
        ("IIf([CallType]==Missed,a,b)", "IIf(Missed==Missed,a,b)"),
        ('[[Number].Replace(" ","\\n")]', "+44\\n163"),
        ("two\nlines [Agent]", "two\nlines 101"),
    ],
)
def test_an_expression_gives_this_text(expression: str, text: str) -> None:
    assert evaluate(expression, SCOPE) == text


@pytest.mark.parametrize(
    ("passes", "text"),
    [
        ("0", "Missed call from [Number] to [Agent]"),
        ("1", "Missed call from [Number] to [Agent]"),
        ("2", "Missed call from +44 163 to 101"),
    ],
)
def test_passes_say_how_often_a_text_is_evaluated(passes: str, text: str) -> None:
    assert evaluate("[[Text]]", SCOPE, passes=passes) == text


def test_a_third_pass_reaches_a_parameter_within_a_parameter() -> None:
    assert evaluate("[Deeper]", SCOPE, passes="3") == "Missed call from +44 163 to 101"


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ('[Number.Replace("+","")]', "Unknown function"),
        ("[[Number].Reverse()]", "Unknown function"),
        ("[[Agent] and [Number]]", "Unknown function"),
        ('[[CallEstablishedTimeUTC].ToString("s")]', "Object reference"),
        ("[[Transcription].Trim()]", "Object reference"),
        ('[[Number].Replace(" ","\n")]', "Stack empty"),
        ("[[Number]", "Stack empty"),
        ("[[Number].Substring(90)]", "overload"),
        ("[IIf([Agent]>nobody,a,b)]", "InvalidCast"),
        ("[IIf([Agent],a)]", "Unknown function"),
    ],
)
def test_a_faulty_expression_raises_what_3cx_complains(expression: str, complaint: str) -> None:
    with pytest.raises(EngineError, match=complaint):
        evaluate(expression, SCOPE)


def test_more_than_four_passes_are_refused() -> None:
    with pytest.raises(EngineError):
        evaluate("x", SCOPE, passes="5")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("", False),
        ("[Enabled]", True),
        ("[Enabled]!=True", False),
        ("[CallType]==Missed", True),
        ('[CallType]=="Missed"', True),
        ("[CallType]==Inbound || [Agent]==101", True),
        ("[CallType]==Missed && [Agent]==102", False),
        ("[FoundRecordCount]>0", True),
        ("[FoundRecordCount]<2", False),
        ('[EntityId]==""', True),
    ],
)
def test_a_condition_holds_or_not(condition: str, holds: bool) -> None:
    assert check_condition(condition, SCOPE) is holds


def test_skipif_takes_booleans_and_emptiness_and_no_bare_text() -> None:
    assert not check_condition("[Enabled]!=True", SCOPE, skip=True)
    assert check_condition('[EntityId]==""', SCOPE, skip=True)
    with pytest.raises(EngineError, match="InvalidCast"):
        check_condition("[CallType]==Missed", SCOPE, skip=True)


def test_doubled_braces_and_carets_stand_for_brackets_and_quotes() -> None:
    assert unescape("{{^^a^^}}") == '["a"]'


@pytest.mark.parametrize(
    ("culture", "text"),
    [
        ("de-AT", "02.11.2026 15:04"),
        ("es-US", "11/2/2026 3:04 p.m."),
        ("en-US", "11/2/2026 3:04 PM"),
        ("ja-JP", "2026/11/02 15:04"),
        ("fi-FI", "2.11.2026 15.04"),
    ],
)
def test_a_local_date_is_printed_as_the_country_writes_it(culture: str, text: str) -> None:
    scope = Scope(variables={"DateTime": MOMENT}, culture=CULTURES[culture])
    assert evaluate("[DateTime]", scope) == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("s", "2026-11-02T15:04:05"),
        ("u", "2026-11-02 15:04:05Z"),
        ("HH:mm:ss", "15.04.05"),
        ("HH':'mm", "15:04"),
        (r"HH\:mm", "15:04"),
        ("yy.M.d h:mm t", "26.11.2 3.04 P"),
        ("ss.fff", "05.000"),
    ],
)
def test_colons_in_a_format_become_the_countrys_sign(pattern: str, text: str) -> None:
    finnish: Culture = CULTURES["fi-FI"]
    assert format_moment(MOMENT, pattern, finnish) == text
