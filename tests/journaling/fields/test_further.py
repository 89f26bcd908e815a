"""Fields that an administrator adds are filled in, and never change what a record is."""

from typing import Any

import pytest

from journaling.drafts import IDENTIFYING
from journaling.fields.further import Filled, Filling, fill_fields
from journaling.models import JournalSettings
from journaling.render import CallFacts, render_call, render_chat
from journaling.texts.fitting import Overflow
from journaling.texts.rendering import call_values
from tests.journaling.reports import make_call, make_chat

ZONE = {"language": "en", "time_zone": "Europe/Berlin"}


def fill(wanted: dict[str, Any], known: Any = None, **changes: Any) -> Filled:
    report = make_call(**changes)
    filling = Filling(
        report=report,
        values=call_values(report, language="en", time_zone="Europe/Berlin"),
        known=known or {},
        **ZONE,
    )
    return fill_fields(wanted, filling, protected={"Owner"})


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("From [Number]", {}, "From +442079460123"),
        ("[QueueExtension]", {"type": "text"}, "800"),
        ("prospecting", {"type": "picklist", "values": ["Demo", "Prospecting"]}, "Prospecting"),
        ("Other", {"type": "picklist", "values": ["Demo"]}, "Other"),
        ("a; C ;", {"type": "multiselectpicklist", "values": ["A", "B"]}, ["A", "C"]),
        ("true", {"type": "boolean"}, True),
        ("no", {"type": "boolean"}, False),
        ("[Duration]", {"type": "integer"}, 163),
        ("1.5", {"type": "double"}, 1.5),
        ("many", {"type": "integer"}, "many"),
        ("[DateTime]", {"type": "datetime"}, "2026-11-22T11:51:00+01:00"),
        ("[CallEndTimeUTC]", {"type": "datetime"}, "2026-11-22T11:53:43+01:00"),
        ("[CallStartTimeLocal]", {"type": "date"}, "2026-11-22"),
        ("one\ntwo", {"type": "text"}, "one two"),
        ("one\ntwo", {"type": "textarea"}, "one\ntwo"),
        (True, {"type": "boolean"}, True),
        (7, {}, 7),
    ],
)
def test_a_value_has_the_type_of_its_field(text: Any, facts: dict[str, Any], value: Any) -> None:
    assert fill({"F": text}, {"F": facts} if facts else {}).record == {"F": value}


@pytest.mark.parametrize("facts", [{"type": "text"}, {"type": "boolean"}, {"type": "picklist"}])
def test_an_empty_value_is_left_out(facts: dict[str, Any]) -> None:
    assert fill({"F": "[QueueExtension]"}, {"F": facts}, queue="").record == {}


def test_what_cannot_be_filled_is_left_out_and_said() -> None:
    known = {"Fixed": {"read_only": True}, "Owner": {}, "Free": {}}
    filled = fill({"Owner": "1", "Gone": "1", "Fixed": "1", "Free": "1"}, known)
    assert filled.record == {"Free": "1"}
    assert filled.notes == (
        {"code": "field_kept", "field": "Owner"},
        {"code": "field_unknown", "field": "Gone"},
        {"code": "field_read_only", "field": "Fixed"},
    )


def test_a_long_value_follows_as_a_whole() -> None:
    known = {"F": {"type": "text", "length": 10}}
    filled = fill({"F": "0123456789ab"}, known)
    assert filled.record == {"F": "012345678…"}
    assert filled.overflow == (
        Overflow(kind="note", title="Whole text of F", content="0123456789ab"),
    )
    assert filled.notes == ({"code": "shortened", "field": "F", "into": "note"},)


def test_further_fields_never_change_which_call_it_is() -> None:
    taken = dict.fromkeys([*IDENTIFYING, "PBX_Ref"], "changed")
    shared: dict[str, Any] = {
        **ZONE,
        "card": None,
        "owner_zoho_id": "",
        "reference": "pb-1",
        "reference_field": "PBX_Ref",
        "org_fields": {"Calls": {name: {} for name in taken} | {"PBX_Ref": {"unique": True}}},
    }
    settings = JournalSettings(fields_calls={**taken, "Call_Result": "Busy"}, fields_tasks=taken)
    rendered = render_call(CallFacts(report=make_call()), settings=settings, **shared)
    assert "changed" not in rendered.record.values()
    assert {row["field"] for row in rendered.notes if row["code"] == "field_kept"} == set(taken)
    task = render_chat(make_chat(), settings=settings, **shared)
    assert task.record["PBX_Ref"] == "changed", "Tasks have no such unique field"
    assert [value for value in task.record.values() if value == "changed"] == ["changed"]


def test_further_fields_of_calls_and_tasks_are_apart() -> None:
    settings = JournalSettings(fields_calls={"A": "call"}, fields_tasks={"B": "[Email]"})
    shared: dict[str, Any] = {
        **ZONE,
        "card": None,
        "owner_zoho_id": "",
        "reference": "pb-1",
        "reference_field": "",
        "org_fields": {},
    }
    task = render_chat(make_chat(), settings=settings, **shared).record
    assert (task.get("A"), task.get("B")) == (None, "visitor@example.org")
    call = render_call(CallFacts(report=make_call()), settings=settings, **shared).record
    assert (call.get("A"), call.get("B")) == ("call", None)


def test_an_administrators_call_result_goes_before_ours() -> None:
    settings = JournalSettings(fields_calls={"Call_Result": "requested more info"})
    known = {"type": "picklist", "values": ["No response/Busy", "Requested more info"]}
    rendered = render_call(
        CallFacts(report=make_call("unanswered_outbound")),
        settings=settings,
        card=None,
        owner_zoho_id="",
        reference="pb-1",
        reference_field="",
        org_fields={"Calls": {"Call_Result": known}},
        **ZONE,
    )
    assert rendered.record["Call_Result"] == "Requested more info"
