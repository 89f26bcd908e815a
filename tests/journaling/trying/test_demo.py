"""The demo of `make run`: made once, never in anybody's way, gone when it is removed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.addresses import SANDBOX_HOST, find_free_port
from connector.models import Connection, ZohoGrant, ZohoOrganisation
from journaling.models import Event
from journaling.trying.demo import keep_demo, remove_demo
from tests.support.portal import Portal
from tests.support.zoho import run_zoho

FIRST, SECOND = "http://127.0.0.1:9001", "http://127.0.0.1:9002"


@pytest.fixture(autouse=True)
def _own_data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.PUBLIC_URL = f"http://localhost:{find_free_port(SANDBOX_HOST)}"
    settings.ZOHO_TRUSTED_URLS = [FIRST, SECOND]


def authorise(connection: Connection, *, zgid: str = "1") -> ZohoOrganisation:
    organisation, _made = ZohoOrganisation.objects.get_or_create(zgid=zgid, name="Acme Ltd")
    ZohoGrant.objects.create(
        connection=connection,
        organisation=organisation,
        user_zoho_id="7",
        user_email="ann@acme.example",
        accounts_url=FIRST,
        api_url=FIRST,
        granted_at=timezone.now(),
    )
    return organisation


def count_reports(portal: Portal) -> int:
    return portal.count("select count(*) from journaling_event")


def test_the_demo_is_authorised_and_played_once_and_stays_away_when_it_was_removed(
    make_portal: Callable[..., Portal],
) -> None:
    portal = make_portal()
    portal.start("zoho", "web")
    first = portal.manage("demo", "--zoho-url", portal.zoho_url).stdout
    assert len(first.splitlines()) == count_reports(portal) == 7
    assert all(": 202 " in line for line in first.splitlines())
    assert "authorised" in portal.manage("connections", "list").stdout.split("\n")[1]
    assert portal.manage("demo", "--zoho-url", portal.zoho_url).stdout == ""
    assert count_reports(portal) == 7
    status = json.loads(portal.manage("journal", "status", "demo", "--json").stdout)
    assert status["demo"]["parked"] == 0
    remove = "from journaling.trying.demo import remove_demo; remove_demo()"
    portal.manage("shell", "--no-imports", "-c", remove)
    assert portal.manage("demo", "--zoho-url", portal.zoho_url).stdout == ""
    assert count_reports(portal) == 0
    portal.manage("demo", "--zoho-url", portal.zoho_url, "--again")
    assert count_reports(portal) == 7


@pytest.mark.django_db(transaction=True)
def test_the_button_makes_the_demo_with_its_calls(
    admin_client: Any, live_server: Any, settings: Any
) -> None:
    with run_zoho() as zoho:
        settings.PUBLIC_URL, settings.PUBLIC_HOST = live_server.url, "localhost"
        settings.SANDBOX_ZOHO_URL, settings.ZOHO_TRUSTED_URLS = zoho.url, [zoho.url]
        assert "connection/demo/" in admin_client.get("/admin/").content.decode()
        page = admin_client.post("/admin/connector/connection/demo/", follow=True)
    assert "calls arrive in a few seconds" in page.content.decode()
    assert Connection.objects.get().grant.organisation.name
    assert Event.objects.count() == 7


@pytest.mark.django_db
def test_the_demo_follows_the_sandbox_to_another_port_and_keeps_its_settings() -> None:
    connection = keep_demo(FIRST)
    authorise(connection)
    Connection.objects.update(name="My trial")
    moved = keep_demo(SECOND)
    assert {moved.accounts_url, moved.crm_url, moved.api_url} == {SECOND}
    assert (moved.grant.accounts_url, moved.grant.api_url) == (SECOND, SECOND)
    assert moved.name == "My trial"
    assert Connection.objects.count() == 1


@pytest.mark.django_db
def test_removing_the_demo_leaves_nothing_of_it_and_everything_else() -> None:
    connection = keep_demo(FIRST)
    authorise(connection)
    other = Connection.objects.create(slug="other", name="Other")
    Event.objects.create(
        connection=connection, kind="call", identity="x", body=b"{}", received_at=timezone.now()
    )
    remove_demo()
    assert list(Connection.objects.all()) == [other]
    assert not Event.objects.exists()
    assert not ZohoOrganisation.objects.exists()


@pytest.mark.django_db
def test_an_organisation_that_another_connection_uses_stays() -> None:
    organisation = authorise(keep_demo(FIRST))
    authorise(Connection.objects.create(slug="other", name="Other"))
    remove_demo()
    assert list(ZohoOrganisation.objects.all()) == [organisation]


@pytest.mark.django_db
def test_removing_a_demo_that_is_not_there_is_no_error() -> None:
    remove_demo()
    call_command("demo", "--zoho-url", FIRST)
    assert not Connection.objects.exists()


@pytest.mark.django_db
def test_a_portal_that_is_reachable_from_outside_has_no_demo(settings: Any) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_HOST = "https://portal.example", "portal.example"
    with pytest.raises(CommandError, match="only on this machine"):
        call_command("demo", "--zoho-url", FIRST)
    assert not Connection.objects.exists()


@pytest.mark.django_db
def test_an_address_that_is_not_trusted_gets_no_secret() -> None:
    with pytest.raises(CommandError, match="is no address of Zoho's"):
        call_command("demo", "--zoho-url", "http://127.0.0.1:9003")
    assert not Connection.objects.exists()


@pytest.mark.django_db
def test_a_sandbox_that_does_not_answer_is_told_in_one_line(settings: Any) -> None:
    away = f"http://127.0.0.1:{find_free_port(SANDBOX_HOST)}"
    settings.ZOHO_TRUSTED_URLS = [away]
    with pytest.raises(CommandError) as refused:
        call_command("demo", "--zoho-url", away)
    assert f"{away}/oauth/v2/auth does not answer" in str(refused.value)
    assert "state=" not in str(refused.value)
