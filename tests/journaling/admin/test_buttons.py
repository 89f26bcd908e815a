"""Buttons of the connection's page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from connector import auth
from connector.models import Connection, PbxKey, ProposedGrant, ZohoOrganisation
from journaling.models import Entry
from tests.journaling.admin_pages import find_page
from tests.support.builders import build_connection, build_entry, build_grant, build_user

pytestmark = pytest.mark.django_db


def press(client, button: str, connection: Connection, **fields):
    url = reverse(f"admin:connector_connection_{button}", args=[connection.pk])
    return client.post(url, fields)


def test_pause_and_resume(admin_client):
    connection = build_connection()
    press(admin_client, "pause", connection)
    connection.refresh_from_db()
    assert connection.paused_at
    press(admin_client, "resume", connection)
    connection.refresh_from_db()
    assert connection.paused_at is None


def test_resume_ends_a_hold(admin_client):
    connection = build_connection(
        held_at=timezone.now(), held_code="no_permission", held_words="No right to write calls."
    )
    assert "No right to write calls." in admin_client.get(find_page(connection)).content.decode()
    press(admin_client, "resume", connection)
    connection.refresh_from_db()
    assert (connection.held_at, connection.held_code) == (None, "")


def test_a_new_key_is_shown_once_and_opens_the_door(admin_client):
    connection = build_connection()
    page = press(admin_client, "new_key", connection)
    key = page.context["key"]
    assert key in page.content.decode()
    assert auth.find_connection("acme", key) == connection
    later = admin_client.get(find_page(connection)).content.decode()
    assert key not in later
    assert f"…{PbxKey.objects.get().last_four}" in later


def test_the_template_downloads_under_the_name_of_connection_and_version(admin_client):
    connection = build_connection()
    url = reverse("admin:connector_connection_template", args=[connection.pk])
    answer = admin_client.get(url)
    assert 'filename="patchbay-acme-v' in answer["Content-Disposition"]
    assert b"<Crm" in answer.content


def test_the_page_offers_the_addresses_to_register(admin_client, settings):
    settings.PUBLIC_URL = "https://portal.example"
    page = admin_client.get(find_page(build_connection(data_centre="eu"))).content.decode()
    assert 'data-copy="https://portal.example/api/oauth2crm"' in page
    assert 'data-copy="https://portal.example/pbx/acme"' in page


def test_authorize_waits_for_client_and_secret(admin_client):
    connection = build_connection()
    link = reverse("zoho-authorize", args=[connection.pk])
    assert link not in admin_client.get(find_page(connection)).content.decode()
    Connection.objects.update(client_id="1000.ABC")
    connection.client_secret = "secret"
    connection.save(update_fields=["client_secret"])
    assert link in admin_client.get(find_page(connection)).content.decode()


def test_missing_permissions_are_named(admin_client):
    connection = build_connection()
    build_grant(connection, scopes=["ZohoCRM.modules.ALL"])
    page = admin_client.get(find_page(connection)).content.decode()
    assert "ZohoCRM.users.READ" in page
    assert "ZohoCRM.modules.calls.ALL" not in page


def test_a_move_names_both_organisations_and_parks_what_waits(admin_client):
    connection = build_connection()
    grant = build_grant(connection)
    other = ZohoOrganisation.objects.create(zgid="777", name="Acme Holding")
    ProposedGrant.objects.create(
        connection=connection,
        organisation=other,
        user_zoho_id="2",
        user_name="Other",
        user_email="other@acme.example",
        accounts_url=grant.accounts_url,
        api_url=grant.api_url,
        granted_at=timezone.now(),
    )
    entry = build_entry(connection)
    url = reverse("admin:connector_connection_move", args=[connection.pk])
    question = admin_client.get(url).content.decode()
    assert "Acme Holding" in question
    assert "Acme Ltd" in question
    admin_client.post(url)
    assert Connection.objects.get().grant.organisation == other
    entry.refresh_from_db()
    assert entry.state == Entry.State.PARKED


@pytest.mark.parametrize("button", ["pause", "resume", "new_key"])
def test_whoever_may_only_look_cannot_press(client, button):
    connection = build_connection()
    client.force_login(build_user("viewer"))
    assert press(client, button, connection).status_code == 403


@pytest.mark.parametrize("button", ["pause", "resume", "new_key"])
def test_a_link_presses_no_button(admin_client, button):
    connection = build_connection()
    url = reverse(f"admin:connector_connection_{button}", args=[connection.pk])
    assert admin_client.get(url).status_code == 405


def test_the_preview_shows_the_text_for_its_kind_of_call(admin_client):
    connection = build_connection()
    answer = press(
        admin_client, "preview", connection, field="missed", text="[Agent]: [Name]", language="en"
    )
    assert answer.json()["problems"] == []
    assert answer.json()["preview"].startswith("101: ")


def test_the_preview_names_the_unknown_variable(admin_client):
    connection = build_connection()
    answer = press(admin_client, "preview", connection, field="missed", text="[Numbr]")
    assert "[Number]" in answer.json()["problems"][0]


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"time_zone": "../etc/passwd"}])
def test_the_preview_knows_only_languages_and_zones_of_the_form(admin_client, wrong):
    connection = build_connection()
    answer = press(admin_client, "preview", connection, field="missed", text="[DateTime]", **wrong)
    assert answer.status_code == 404


def test_remove_the_demo_stands_on_the_demo_only_and_asks_first(admin_client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    demo, other = build_connection("demo"), build_connection("acme")
    url = reverse("admin:connector_connection_remove_demo", args=[demo.pk])
    assert url in admin_client.get(find_page(demo)).content.decode()
    assert press(admin_client, "remove_demo", other).status_code == 404
    admin_client.get(url)
    assert Connection.objects.count() == 2
    admin_client.post(url)
    assert Connection.objects.get() == other
