"""The PBX with the released templates: what the portal gets, and which matches are kept."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.pbx.box import SandboxPbx
from connector.sandbox.pbx.happenings import Call, Chat, Extension, Leg
from connector.threecx.answers import Match, build_answer
from connector.threecx.payloads import CallType, Direction, read_call, read_chat
from tests.connector.sandbox_pbx.conftest import Portal

RELEASED = Path(__file__).parent.parent / "threecx" / "released"
START = datetime(2026, 7, 20, 9, 15, 30, tzinfo=UTC)
ANN = Extension(number="101", first_name="Ann", last_name="Carter", email="ann@acme.example")
BEN = Extension(number="102", first_name="Ben", email="ben@acme.example")
ADA = Match(id="7", module="Leads", url="https://crm.example/7", first="Ada", last="Lane")
NUMBER = "+441632960011"


def make_pbx(portal: Portal, **settings: Any) -> SandboxPbx:
    newest = max(RELEASED.glob("*.xml"), key=lambda path: int(path.stem.removeprefix("crm-")))
    return use_template(newest, portal, **settings)


def use_template(path: Path, portal: Portal, **settings: Any) -> SandboxPbx:
    parameters = {"PortalUrl": f"{portal.url}/pbx/acme", "PortalKey": "secret"}
    parameters |= settings.pop("parameters", {})
    return SandboxPbx(path.read_text(encoding="utf-8"), parameters, **settings)


def make_call(*legs: Leg, **more: str) -> Call:
    return Call(number=NUMBER, legs=legs, **more)


ANSWERED = Leg(type="Inbound", extension=ANN, started_at=START, seconds=65)


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.xml")), ids=lambda path: path.stem)
def test_every_released_template_tells_of_a_call_what_the_portal_reads(
    path: Path, portal: Portal
) -> None:
    portal.answers["/pbx/acme/lookup"] = (200, build_answer([ADA], searched=NUMBER))
    call = make_call(
        ANSWERED, queue="800", recording_url="https://pbx.example/1", summary="Hi.\n[Agent]"
    )
    use_template(path, portal).place_call(call)
    report = read_call(portal.posted[-1][2].encode(), received_at=datetime.now(UTC))
    assert (report.type, report.direction) == (CallType.INBOUND, Direction.INBOUND)
    assert (report.number, report.name) == (NUMBER, "Ada Lane")
    assert (report.entity_id, report.entity_type) == ("7", "Leads")
    assert (report.agent, report.agent_name, report.queue) == ("101", "Ann Carter", "800")
    assert report.agent_email == "ann@acme.example"
    assert (report.started_at, report.ended_at) == (START, ANSWERED.ended_at)
    assert (report.seconds, report.date_time) == (65, "20/07/2026 10:15")
    assert report.recording_url == "https://pbx.example/1"
    assert (report.summary, report.transcription) == ("Hi.\n[Agent]", "")


def test_a_lookup_asks_with_the_number_verbatim_key_and_version(portal: Portal) -> None:
    make_pbx(portal).lookup("0044 1632", direction="Outbound")
    [(path, headers, _)] = portal.posted
    assert path == "/pbx/acme/lookup"
    assert headers["X-Api-Key"] == "secret"
    assert headers["X-Template-Version"].isdigit()
    assert headers["Content-Type"] == "application/json"
    assert portal.list_bodies(path) == [{"number": "0044 1632", "direction": "Outbound"}]


def test_all_matches_come_in_the_order_of_the_answer(portal: Portal) -> None:
    ben = Match(id="8", module="Accounts", url="https://crm.example/8", company="Ben & Co")
    portal.answers["/pbx/acme/lookup"] = (200, build_answer([ADA, ben], searched=NUMBER))
    found = make_pbx(portal).lookup(NUMBER)
    assert [one["EntityId"] for one in found] == ["7", "8"]
    assert found[1]["CompanyName"] == "Ben & Co"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"matches": []}, "nobody"),
        (build_answer([ADA], searched="01632960011"), "another spelling of the number"),
        (build_answer([Match(id="7", module="Leads", url="x")], searched=NUMBER), "no name"),
        (
            build_answer([Match(id="7", module="Leads", url="", first="A")], searched=NUMBER),
            "no url",
        ),
        ("no json", "no JSON"),
    ],
)
def test_a_match_that_3cx_would_drop_is_no_match(answer: object, why: str, portal: Portal) -> None:
    portal.answers["/pbx/acme/lookup"] = (200, answer)
    assert make_pbx(portal).lookup(NUMBER) == [], why


def test_each_leg_is_reported_and_an_unknown_caller_too(portal: Portal) -> None:
    portal.answers["/pbx/acme/lookup"] = (200, {"matches": []})
    missed = Leg(type="Missed", extension=BEN, started_at=START, seconds=0)
    make_pbx(portal).place_call(make_call(missed, ANSWERED, caller_name="ADA"))
    bodies = portal.list_bodies("/pbx/acme/calls")
    assert [(body["type"], body["agent"]) for body in bodies] == [
        ("Missed", "102"),
        ("Inbound", "101"),
    ]
    assert bodies[0]["name"] == "ADA"
    assert bodies[0]["entity_id"] == ""


def test_an_unanswered_call_goes_out(portal: Portal) -> None:
    leg = Leg(type="Notanswered", extension=ANN, started_at=START, seconds=12)
    make_pbx(portal).place_call(make_call(leg))
    [lookup] = portal.list_bodies("/pbx/acme/lookup")
    [report] = portal.list_bodies("/pbx/acme/calls")
    assert lookup["direction"] == report["direction"] == "Outbound"
    assert (report["type"], report["seconds"], report["duration"]) == ("Notanswered", "12", "00:12")


def test_a_chat_is_told_as_the_portal_reads_it(portal: Portal) -> None:
    chat = Chat(
        extension=ANN,
        started_at=START,
        seconds=3700,
        messages='Vera: "Hi" 👋',
        email="vera@mail.example",
        visitor="Vera",
    )
    answer = make_pbx(portal).hold_chat(chat)
    assert answer is not None
    assert answer.status == 202
    [(path, _, body)] = portal.posted
    assert path == "/pbx/acme/chats"
    report = read_chat(body.encode(), received_at=datetime.now(UTC))
    assert (report.email, report.name, report.messages) == (
        "vera@mail.example",
        "Vera",
        'Vera: "Hi" 👋',
    )
    assert (report.started_at, report.seconds) == (START, 3700)


def test_a_chat_from_a_number_names_its_contact(portal: Portal) -> None:
    portal.answers["/pbx/acme/lookup"] = (200, build_answer([ADA], searched=NUMBER))
    make_pbx(portal).hold_chat(
        Chat(extension=ANN, started_at=START, seconds=5, messages="Hi", number=NUMBER)
    )
    assert portal.list_bodies("/pbx/acme/chats")[0]["entity_id"] == "7"


def test_the_switches_of_the_form_stop_reports(portal: Portal) -> None:
    off = {"ReportCallEnabled": "False", "ReportChatEnabled": "False"}
    pbx = make_pbx(portal, parameters=off)
    assert pbx.place_call(make_call(ANSWERED)) == [None]
    assert (
        pbx.hold_chat(Chat(extension=ANN, started_at=START, seconds=5, messages="", email="v@x"))
        is None
    )


def test_an_old_pbx_sends_names_that_it_does_not_know_as_text(portal: Portal) -> None:
    make_pbx(portal, version="v18").place_call(make_call(ANSWERED, summary="Hi"))
    [(_, _, body)] = [one for one in portal.posted if one[0].endswith("/calls")]
    assert '"summary": "[Summary]"' in body
    assert read_call(body.encode(), received_at=datetime.now(UTC)).summary == ""


@pytest.mark.parametrize("culture", ["fi-FI", "de-AT", "en-US", "es-US", "ja-JP", "ru-RU"])
def test_wherever_the_pbx_stands_the_start_is_understood(culture: str, portal: Portal) -> None:
    make_pbx(portal, culture=culture, time_zone="Asia/Tokyo").place_call(make_call(ANSWERED))
    report = read_call(portal.posted[-1][2].encode(), received_at=datetime.now(UTC))
    assert report.started_at == START
    assert "18" in report.date_time or "6" in report.date_time


@pytest.mark.parametrize(
    ("prefix", "length", "shown"),
    [
        ("AsIs", "", "+18137689201"),
        ("Off", "", "18137689201"),
        ("Zeros", "", "0018137689201"),
        ("Plus", "[MaxLength]", "689201"),
    ],
)
def test_a_number_is_shaped_as_the_template_asks(
    prefix: str, length: str, shown: str, portal: Portal
) -> None:
    xml = (RELEASED / "crm-1.xml").read_text(encoding="utf-8")
    other = xml.replace('Prefix="AsIs" MaxLength=""', f'Prefix="{prefix}" MaxLength="{length}"')
    pbx = SandboxPbx(other, {"PortalUrl": portal.url}, match_digits="6")
    assert pbx.format_number("+18137689201") == shown
