# ruff: noqa: E501  one line per case
"""What a file may not say, and how it is told: with the line, and with what is allowed."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from connector.models import Connection
from tests.journaling.connection_file.conftest import Run, Write

pytestmark = pytest.mark.django_db

REFUSED = {
    "an unknown key": ("nmae: Acme", "line 3: unknown key “nmae” in acme; did you mean “name”?"),
    "an unknown key of a section": (
        "name: A\n    calls:\n      subjct: x",
        "line 5: unknown key “subjct” in calls; did you mean “subject”?",
    ),
    "an unknown key like no other": ("links: {zzz: 1}", "allowed: contact_parent"),
    "an unknown key of a row": ("agents:\n      - {extention: '1'}", "did you mean “extension”?"),
    "a PBX address with a password": ("pbx: {url: 'https://u:p@pbx.example'}", "No user name belongs here"),
    "groups in groups without end": ("name: " + "[" * 3000, "nested too deeply"),
    "a key given twice": ("name: A\n    name: B", "line 4: “name” is given twice (first in line 3)"),
    "a choice that does not exist": ("pbx: {version: v16}", "“v16” is not possible; allowed: v20, v18"),
    "a text for a number": ("calls: {settle_seconds: soon}", "calls.settle_seconds: is “soon”"),
    "a number in quotes": ("calls: {settle_seconds: '20'}", "without quotes, like 20"),
    "an octal number": ("calls: {settle_seconds: 020}", "write a whole number"),
    "a number too large": ("calls: {settle_seconds: 4000}", "less than or equal to 3600"),
    "a number below zero": ("calls: {settle_seconds: -1}", "write a whole number"),
    "a switch in other words": ("active: on", "active: is on; write true or false, without quotes"),
    "a switch in quotes": ("active: 'true'", "write true or false, without quotes"),
    "an empty value": ("name:", "name: the value is missing"),
    "a list for a text": ("name: [A]", "name: must be one value"),
    "a text for a list": ("agents: '101'", "agents must be a list"),
    "a text for a section": ("calls: true", "calls must be a group"),
    "a merge key": ("<<: {name: A}", "what connections share stands under “defaults:”"),
    "an object": ("name: !!python/object:os.system {}", "name: must be one value"),
    "country NO": ("numbers: {country: NO}", 'YAML reads NO as false; put it in quotes: "NO"'),
    "no country": ("numbers: {country: UK}", "“UK” is no country"),
    "an octal extension": (
        "agents:\n      - {extension: 0123}",
        'line 4: agents.extension: YAML reads 0123 as the octal number 83; put it in quotes: "0123"',
    ),
    "a leading plus": ("numbers: {area_code: +44}", 'YAML reads +44 as a number; put it in quotes'),
    "a date": ("name: 2026-01-01", "YAML reads 2026-01-01 as a “timestamp”"),
    "an unknown variable": (
        "calls: {missed: '[Agnt] missed'}",
        "line 3: calls.missed: [Agnt] is unknown. Did you mean [Agent]?",
    ),
    "a variable of calls in a chat": ("chats: {subject: '[Transcription]'}", "is unknown"),
    "an unknown variable in a field": ("fields: {calls: {Rank: '[Rnk]'}}", "fields.calls: Rank: [Rnk]"),
    "a field that cannot be one": ("fields: {calls: {call result: x}}", "“call result” is no API name"),
    "a number with a zero in a field": ("fields: {calls: {Rank: 007}}", 'put it in quotes: "007"'),
    "an area code with letters": ("numbers: {area_code: 'x1'}", "Must consist of digits"),
    "a prefix with letters": ("numbers: {outside_prefixes: [a]}", "Each must consist of digits"),
    "no time zone": ("pbx: {time_zone: London}", "“London” is no time zone"),
    "no e-mail": ("fallback_owner: boss", "fallback_owner: Enter a valid email address."),
    "no address of a PBX": ("pbx: {url: 'ftp://pbx.example'}", "Must begin with https://"),
    "a reference field with blanks": ("zoho: {reference_field: PBX Ref}", "API name of a field"),
    "a foreign accounts server": (
        "zoho:\n      accounts_url: https://accounts.zoho.com.evil.example",
        "line 4: zoho.accounts_url: “https://accounts.zoho.com.evil.example” is no address of Zoho's",
    ),
    "an address of another data centre": (
        "zoho: {data_centre: eu, api_url: 'https://www.zohoapis.com'}",
        "belongs to another data centre than “eu”",
    ),
    "Zoho over http": ("zoho: {accounts_url: 'http://accounts.zoho.eu'}", "is no address of Zoho's"),
    "own addresses that are missing": ("zoho: {data_centre: own}", "zoho.crm_url: This field cannot"),
    "a secret in plain text": ("zoho: {client_secret: abc}", "write {env: NAME_OF_A_VARIABLE}"),
    "a secret with two sources": ("zoho: {client_secret: {env: A, file: b}}", "has one source"),
    "a secret of another source": ("zoho: {client_secret: {vault: x}}", "unknown key “vault”"),
    "an unset variable": ("zoho: {client_secret: {env: NOT_SET_9}}", "variable NOT_SET_9 is not set"),
    "a file that is not there": ("zoho: {client_secret: {file: nowhere}}", "No such file"),
    "an agent without anything": ("agents: [{zoho_user: none}]", "needs an extension or an email"),
    "an agent twice": (
        "agents:\n      - {extension: '1'}\n      - {extension: 1}",
        "line 5: agents: “1” stands here twice (first in line 4)",
    ),
    "an agent with half an e-mail": ("agents: [{email: ann}]", "Enter a valid email address"),
    "a queue without extension": ("queues: [{name: Sales}]", "extension: This field cannot be blank"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_file_is_refused_in_one_line(run: Run, write: Write, text: str, words: str) -> None:
    with pytest.raises(CommandError) as refused:
        run("apply", write(acme=text))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not Connection.objects.exists()


WHOLE = {
    "nothing": ("", "must begin with “connections:”"),
    "a list": ("- acme", "line 1: the file must begin with “connections:”"),
    "other keys": ("conections: {}", "line 1: unknown key “conections” in the file"),
    "an empty list of connections": ("defaults: {}\nconnections:", "line 2: “connections:” is missing"),
    "a slug twice": ("connections:\n  a: {}\n  a: {}", "line 3: “a” is given twice (first in line 2)"),
    "a slug that YAML reads as false": ("connections: {no: {}}", "put it in quotes: \"no\""),
    "a slug with blanks": ("connections: {my pbx: {}}", "line 1: my pbx: Enter a valid “slug”"),
    "no YAML": ("connections:\n  a: {b", "this is no YAML"),
    "a tabulator": ("connections:\n\ta: {}", "line 2: this is no YAML"),
    "two documents": ("connections: {}\n---\nconnections: {}", "this is no YAML"),
    "a wrong default": ("defaults:\n  active: on\nconnections: {a: {}}", "line 2: active: is on"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), WHOLE.values(), ids=WHOLE.keys())
def test_a_file_of_the_wrong_shape_is_refused(
    run: Run, write: Write, text: str, words: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run("apply", write(text))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_no_text_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run("apply", tmp_path / "nowhere.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\x00\xff\xfe")
    with pytest.raises(CommandError, match="this is no YAML"):
        run("apply", tmp_path / "binary.yaml")


def test_all_problems_are_told_at_once_in_the_order_of_the_file(run: Run, write: Write) -> None:
    with pytest.raises(CommandError) as refused:
        run("apply", write(acme="active: on\n    nmae: A\n    pbx: {version: v1}"))
    text = str(refused.value)
    assert text.index("line 3") < text.index("line 4") < text.index("line 5")


def test_one_wrong_connection_keeps_all_others_from_changing(run: Run, write: Write) -> None:
    with pytest.raises(CommandError):
        run("apply", write("connections:\n  good: {}\n  bad: {numbers: {country: XX}}\n"))
    assert not Connection.objects.exists()


def test_a_refusal_never_shows_a_secret(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_9", "sesame")
    for secret in ("sesame", "[sesame]"):
        with pytest.raises(CommandError) as refused:
            run("apply", write(acme=f"zoho: {{client_secret: {secret}}}"))
        assert "sesame" not in str(refused.value)
