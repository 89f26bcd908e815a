"""What Zoho is given for each kind of call and chat."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.threecx.payloads import CallReport, CallType
from journaling.models import JournalSettings
from journaling.render import CallFacts, Card, Rendered, render_call, render_chat
from tests.journaling.reports import make_call, make_chat

CONTACT = Card(
    module="Contacts", zoho_id="11", name="Ann Lane", account_zoho_id="22", deal_zoho_id="33"
)
UNIQUE = {"type": "text", "length": 50, "unique": True, "read_only": False, "values": []}


def render(
    report: CallReport | None = None, *legs: CallReport, told: Any = None, **settings: Any
) -> Rendered:
    return render_call(
        CallFacts(report=report or make_call(), other_legs=legs), **frame(told, **settings)
    )


def chat(told: Any = None, *, messages: str = "Ann: Hello", **settings: Any) -> Rendered:
    return render_chat(make_chat(messages=messages), **frame(told, **settings))


def frame(told: Any = None, **settings: Any) -> dict[str, Any]:
    return {
        "settings": JournalSettings(**settings),
        "language": "en",
        "time_zone": "Europe/Berlin",
        "card": None,
        "owner_zoho_id": "77",
        "reference": "pb-0123456789ab",
        "reference_field": "PBX_Ref",
        "org_fields": {},
        **(told or {}),
    }


def knowing(**fields: Any) -> dict[str, Any]:
    """Facts about the organisation's Calls: the standard fields, and those given."""
    names = ("Subject", "Description", "Call_Type", "Voice_Recording__s")
    standard = {name: {"label": name} for name in names}
    return {"org_fields": {"Calls": {**standard, **fields}}}


def test_an_answered_call_is_rendered_whole() -> None:
    rendered = render(told={"card": CONTACT})
    assert rendered.module == "Calls"
    assert rendered.record == {
        "Subject": "3CX PhoneSystem Call",
        "Call_Type": "Inbound",
        "Call_Start_Time": "2026-11-22T11:51:00+01:00",
        "Call_Duration": "02:43",
        "Voice_Recording__s": "https://pbx.example/recordings/1",
        "Description": (
            "22 Nov 2026 11:51: Answered incoming call from +442079460123 Ann Lane to 101 (02:43)\n"
            "Transcription: Good morning. I would like to order.\n"
            "Summary: An order was placed.\n"
            "Recording: https://pbx.example/recordings/1\n"
            "ref pb-0123456789ab"
        ),
        "Who_Id": {"id": "11"},
        "What_Id": {"id": "22"},
        "$se_module": "Accounts",
        "Owner": {"id": "77"},
    }
    assert rendered.overflow == ()
    assert rendered.notes == ({"code": "text_used", "text": "Answered Inbound Call"},)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("answered_inbound", ("Inbound", "02:43", None)),
        ("missed", ("Missed", None, None)),
        ("answered_outbound", ("Outbound", "02:43", "Completed")),
        ("unanswered_outbound", ("Outbound", "00:01", "Completed")),
    ],
)
def test_each_kind_has_its_type_duration_and_status(kind: str, expected: tuple[Any, ...]) -> None:
    record = render(make_call(kind), told=knowing()).record
    names = ("Call_Type", "Call_Duration", "Outgoing_Call_Status")
    assert tuple(record.get(name) for name in names) == expected
    assert "Call_Result" not in record


def test_zero_seconds_are_sent_as_one_and_hours_as_minutes() -> None:
    assert render(make_call(seconds=0)).record["Call_Duration"] == "00:01"
    assert render(make_call(seconds=4530)).record["Call_Duration"] == "75:30"
    ringing = make_call("unanswered_outbound", seconds=40)
    assert render(ringing).record["Call_Duration"] == "00:01"


@pytest.mark.parametrize(
    ("values", "result"),
    [
        (["Interested", "No Response / Busy"], "No Response / Busy"),
        (["busy"], "busy"),
        (["Занято", "Нет ответа"], "Нет ответа"),
        (["Interested"], None),
    ],
)
def test_an_unanswered_call_takes_the_organisations_own_result(
    values: list[str], result: str | None
) -> None:
    told = knowing(Call_Result={"type": "picklist", "values": values})
    assert render(make_call("unanswered_outbound"), told=told).record.get("Call_Result") == result
    assert "Call_Result" not in render(make_call("answered_outbound"), told=told).record


def test_the_start_has_the_offset_of_its_own_day_and_no_milliseconds() -> None:
    summer = make_call(started_at=datetime(2026, 7, 1, 9, 0, 0, 123456, tzinfo=UTC))
    assert render(summer).record["Call_Start_Time"] == "2026-07-01T11:00:00+02:00"
    utc = render(summer, told={"time_zone": "UTC"}).record["Call_Start_Time"]
    assert utc == "2026-07-01T09:00:00+00:00"


@pytest.mark.parametrize(
    ("card", "parent", "links"),
    [
        (None, "account", {}),
        (CONTACT, "account", {"Who_Id": "11", "What_Id": "22", "$se_module": "Accounts"}),
        (CONTACT, "newest_open_deal", {"Who_Id": "11", "What_Id": "33", "$se_module": "Deals"}),
        (CONTACT, "none", {"Who_Id": "11"}),
        (Card(module="Contacts", zoho_id="1", name="A"), "account", {"Who_Id": "1"}),
        (Card(module="Contacts", zoho_id="1", name="A"), "newest_open_deal", {"Who_Id": "1"}),
        (Card(module="Leads", zoho_id="2", name="B"), "account",
         {"What_Id": "2", "$se_module": "Leads"}),
        (Card(module="Accounts", zoho_id="3", name="C"), "none",
         {"What_Id": "3", "$se_module": "Accounts"}),
    ],
)  # fmt: skip
def test_a_record_stands_on_its_card(card: Card | None, parent: str, links: dict[str, str]) -> None:
    for record in (
        render(told={"card": card}, contact_parent=parent).record,
        chat({"card": card}, contact_parent=parent).record,
    ):
        found = {name: record[name] for name in ("Who_Id", "What_Id") if name in record}
        ids = {name: link["id"] for name, link in found.items()}
        module = {"$se_module": record["$se_module"]} if "$se_module" in record else {}
        assert ids | module == links


def test_a_record_without_an_owner_is_left_to_zoho() -> None:
    assert "Owner" not in render(told={"owner_zoho_id": ""}).record


def test_a_unique_reference_field_takes_the_reference() -> None:
    record = render(told=knowing(PBX_Ref=UNIQUE)).record
    assert record["PBX_Ref"] == "pb-0123456789ab"
    assert "pb-0123456789ab" not in record["Description"]


@pytest.mark.parametrize(
    "facts", [{}, {"unique": False}, {"read_only": True}, {"length": 10}], ids=str
)
def test_any_other_reference_field_is_not_used(facts: dict[str, Any]) -> None:
    told = knowing(**({"PBX_Ref": {**UNIQUE, **facts}} if facts else {}))
    record = render(told=told).record
    assert "PBX_Ref" not in record
    assert record["Description"].endswith("\nref pb-0123456789ab")


def test_an_answered_call_says_who_else_rang() -> None:
    legs = [make_call("missed", agent=agent) for agent in ("102", "104", "101", "102", "")]
    assert "\nAlso rang: 102, 104\n" in render(make_call(), *legs).record["Description"]
    russian = render(make_call(), *legs, told={"language": "ru"}).record["Description"]
    assert "\nТакже звонил у: 102, 104\n" in russian
    assert "Also rang" not in render(make_call(), legs[2]).record["Description"]


def test_what_was_said_after_a_transfer_is_told_too() -> None:
    leg = make_call(agent="103", seconds=130, transcription="Sales.", summary="", recording_url="")
    description = render(make_call(), leg).record["Description"]
    assert "\nAlso answered: 103 (02:10)\nTranscription: Sales.\nref" in description
    closed = render(make_call(), leg, send_transcript=False).record["Description"]
    assert "\nAlso answered: 103 (02:10)\nref" in closed


def test_the_recording_may_be_that_of_another_leg() -> None:
    leg = make_call(agent="103", recording_url="https://pbx.example/2")
    record = render(make_call(recording_url=""), leg).record
    assert record["Voice_Recording__s"] == "https://pbx.example/2"


def test_the_recording_stays_inside_when_its_switch_is_off() -> None:
    record = render(make_call(), make_call(agent="103"), send_recording_link=False).record
    assert "recordings" not in json.dumps(record)


def test_a_recording_without_a_field_stands_in_the_description() -> None:
    settings = {"answered_inbound": "[Number]"}
    long = "https://pbx.example/" + "r" * 500
    for told, url in (
        (knowing(), long),
        ({"org_fields": {"Calls": {"Subject": {"length": 255}}}}, "https://pbx.example/1"),
        (knowing(Voice_Recording__s={"read_only": True}), "https://pbx.example/1"),
    ):
        record = render(make_call(recording_url=url), told=told, **settings).record
        assert "Voice_Recording__s" not in record
        assert f"\nRecording: {url}\n" in record["Description"]


def test_an_empty_subject_falls_back_to_the_default() -> None:
    withheld = make_call(number="")
    assert render(withheld, call_subject="[Number]").record["Subject"] == "3CX PhoneSystem Call"
    russian = render(withheld, call_subject="", told={"language": "ru"})
    assert russian.record["Subject"] == "Вызов 3CX"


def test_a_long_subject_follows_as_a_whole() -> None:
    rendered = render(make_call(name="n" * 300), call_subject="Call of\n[Name]")
    assert len(rendered.record["Subject"]) == 255
    assert rendered.record["Subject"].startswith("Call of nnn")
    [note] = rendered.overflow
    assert (note.kind, note.title) == ("note", "Whole text of Subject")
    assert note.content == "Call of " + "n" * 300
    assert {"code": "shortened", "field": "Subject", "into": "note"} in rendered.notes


def test_a_long_transcript_is_shortened_and_follows_as_a_whole() -> None:
    words = "\n".join(f"line {number}" for number in range(6000))
    rendered = render(make_call(transcription=words))
    description = rendered.record["Description"]
    assert len(description) <= 32_000
    assert description.endswith(
        "(Shortened here; the whole text is in the notes.)\nref pb-0123456789ab"
    )
    assert words in "".join(note.content for note in rendered.overflow)


def test_a_field_shorter_than_usual_is_respected() -> None:
    told = knowing(Description={"type": "textarea", "length": 500}, Subject={"length": 20})
    rendered = render(make_call(transcription="x " * 500), told=told, call_subject="s" * 30)
    assert len(rendered.record["Description"]) <= 500
    assert rendered.record["Subject"] == "s" * 19 + "…"
    assert [part.title for part in rendered.overflow] == [
        "Whole text of Subject",
        "Whole text of Description",
    ]


def test_a_chat_is_a_completed_task_of_its_local_day() -> None:
    rendered = chat({"card": CONTACT, "time_zone": "Asia/Tokyo"})
    assert rendered.module == "Tasks"
    assert rendered.record == {
        "Subject": "3CX PhoneSystem Chat Session",
        "Status": "Completed",
        "Due_Date": "2026-11-22",
        "Description": (
            "22 Nov 2026 19:51: Chat with Ann Lane +442079460123 visitor@example.org (02:43)\n"
            "Agent: 101 Bob Agent\nAnn: Hello\nref pb-0123456789ab"
        ),
        "Who_Id": {"id": "11"},
        "What_Id": {"id": "22"},
        "$se_module": "Accounts",
        "Owner": {"id": "77"},
    }
    late = render_chat(
        make_chat(started_at=datetime(2026, 11, 22, 20, tzinfo=UTC)),
        **frame({"time_zone": "Asia/Tokyo"}),
    )
    assert late.record["Due_Date"] == "2026-11-23"


def test_a_chat_may_be_a_call() -> None:
    rendered = chat(chats_store_as="call")
    names = ("Call_Type", "Call_Start_Time", "Call_Duration", "Status")
    assert rendered.module == "Calls"
    assert [rendered.record.get(name) for name in names] == [
        "Inbound", "2026-11-22T11:51:00+01:00", "02:43", None,
    ]  # fmt: skip


def test_a_chat_whose_text_stays_inside_says_who_chatted() -> None:
    description = chat(messages="secret", send_chat_text=False).record["Description"]
    assert "secret" not in description
    assert "Agent: 101 Bob Agent\nref" in description


def test_a_chat_longer_than_two_notes_is_attached() -> None:
    messages = "Ann: привет 👋\n" * 12_000
    rendered = chat(messages=messages)
    [file] = rendered.overflow
    assert file.kind == "attachment"
    assert messages.strip() in file.content
    assert "the whole text is attached" in rendered.record["Description"]


@given(
    st.sampled_from(list(CallType)),
    st.text(max_size=300),
    st.text(),
    st.integers(0, 200_000),
    st.booleans(),
)
def test_any_report_gives_the_same_record_that_zoho_can_read(
    kind: CallType, name: str, transcription: str, seconds: int, reference: bool
) -> None:
    report = make_call(
        type=kind, name=name, transcription=transcription + "\ud800\0", seconds=seconds
    )
    told = knowing(PBX_Ref=UNIQUE) if reference else {}
    rendered = render(report, told=told, call_subject="[Name]")
    assert rendered == render(report, told=told, call_subject="[Name]")
    sent = json.dumps(rendered.record, ensure_ascii=False).encode()
    assert "\\u0000" not in sent.decode()
    assert 0 < len(rendered.record["Subject"]) <= 255
    assert len(rendered.record["Description"]) <= 32_000
    assert ("Call_Duration" in rendered.record) == (kind is not CallType.MISSED)


def test_a_start_that_the_pbx_did_not_give_is_marked_as_estimated() -> None:
    assert {"code": "start_estimated"} in render(make_call(start_estimated=True)).notes
    assert "start_estimated" not in [row["code"] for row in render().notes]


def test_a_clock_that_is_ahead_is_told_with_what_it_said() -> None:
    ahead = make_call(start_corrected=True, sent_start_at=datetime(2026, 11, 22, 12, tzinfo=UTC))
    [row] = [row for row in render(ahead).notes if row["code"] == "start_corrected"]
    assert row["sent"] == "2026-11-22T12:00:00+00:00"
