"""The command as scripts see it: exit codes, one line on stderr, nothing else on stdout."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.db import connection as database
from django.utils import timezone

from connector.auth import find_connection
from connector.models import Connection, ConsentRequest, ZohoGrant, ZohoOrganisation
from connector.threecx.download import template_for
from tests.journaling.connection_file.conftest import Run

ROOT = Path(__file__).resolve().parents[3]


def run_process(*args: str, port: int | None = None) -> "subprocess.CompletedProcess[str]":
    address = database.settings_dict
    place = f"{address['HOST']}:{port or address['PORT']}"
    url = f"postgres://{address['USER']}@{place}/{address['NAME']}"
    return subprocess.run(
        [sys.executable, "manage.py", "connections", *args],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_failures_are_one_line_on_stderr_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("connections: {acme: {nmae: A}}")
    wrong = ("apply", str(tmp_path / "wrong.yaml"), "--diff")
    for args in (("key", "nobody"), wrong, ("apply",), ("aply",), ()):
        result = run_process(*args)
        assert result.returncode == 1
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1


def test_a_database_that_does_not_answer_is_one_line_too() -> None:
    result = run_process("list", port=1)
    assert (result.returncode, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert "refused" in line


@pytest.mark.django_db(transaction=True)
def test_a_difference_is_exit_code_2_until_it_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text("connections: {acme: {name: Acme}}")
    codes = [
        run_process("apply", str(path), *args).returncode for args in (["--diff"], [], ["--diff"])
    ]
    assert codes == [2, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_a_new_key_is_all_that_is_printed() -> None:
    acme = Connection.objects.create(slug="acme", name="Acme")
    result = run_process("key", "acme")
    assert result.stderr == ""
    assert find_connection("acme", result.stdout.removesuffix("\n")) == acme


@pytest.mark.django_db(transaction=True)
def test_a_template_is_all_that_is_printed() -> None:
    acme = Connection.objects.create(slug="acme", name="Acme")
    result = run_process("template", "acme")
    assert result.stderr == ""
    assert result.stdout == template_for(acme).removesuffix("\n") + "\n"


@pytest.mark.django_db(transaction=True)
def test_a_consent_address_is_all_that_is_printed() -> None:
    acme = Connection.objects.create(slug="acme", name="Acme", client_id="1000.A")
    assert run_process("authorize", "acme").returncode == 1
    acme.client_secret = "sesame"
    acme.save()
    result = run_process("authorize", "acme")
    assert result.stderr == ""
    address, query = result.stdout.removesuffix("\n").split("?")
    assert address == "https://accounts.zoho.com/oauth/v2/auth"
    digest = hashlib.sha256(parse_qs(query)["state"][0].encode()).hexdigest()
    request = ConsentRequest.objects.get()
    assert (request.state_digest, request.purpose) == (digest, ConsentRequest.Purpose.TERMINAL)


@pytest.mark.django_db
def test_the_list_shows_what_each_connection_joins(run: Run) -> None:
    acme = Connection.objects.create(slug="acme", name="Acme Ltd", pbx_url="https://pbx.example")
    Connection.objects.create(slug="beta", name="Beta", active=False)
    ZohoGrant.objects.create(
        connection=acme,
        organisation=ZohoOrganisation.objects.create(zgid="1", name="Acme Org"),
        user_zoho_id="7",
        user_name="Ann",
        user_email="ann@acme.example",
        granted_at=timezone.now(),
    )
    lines = [line.split() for line in run("list")[1].splitlines()]
    assert lines == [
        ["SLUG", "NAME", "ACTIVE", "PBX", "ZOHO", "STATE"],
        ["acme", "Acme", "Ltd", "yes", "https://pbx.example", "Acme", "Org", "authorised"],
        ["beta", "Beta", "no", "-", "-", "not", "authorised"],
    ]
