"""`manage.py sandbox`: what people and the demo play at the terminal."""

import json
import os
import re
import signal
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from connector.auth import find_connection, make_key
from connector.models import Connection
from connector.sandbox.pbx.setup import open_call_log
from connector.threecx.answers import Match, build_answer
from connector.threecx.xapi import PbxUser, fetch_token, list_users
from tests.connector.sandbox_pbx.conftest import Portal

ADA = Match(id="7", module="Contacts", url="https://crm.example/7", first="Ada", last="Lane")
NUMBER = "+441632960011"


@pytest.fixture
def acme(portal: Portal, settings: Any, tmp_path: Path, db: None) -> Connection:
    settings.PUBLIC_URL, settings.PUBLIC_HOST = portal.url, "127.0.0.1"
    settings.DATA_DIR = tmp_path
    portal.answers["/pbx/acme/lookup"] = (200, build_answer([ADA], searched=NUMBER))
    connection = Connection.objects.create(slug="acme", name="Acme", time_zone="Europe/Berlin")
    connection.agents.create(extension="201", email="zed@acme.example")
    return connection


def run(*words: str) -> list[str]:
    out = StringIO()
    call_command("sandbox", words[0], "--connection", "acme", *words[1:], stdout=out)
    return out.getvalue().splitlines()


def test_an_incoming_call_is_looked_up_and_reported(portal: Portal, acme: Connection) -> None:
    assert run("call", "--from", NUMBER, "--to", "101", "--answered", "65s") == [
        f'Inbound {NUMBER} at 101, 65 s: 202 {{"id": "1"}}'
    ]
    [report] = portal.list_bodies("/pbx/acme/calls")
    assert (report["type"], report["number"], report["seconds"]) == ("Inbound", NUMBER, "65")
    assert (report["entity_id"], report["name"]) == ("7", "Ada Lane")
    assert report["agent_email"] == "ann@acme.example"


def test_the_pbx_installs_itself_with_a_key_that_opens_the_connection(
    portal: Portal, acme: Connection, tmp_path: Path
) -> None:
    run("lookup", "--from", NUMBER)
    file = tmp_path / "sandbox" / "pbx-acme.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = json.loads(file.read_text())["parameters"]["PortalKey"]
    assert portal.posted[0][1]["X-Api-Key"] == key
    assert find_connection("acme", key) == acme


def test_a_given_key_is_used(portal: Portal, acme: Connection) -> None:
    key = make_key(acme)
    run("install", "--key", key)
    run("lookup", "--from", NUMBER)
    assert portal.posted[0][1]["X-Api-Key"] == key
    assert acme.pbx_keys.count() == 1


@pytest.mark.parametrize(
    ("words", "kind", "seconds"),
    [
        (["--missed"], "Missed", "20"),
        (["--missed", "1m5s"], "Missed", "65"),
        (["--direction", "out"], "Outbound", "60"),
        (["--direction", "out", "--missed", "9"], "Notanswered", "9"),
    ],
)
def test_every_kind_of_call_can_be_played(
    words: list[str], kind: str, seconds: str, portal: Portal, acme: Connection
) -> None:
    run("call", "--from", NUMBER, *words)
    [report] = portal.list_bodies("/pbx/acme/calls")
    assert (report["type"], report["seconds"]) == (kind, seconds)


def test_the_details_of_a_call_can_be_chosen(portal: Portal, acme: Connection) -> None:
    portal.answers["/pbx/acme/lookup"] = (200, {"matches": []})
    run(
        *("call", "--from", "anonymous", "--to", "201", "--queue", "800", "--name", "SHOP"),
        *("--at", "2026-11-20T10:15:30+01:00", "--recording", "https://pbx.example/r"),
        *("--summary", "Short.", "--transcription", "Long."),
    )
    [report] = portal.list_bodies("/pbx/acme/calls")
    assert report["agent_email"] == "zed@acme.example"
    assert report["start"] == "2026-11-20T09:15:30Z"
    assert report["date_time"] == "20/11/2026 10:15"
    assert (report["queue"], report["name"], report["entity_id"]) == ("800", "SHOP", "")
    assert report["recording_url"] == "https://pbx.example/r"
    assert (report["summary"], report["transcription"]) == ("Short.", "Long.")


def test_extensions_that_only_rang_are_legs_of_their_own(portal: Portal, acme: Connection) -> None:
    run("call", "--from", NUMBER, "--to", "101", "--missed-by", "102,104", "--queue", "800")
    reports = portal.list_bodies("/pbx/acme/calls")
    assert [(one["type"], one["agent"]) for one in reports] == [
        ("Missed", "102"),
        ("Missed", "104"),
        ("Inbound", "101"),
    ]
    assert len({one["start"] for one in reports}) == 1


def test_everything_can_be_posted_twice(portal: Portal, acme: Connection) -> None:
    run("call", "--from", NUMBER, "--repeat", "2")
    first, second = portal.list_bodies("/pbx/acme/calls")
    assert first == second


def test_a_chat_is_reported(portal: Portal, acme: Connection) -> None:
    run("chat", "--email", "vera@mail.example", "--name", "Vera", "--text", "Vera: Hi")
    [report] = portal.list_bodies("/pbx/acme/chats")
    assert (report["email"], report["name"], report["messages"]) == (
        "vera@mail.example",
        "Vera",
        "Vera: Hi",
    )
    assert (report["agent"], report["agent_email"]) == ("101", "ann@acme.example")


def test_a_lookup_prints_the_match_or_nobody(portal: Portal, acme: Connection) -> None:
    assert run("lookup", "--from", NUMBER) == ["Ada Lane (Contacts 7) https://crm.example/7"]
    portal.answers["/pbx/acme/lookup"] = (200, {"matches": []})
    assert run("lookup", "--from", "5") == ["Nobody found for 5"]


def test_the_demo_is_a_handful_of_calls_and_a_chat(portal: Portal, acme: Connection) -> None:
    lines = run("play")
    assert len(portal.list_bodies("/pbx/acme/calls")) == 6
    assert len(portal.list_bodies("/pbx/acme/chats")) == 1
    assert len(lines) == 7


def test_a_refused_report_ends_with_an_error(portal: Portal, acme: Connection) -> None:
    portal.answers["/pbx/acme/calls"] = (401, {"error": "key"})
    with pytest.raises(CommandError, match="1 of 1 reports"):
        run("call", "--from", NUMBER)


@pytest.mark.parametrize(
    "words",
    [
        ["call", "--from", NUMBER, "--answered", "soon"],
        ["call", "--from", NUMBER, "--at", "today"],
        ["call", "--from", NUMBER, "--direction", "out", "--missed-by", "102"],
        ["call", "--from", NUMBER, "--answered", "5", "--missed", "5"],
        ["chat"],
        ["dance"],
    ],
)
def test_what_cannot_be_played_is_said(words: list[str], acme: Connection) -> None:
    with pytest.raises(CommandError):
        run(*words)


def test_an_unknown_connection_is_named_with_the_known_ones(acme: Connection) -> None:
    with pytest.raises(CommandError, match=r"no connection zzz. Connections: acme"):
        call_command("sandbox", "lookup", "--connection", "zzz", "--from", "1")


def test_the_sandbox_refuses_to_work_beside_a_public_portal(settings: Any) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_HOST = "https://portal.example", "portal.example"
    with pytest.raises(CommandError, match="only on this machine"):
        call_command("sandbox", "zoho")


class AskingOut(StringIO):
    """Reads the address that the command tells, asks there as the portal does, ends the command."""

    users: list[PbxUser] = []

    def flush(self) -> None:
        told = re.search(r"at (\S+), Client ID (\S+), key (\S+)", self.getvalue())
        assert told
        url, client_id, key = told.groups()
        granted = fetch_token(url, client_id=client_id, client_secret=key)
        self.users = list_users(url, token=granted.access_token)
        os.kill(os.getpid(), signal.SIGTERM)


def test_the_pbxs_api_serves_until_it_is_told_to_end(portal: Portal, acme: Connection) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    out = AskingOut()
    call_command("sandbox", "xapi", "--connection", "acme", "--port", "0", stdout=out)
    for number, handler in before.items():
        signal.signal(number, handler)
    assert "201" in [user.extension for user in out.users]


def test_withheld_calls_stand_in_the_pbxs_call_log_alone(portal: Portal, acme: Connection) -> None:
    lines = run("play", "--calls", "6", "--withhold", "2")
    assert len(portal.list_bodies("/pbx/acme/calls")) == 4
    assert sum("withheld" in line for line in lines) == 2
    logged = open_call_log(acme).list_between("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z")
    assert len({row["MainCallHistoryId"] for row in logged}) == 6
