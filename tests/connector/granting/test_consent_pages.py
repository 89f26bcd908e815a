"""The way to Zoho and the pages on the way back."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse

from connector.granting.consent import begin_consent
from connector.models import ZohoGrant
from connector.wording import unpack
from tests.connector.zoho.world import World, accept
from tests.support.builders import build_user

CALLBACK = "/api/oauth2crm"


def log_in(*, may_change: bool = True) -> Client:
    client = Client()
    client.force_login(build_user("administrator" if may_change else "operator"))
    return client


def begin(client: Client, world: World) -> str:
    answer = client.get(f"/connections/{world.connection.pk}/authorize")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_authorize_leads_to_zoho_and_back_to_a_page_that_names_both(world: World) -> None:
    client = log_in()
    address = begin(client, world)
    assert address.startswith(f"{world.sandbox.url}/oauth/v2/auth")
    answer = client.get(CALLBACK, accept(address))
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Acme Ltd", "20061000001", "ann@acme.example", "Back to the connection"):
        assert words in page
    change = reverse("admin:connector_connection_change", args=[world.connection.pk])
    assert change == f"/admin/connector/connection/{world.connection.pk}/change/"
    assert change in page


def test_the_terminals_consent_ends_on_a_page_without_links_into_the_admin(world: World) -> None:
    address = begin_consent(connection=world.connection, purpose="terminal")
    answer = Client().get(CALLBACK, accept(address))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Acme Ltd" in page
    assert "/admin/" not in page


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_a_failed_consent_is_a_page_that_repeats_neither_code_nor_state(
    world: World, decision: str
) -> None:
    client = log_in()
    params = accept(begin(client, world), decision=decision)
    stranger = Client().get(CALLBACK, params)
    world.control(clock_ahead_seconds=200)
    own = client.get(CALLBACK, params)
    for answer in (stranger, own):
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Authorize again" in page
        for secret in filter(None, (params["state"], params.get("code"))):
            assert secret not in page
    assert not ZohoGrant.objects.exists()


def test_another_organisation_is_shown_with_both_names(world: World) -> None:
    client = log_in()
    client.get(CALLBACK, accept(begin(client, world)))
    params = accept(begin(client, world), account="ann@beta.example")
    page = client.get(CALLBACK, params).content.decode()
    assert "This is another Zoho organisation" in page
    assert "Acme Ltd" in page
    assert "Beta GmbH" in page


def test_who_authorised_stands_in_the_history(world: World) -> None:
    client = log_in()
    client.get(CALLBACK, accept(begin(client, world)))
    client.get(CALLBACK, accept(begin(client, world), account="ann@beta.example"))
    told = LogEntry.objects.filter(actor__username="ann").order_by("pk")
    assert [str(unpack(row.additional_data["words"])) for row in told] == [
        "Authorised at Zoho: Acme Ltd, as ann@acme.example.",
        "Somebody authorised another organisation: Beta GmbH.",
    ]
    assert {row.additional_data["connection"] for row in told} == {world.connection.pk}


def test_the_callback_tells_no_other_site_its_address(world: World) -> None:
    answer = Client().get(CALLBACK, {"state": "x", "code": "y"})
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]


def test_authorize_is_for_staff_who_may_change_the_connection(world: World) -> None:
    url = f"/connections/{world.connection.pk}/authorize"
    stranger = Client().get(url)
    assert stranger.headers["Location"].startswith("/admin/login/")
    assert log_in(may_change=False).get(url).status_code == 403


def test_without_a_client_the_page_says_what_is_missing(world: World) -> None:
    type(world.connection).objects.update(client_id="")
    answer = log_in().get(f"/connections/{world.connection.pk}/authorize")
    assert answer.status_code == 400
    assert "Enter the Client ID" in answer.content.decode()


def test_zoho_is_told_the_portals_redirect_address(world: World) -> None:
    query = dict(parse_qsl(urlsplit(begin(log_in(), world)).query))
    assert query["redirect_uri"].endswith(CALLBACK)
