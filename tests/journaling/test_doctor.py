"""`portal doctor`: every trouble with its reason and what to do, for people and for programs."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import responses
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from connector.models import Connection, ZohoGrant
from connector.threecx.template import VERSION
from connector.zoho.scopes import SCOPES
from tests.support.builders import build_connection, build_grant

pytestmark = pytest.mark.django_db
URL = "https://portal.example"


@pytest.fixture(autouse=True)
def surroundings(settings, valkey, tmp_path):
    settings.CELERY_BROKER_URL = valkey.url
    settings.PUBLIC_URL, settings.DATA_DIR = URL, tmp_path
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        web.add("GET", f"{URL}/healthz", body="ok\n")
        web.add("GET", f"{URL}/admin/login/", body="Log in")
        yield web


@pytest.fixture
def acme() -> Connection:
    acme = build_connection(template_version=VERSION, client_secret="geheim")
    build_grant(acme, scopes=list(SCOPES))
    return acme


def examine() -> dict[str, tuple[str, str]]:
    """State and reason of each check; the exit code follows the states."""
    said = StringIO()
    try:
        call_command("portal", "doctor", "--json", stdout=said)
        failed = False
    except CommandError:
        failed = True
    told = json.loads(said.getvalue())
    assert told["healthy"] is not failed
    for check in told["checks"]:
        assert check["state"] == "good" or check["remedy"], check
    found = {
        f"{check['name']} {check['subject']}".strip(): (check["state"], check["reason"])
        for check in told["checks"]
    }
    assert failed == any(state == "bad" for state, _reason in found.values())
    return found


def list_troubles() -> set[str]:
    """Workers are never there: nothing runs besides the test."""
    return {name for name, (state, _reason) in examine().items() if state != "good"} - {
        "mail", "pages", "workers and beat",
    }  # fmt: skip


def test_a_portal_in_order_has_no_trouble_but_its_workers(acme):
    assert list_troubles() == set()
    found = examine()
    assert found["workers and beat"] == ("bad", "No worker answers.")
    assert found["mail"][0] == "warning"
    assert "alarms stay on the page" in found["mail"][1]


def test_a_database_that_is_away_is_named_and_the_rest_is_still_checked(acme):
    def refuse(*_args):
        raise OperationalError("the server is gone")

    with connection.execute_wrapper(refuse):
        found = examine()
    assert found["database"] == ("bad", "the server is gone")
    assert {"disk", "spool", "broker", "address"} <= set(found)
    assert "keys" not in found


def test_the_broker_the_address_and_the_spool_are_really_used(acme, valkey, surroundings, settings):
    valkey.kill()
    surroundings.replace("GET", f"{URL}/healthz", status=502)
    (settings.DATA_DIR / "spool").write_text("no directory")
    assert list_troubles() == {"broker", "address", "spool"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 400}, "it refuses its own name"),
        (
            {"status": 301, "headers": {"Location": f"{URL}/admin/login/"}},
            "it leads back to itself",
        ),
    ],
)
def test_a_proxy_that_hides_the_name_or_the_scheme_is_named(acme, surroundings, answer, words):
    surroundings.replace("GET", f"{URL}/admin/login/", **answer)
    state, reason = examine()["hosts"]
    assert (state, words in reason) == ("bad", True)


def test_a_missing_key_an_older_template_and_missing_scopes_are_named(acme, settings):
    settings.FIELD_ENCRYPTION_KEYS = ["A" * 43 + "="]
    Connection.objects.update(template_version=VERSION - 1)
    ZohoGrant.objects.update(scopes=["ZohoCRM.modules.ALL"])
    assert list_troubles() == {"keys", "template acme", "access acme"}
    assert "ZohoCRM.org.READ" in examine()["access acme"][1]


def test_clocks_that_differ_are_named(acme):
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        state, reason = examine()["clock"]
    assert (state, "by 30." in reason or "by 29." in reason) == ("bad", True)
