"""The whole file goes in, comes out and says the same."""

from pathlib import Path

import pytest
import yaml

from connector.models import Agent, Connection, Queue
from tests.journaling.connection_file.conftest import Run, Write

pytestmark = pytest.mark.django_db
FULL = Path(__file__).parent / "full.yaml"
UNUSUAL = """
connections:
  nord:
    name: "Nord: øst & «Süd» \\U0001F600"
    active: false
    language: ru
    pbx: {url: "https://pbx.nord.example", version: v18, time_zone: Asia/Kathmandu}
    numbers:
      {country: "NO", area_code: "0123", outside_prefixes: ["0", "00"], withheld: ["off", ""]}
    zoho: {data_centre: au, client_secret: {env: NORD_ZOHO_SECRET}, reference_field: ""}
    calls:
      subject: "[Agent]: 50 % # no comment"
      missed: "one\\ntwo\\n"
      settle_seconds: 0
      journal_from: 2026-11-22T08:00:00+01:00
    fields: {calls: {Call_Result: "No", Rank: "0123"}, tasks: {Priority: Высокий}}
    agents:
      - {extension: "0101", zoho_user: none}
      - {email: zoe@nord.example}
      - {extension: "0101", email: second@nord.example, zoho_user: boss@nord.example}
    queues: [{extension: "800", ring_seconds: 25}]
  plain: {}
"""


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_ZOHO_SECRET", "sesame")
    monkeypatch.setenv("ACME_PBX_API_SECRET", "open the PBX")
    monkeypatch.setenv("NORD_ZOHO_SECRET", "open up")


def apply_twice_and_export(path: Path, run: Run) -> str:
    assert run("apply", path)[0] == 0
    assert run("apply", path) == (0, "No change.\n")
    return run("export")[1]


def test_the_whole_file_comes_out_as_it_went_in(run: Run) -> None:
    exported = apply_twice_and_export(FULL, run)
    assert yaml.safe_load(exported) == yaml.safe_load(FULL.read_text())


def test_an_export_changes_nothing_when_it_is_applied(run: Run, write: Write) -> None:
    for text in (FULL.read_text(), UNUSUAL):
        exported = apply_twice_and_export(write(text), run)
        again = write(exported, name="again.yaml")
        assert run("apply", again, "--diff") == (0, "No change.\n")
        assert run("apply", again) == (0, "No change.\n")


def test_an_export_makes_the_same_connections_elsewhere(run: Run, write: Write) -> None:
    exported = apply_twice_and_export(write(UNUSUAL), run)
    Connection.objects.all().delete()
    run("apply", write(exported))
    assert run("export")[1] == exported
    nord = Connection.objects.get(slug="nord")
    assert nord.number_rules.country == "NO"
    assert nord.outside_prefixes == ["0", "00"]
    assert nord.client_secret.reveal() == "open up"
    assert Agent.objects.filter(connection=nord, has_no_zoho_user=True).count() == 1
    assert Queue.objects.get(connection=nord).ring_seconds == 25


def test_an_export_holds_no_secret(run: Run) -> None:
    exported = apply_twice_and_export(FULL, run)
    assert "sesame" not in exported
    assert "{'env': 'ACME_ZOHO_SECRET'}" in str(yaml.safe_load(exported))


def test_an_export_can_be_of_some_connections_only(run: Run, write: Write) -> None:
    run("apply", FULL)
    run("apply", write(UNUSUAL))
    assert list(yaml.safe_load(run("export", "plain")[1])["connections"]) == ["plain"]
    assert list(yaml.safe_load(run("export")[1])["connections"]) == ["acme", "nord", "plain"]
