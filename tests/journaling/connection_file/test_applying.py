"""What `connections apply` changes, what it leaves alone, and what it says about it."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from connector.models import Agent, Connection
from journaling.models import JournalSettings
from journaling.texts.defaults import TEXTS
from tests.journaling.connection_file.conftest import Run, Write

pytestmark = pytest.mark.django_db
FULL = Path(__file__).parent / "full.yaml"


def find_acme() -> Connection:
    return Connection.objects.get(slug="acme")


def test_every_change_is_told_with_old_and_new(run: Run, write: Write) -> None:
    run("apply", write(acme="name: Acme"))
    text = "name: Acme Ltd\n    calls: {enabled: false}\n    agents: [{extension: 101}]"
    assert run("apply", write(acme=text))[1].splitlines() == [
        'acme: name: "Acme" -> "Acme Ltd"',
        "acme: calls.enabled: true -> false",
        'acme: agents 101: added {"extension": "101"}',
    ]


def test_a_difference_exits_with_2_and_writes_nothing(run: Run, write: Write) -> None:
    assert run("apply", write(acme="name: Acme"), "--diff")[0] == 2
    assert not Connection.objects.exists()
    run("apply", write(acme="name: Acme"))
    assert run("apply", write(acme="name: Other"), "--diff") == (
        2,
        'acme: name: "Acme" -> "Other"\n',
    )
    assert find_acme().name == "Acme"


def test_a_key_left_out_means_its_default(run: Run, write: Write) -> None:
    run("apply", write(acme="active: false\n    calls: {subject: X}\n    language: ru"))
    run("apply", write(acme="name: Acme"))
    assert find_acme().active is True
    assert find_acme().journal.call_subject == TEXTS["en"]["call_subject"]


def test_a_connection_without_a_name_is_called_by_its_slug(run: Run, write: Write) -> None:
    run("apply", write("connections: {acme: {}}"))
    assert find_acme().name == "acme"


def test_russian_brings_russian_texts(run: Run, write: Write) -> None:
    run("apply", write(acme="language: ru\n    calls: {missed: '[Number]'}"))
    journal = JournalSettings.objects.get()
    assert journal.missed == "[Number]"
    assert journal.chat_subject == TEXTS["ru"]["chat_subject"]


def test_a_data_centre_brings_its_addresses(run: Run, write: Write) -> None:
    run("apply", write(acme="zoho: {data_centre: jp}"))
    assert find_acme().accounts_url == "https://accounts.zoho.jp"
    assert find_acme().api_url == "https://www.zohoapis.jp"
    assert find_acme().crm_url == "https://crm.zoho.jp"


def test_an_accounts_server_tells_its_data_centre(run: Run, write: Write) -> None:
    run("apply", write(acme="zoho: {accounts_url: 'https://accounts.zoho.eu/'}"))
    assert find_acme().data_centre == "eu"
    assert find_acme().accounts_url == "https://accounts.zoho.eu"
    assert find_acme().api_url == "https://www.zohoapis.eu"


def test_trusted_addresses_may_be_http_on_this_machine(
    run: Run, write: Write, settings: Any
) -> None:
    own = "http://localhost:9000"
    text = f"zoho: {{data_centre: own, accounts_url: '{own}', crm_url: '{own}', api_url: '{own}'}}"
    with pytest.raises(CommandError, match="is no address of Zoho's"):
        run("apply", write(acme=text))
    settings.ZOHO_TRUSTED_URLS = [own]
    assert run("apply", write(acme=text))[0] == 0
    assert run("apply", write(acme=text), "--diff")[0] == 0


def test_defaults_reach_into_every_connection(run: Run, write: Write) -> None:
    text = """
defaults:
  numbers: {country: DE, internal_digits: 3, outside_prefixes: ["0"]}
  fields: {calls: {Call_Purpose: Support, Rank: A}}
  agents: [{extension: "1"}, {extension: "2"}]
connections:
  acme:
    numbers: {internal_digits: 5, outside_prefixes: ["9"]}
    fields: {calls: {Rank: B}}
    agents: [{extension: "3"}]
  beta: {}
"""
    run("apply", write(text))
    acme, beta = find_acme(), Connection.objects.get(slug="beta")
    assert (acme.country, acme.internal_digits, acme.outside_prefixes) == ("DE", 5, ["9"])
    assert (beta.country, beta.internal_digits, beta.outside_prefixes) == ("DE", 3, ["0"])
    assert acme.journal.fields_calls == {"Call_Purpose": "Support", "Rank": "B"}
    assert [agent.extension for agent in acme.agents.all()] == ["3"]
    assert [agent.extension for agent in beta.agents.all()] == ["1", "2"]


def test_rows_that_left_the_file_leave_the_connection(run: Run, write: Write) -> None:
    run("apply", write(acme="agents: [{extension: '1', email: a@a.example}, {extension: '2'}]"))
    kept = Agent.objects.get(extension="1")
    out = run("apply", write(acme="agents: [{extension: 1, email: a@a.example, zoho_user: None}]"))
    assert out[1].splitlines() == [
        "acme: agents 2: removed",
        'acme: agents 1 a@a.example zoho_user: "" -> "none"',
    ]
    assert Agent.objects.get().pk == kept.pk
    assert Agent.objects.get().has_no_zoho_user


def test_a_secret_is_told_as_changed_and_kept_when_left_out(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET", "sesame\n")
    given = "zoho: {client_secret: {env: A_SECRET}}"
    assert "acme: zoho.client_secret: changed" in run("apply", write(acme=given))[1]
    assert run("apply", write(acme="zoho: {}")) == (0, "No change.\n")
    assert find_acme().client_secret.reveal() == "sesame"
    monkeypatch.setenv("A_SECRET", "other")
    assert run("apply", write(acme=given), "--diff") == (2, "acme: zoho.client_secret: changed\n")


def test_a_secret_file_is_found_beside_the_settings(
    run: Run, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.txt").write_text("sesame\n")
    monkeypatch.chdir("/")
    run("apply", write(acme="zoho: {client_secret: {file: secret.txt}}"))
    assert find_acme().client_secret.reveal() == "sesame"


def test_connections_that_the_file_does_not_name_stay(run: Run, write: Write) -> None:
    run("apply", write("connections: {beta: {}}"))
    assert run("apply", write("connections: {beta: {}}"), "--diff")[0] == 0
    run("apply", write(acme="name: Acme"))
    assert Connection.objects.count() == 2


@pytest.fixture
def beta_and_a_file_without_it(run: Run, write: Write) -> Path:
    run("apply", write("connections: {beta: {}}"))
    return write(acme="name: Acme")


def test_pruning_goes_on_after_a_yes(
    run: Run, beta_and_a_file_without_it: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    run("apply", beta_and_a_file_without_it, "--prune")
    assert [connection.slug for connection in Connection.objects.all()] == ["acme"]


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_pruning_changes_nothing_without_a_yes(
    run: Run, beta_and_a_file_without_it: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    with pytest.raises(CommandError, match="Not confirmed; nothing was changed"):
        run("apply", beta_and_a_file_without_it, "--prune")
    assert [connection.slug for connection in Connection.objects.all()] == ["beta"]


@pytest.mark.parametrize("option", ["--yes", "--no-input"])
def test_pruning_need_not_ask(run: Run, write: Write, option: str) -> None:
    run("apply", write("connections: {beta: {}}"))
    out = run("apply", write(acme="name: acme"), "--prune", option)[1]
    assert out.splitlines()[-1] == "beta: deleted"
    assert [connection.slug for connection in Connection.objects.all()] == ["acme"]


def test_pruning_can_be_looked_at_first(run: Run, write: Write) -> None:
    run("apply", write("connections: {acme: {name: Acme}, beta: {}}"))
    assert run("apply", write(acme="name: Acme"), "--prune", "--diff") == (
        2,
        "beta: to be deleted\n",
    )
    assert Connection.objects.count() == 2


def test_a_connection_without_journal_settings_gets_them(run: Run, write: Write) -> None:
    Connection.objects.create(slug="acme", name="Acme")
    assert run("apply", write(acme="name: Acme"))[0] == 0
    assert find_acme().journal.calls_enabled


def test_new_settings_end_a_hold_that_settings_caused_and_no_other(run: Run, write: Write) -> None:
    run("apply", write(acme="name: Acme"))
    Connection.objects.update(held_code="wrong_client", held_words="Zoho does not know the client.")
    run("apply", write(acme="name: Acme\n    zoho: {client_id: 1000.ABC}"))
    assert find_acme().held_code == ""
    Connection.objects.update(held_code="grant_refused")
    run("apply", write(acme="name: Acme\n    zoho: {client_id: 1000.DEF}"))
    assert find_acme().held_code == "grant_refused"
