"""What the generated template is, and that released ones stay as they were."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from connector.threecx.rules import check_template
from connector.threecx.template import NAME, VERSION, TemplateFacts, build_template

RELEASED = Path(__file__).parent / "released"
FACTS = TemplateFacts(
    portal_url="https://portal.example",
    slug="acme",
    connection_name="Acme Ltd",
    sentiment=True,
)


def parse(facts: TemplateFacts = FACTS) -> Element:
    return fromstring(build_template(facts))


def list_keys(crm: Element, scenario: str) -> list[str]:
    values = crm.findall(f".//Scenario[@Id='{scenario}']/Request/PostValues/Value")
    return [value.get("Key", "") for value in values]


def find_version(path: Path) -> int:
    return int(path.stem.removeprefix("crm-"))


def test_the_current_template_is_the_newest_released_one_unless_its_version_grew() -> None:
    newest = max(RELEASED.glob("crm-*.xml"), key=find_version)
    assert find_version(newest) <= VERSION
    if find_version(newest) == VERSION:
        assert build_template(FACTS) == newest.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(RELEASED.glob("crm-*.xml")), ids=lambda path: path.stem)
def test_a_released_template_breaks_no_rule_and_says_its_version(path: Path) -> None:
    xml = path.read_text(encoding="utf-8")
    assert check_template(xml) == []
    assert fromstring(xml).get("Version") == str(find_version(path))


def test_the_name_never_changes_since_a_pbx_files_the_template_under_it() -> None:
    assert {fromstring(path.read_bytes()).get("Name") for path in RELEASED.iterdir()} == {NAME}


@pytest.mark.parametrize(
    "changes",
    [
        {"call_journaling": False, "chat_journaling": False},
        {"connection_name": 'A "B" <C> & -- D\n[Number]\x00'},
        {"portal_url": "http://[::1]:8000"},
        {"transcript": False, "summary": False, "sentiment": False},
        {"recording_link": False, "chat_text": False},
    ],
)
def test_whatever_the_connection_the_template_breaks_no_rule(changes: dict[str, Any]) -> None:
    assert check_template(build_template(replace(FACTS, **changes))) == []


def test_the_address_of_the_connections_door_is_filled_in() -> None:
    parameter = parse(replace(FACTS, portal_url="https://portal.example/")).find(
        ".//Parameter[@Name='PortalUrl']"
    )
    assert parameter is not None
    assert parameter.get("Default") == "https://portal.example/pbx/acme"
    assert parameter.get("Title") == "Portal address of Acme Ltd:"


def test_only_one_parameter_is_secret_and_it_comes_empty() -> None:
    secrets = parse().findall(".//Parameter[@Type='Password']")
    assert [(one.get("Name"), one.get("Default")) for one in secrets] == [("PortalKey", "")]


def test_numbers_leave_the_pbx_verbatim() -> None:
    number = parse().find("Number")
    assert number is not None
    assert number.attrib == {"Prefix": "AsIs", "MaxLength": ""}


def test_each_scenario_posts_to_its_own_door() -> None:
    doors = {
        scenario.get("Id"): scenario.find("Request").get("Url")
        for scenario in parse().iter("Scenario")
    }
    assert doors == {
        "": "[PortalUrl]/lookup",
        "LookupByEmail": "[PortalUrl]/lookup-by-email",
        "SearchContacts": "[PortalUrl]/search",
        "CreateContactRecordFromClient": "[PortalUrl]/contacts",
        "LookupFromCFD_Contacts_LookupNumber": "[PortalUrl]/lookup",
        "LookupFromCFD_Contacts_LookupID": "[PortalUrl]/search",
        "LookupFromCFD_Contacts_LookupFreeQuery": "[PortalUrl]/search",
        "ReportCall": "[PortalUrl]/calls",
        "ReportChat": "[PortalUrl]/chats",
    }


def test_a_report_of_a_call_carries_these_keys() -> None:
    assert list_keys(parse(), "ReportCall") == [
        "type",
        "direction",
        "number",
        "name",
        "agent",
        "agent_first_name",
        "agent_last_name",
        "agent_email",
        "queue",
        "entity_id",
        "entity_type",
        "start",
        "end",
        "seconds",
        "duration",
        "date_time",
        "recording_url",
        "transcription",
        "summary",
        "sentiment",
    ]


def test_a_report_of_a_chat_carries_these_keys() -> None:
    assert list_keys(parse(), "ReportChat") == [
        "number",
        "email",
        "name",
        "agent",
        "agent_first_name",
        "agent_last_name",
        "agent_email",
        "queue",
        "entity_id",
        "entity_type",
        "start",
        "end",
        "seconds",
        "duration",
        "date_time",
        "messages",
    ]


@pytest.mark.parametrize(
    ("switch", "word"),
    [
        ("recording_link", "Recording"),
        ("transcript", "[Transcription]"),
        ("summary", "Summary"),
        ("sentiment", "Sentiment"),
        ("chat_text", "ChatMessages"),
    ],
)
def test_what_may_not_leave_the_pbx_is_not_in_the_template(switch: str, word: str) -> None:
    without: dict[str, Any] = {switch: False}
    assert word in build_template(FACTS)
    assert word not in build_template(replace(FACTS, **without))


def test_transcription_is_announced_only_when_something_of_it_is_asked() -> None:
    silent = replace(FACTS, transcript=False, summary=False, sentiment=False)
    assert parse().get("SupportsTranscription") == "true"
    assert parse(silent).get("SupportsTranscription") is None


def test_the_journaling_switches_begin_as_the_connection_has_them() -> None:
    crm = parse(replace(FACTS, call_journaling=False))
    defaults = {one.get("Name"): one.get("Default") for one in crm.iter("Parameter")}
    assert defaults["ReportCallEnabled"] == "False"
    assert defaults["ReportChatEnabled"] == "True"


def test_every_phone_of_a_match_has_its_own_output() -> None:
    outputs = {one.get("Type"): one.get("Value") for one in parse().iter("Output")}
    phones = {kind: value for kind, value in outputs.items() if re.match("Phone|Fax", kind or "")}
    assert phones == {
        "PhoneBusiness": "[MatchBusiness]",
        "PhoneBusiness2": "[MatchBusiness2]",
        "PhoneHome": "[MatchHome]",
        "PhoneMobile": "[MatchMobile]",
        "PhoneMobile2": "[MatchMobile2]",
        "PhoneOther": "[MatchEcho]",
        "FaxBusiness": "[MatchFax]",
    }
