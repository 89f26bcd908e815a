"""Consent at the sandbox's Zoho: what is stored, what is refused, and in which words."""

import re
from datetime import timedelta

import pytest
import responses
from django.db.models import F
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from connector.granting.consent import accept_move, begin_consent, finish_consent
from connector.models import ConsentRequest, ProposedGrant, ZohoGrant, ZohoUser
from connector.zoho.errors import Misconfigured, Temporary, ZohoError
from connector.zoho.scopes import SCOPES
from tests.connector.zoho.world import SESSION, World, accept, make_connection

ACCOUNTS_EU = "https://accounts.zoho.eu"
API_EU = "https://www.zohoapis.eu"


def finish(params: dict[str, str], *, session_key: str = SESSION) -> object:
    return finish_consent(params=params, session_key=session_key)


def test_a_consent_stores_organisation_user_users_fields_and_scopes(world: World) -> None:
    result = world.authorise()
    grant = ZohoGrant.objects.get(connection=world.connection)
    assert (result.outcome, result.organisation.name) == ("granted", "Acme Ltd")
    assert grant.user_email == result.user.email == "ann@acme.example"
    assert set(grant.scopes) == set(SCOPES)
    assert grant.organisation.fields["Calls"]["Call_Type"]["values"]
    assert ZohoUser.objects.filter(organisation=grant.organisation, active=True).count() > 1


def test_tokens_are_encrypted_at_rest(world: World) -> None:
    world.authorise()
    row = ZohoGrant.objects.annotate(raw=F("refresh_token")).values_list("raw", flat=True).get()
    assert world.refresh_tokens[0] not in str(getattr(row, "ciphertext", row))
    assert ZohoGrant.objects.get().refresh_token.reveal() == world.refresh_tokens[0]


def test_zoho_is_asked_for_a_lasting_grant_and_all_scopes_at_once(world: World) -> None:
    address = world.begin()
    assert address.startswith(f"{world.sandbox.url}/oauth/v2/auth?")
    assert "access_type=offline" in address
    assert "prompt=consent" in address
    assert "ZohoCRM.settings.fields.ALL" in address


def test_the_state_itself_is_not_stored(world: World) -> None:
    state = re.findall(r"state=([\w-]+)", world.begin())[0]
    stored = ConsentRequest.objects.get()
    assert len(state) >= 43
    assert state not in (stored.state_digest, stored.session_digest)


def test_a_state_is_good_once(world: World) -> None:
    params = accept(world.begin())
    finish(params)
    with pytest.raises(Misconfigured, match="used already"):
        finish(params)


def test_a_state_is_good_for_ten_minutes(world: World) -> None:
    params = accept(world.begin())
    ConsentRequest.objects.update(expires_at=F("expires_at") - timedelta(minutes=10))
    with pytest.raises(Misconfigured, match="longer than ten minutes"):
        finish(params)


def test_a_state_of_another_session_is_refused_and_stays_unused(world: World) -> None:
    params = accept(world.begin())
    for stranger in ("session-of-eve", ""):
        with pytest.raises(Misconfigured, match="another browser"):
            finish(params, session_key=stranger)
    finish(params)


def test_a_state_that_nobody_made_is_refused(world: World) -> None:
    with pytest.raises(Misconfigured, match="not made by this portal"):
        finish({"state": "guess", "code": "1000.a.b"})


def test_a_consent_from_the_terminal_needs_no_session(world: World) -> None:
    address = begin_consent(connection=world.connection, purpose="terminal")
    finish(accept(address), session_key="")
    assert ZohoGrant.objects.exists()


@pytest.mark.parametrize(
    "server",
    [
        "https://accounts.zoho.com.evil.example",
        "https://accounts.zoho.com@evil.example",
        "http://accounts.zoho.eu",
        "https://[",
        "x",
    ],
)
def test_an_accounts_server_off_the_list_gets_nothing(world: World, server: str) -> None:
    params = {**accept(world.begin()), "accounts-server": server}
    with pytest.raises(Misconfigured, match="not Zoho's"):
        finish(params)


def test_a_declined_consent_says_so(world: World) -> None:
    with pytest.raises(Misconfigured, match="declined") as caught:
        finish(accept(world.begin(), decision="reject"))
    assert caught.value.code == "denied"


def test_an_expired_code_says_so(world: World) -> None:
    params = accept(world.begin())
    world.control(clock_ahead_seconds=200)
    with pytest.raises(Misconfigured, match="two minutes"):
        finish(params)


def test_a_wrong_secret_names_the_client(world: World) -> None:
    params = accept(world.begin())
    world.connection.client_secret = "wrong"
    world.connection.save()
    with pytest.raises(Misconfigured, match=re.escape("1000.SANDBOX")) as caught:
        finish(params)
    assert caught.value.code == "wrong_client"


def test_a_wrong_redirect_address_names_the_one_to_enter(world: World, settings: Settings) -> None:
    params = accept(world.begin())
    settings.PUBLIC_URL = "https://portal.example"
    with pytest.raises(Misconfigured, match=re.escape("https://portal.example/api/oauth2crm")):
        finish(params)


def test_nothing_is_begun_without_a_client(world: World) -> None:
    world.connection.client_id = ""
    with pytest.raises(Misconfigured, match="Client ID"):
        world.begin()


def test_nothing_is_stored_when_the_organisation_cannot_be_read(world: World) -> None:
    params = accept(world.begin())
    world.control(faults=[{"kind": "html", "status": 503, "path": "/org$"}])
    with pytest.raises(Temporary):
        finish(params)
    assert not ZohoGrant.objects.exists()
    assert world.refresh_tokens == []


def test_authorising_again_revokes_the_old_refresh_token_and_ends_the_hold(world: World) -> None:
    world.authorise()
    old = world.refresh_tokens[0]
    type(world.connection).objects.update(held_code="grant_refused", held_words="Refused.")
    world.authorise()
    world.connection.refresh_from_db()
    assert world.refresh_tokens == [ZohoGrant.objects.get().refresh_token.reveal()]
    assert old not in world.refresh_tokens
    assert (world.connection.held_code, world.connection.held_words) == ("", "")


def test_another_organisation_is_only_proposed(world: World) -> None:
    world.authorise()
    before = ZohoGrant.objects.values().get()
    result = world.authorise(account="ann@beta.example")
    assert result.outcome == "moved"
    assert result.previous is not None
    assert (result.previous.name, result.organisation.name) == ("Acme Ltd", "Beta GmbH")
    assert str(ZohoGrant.objects.values().get()) == str(before)
    assert ProposedGrant.objects.get().organisation == result.organisation


def test_an_accepted_move_switches_and_revokes(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    world.authorise()
    moved = world.authorise(account="ann@beta.example")
    with django_capture_on_commit_callbacks(execute=True):
        assert accept_move(world.connection) == moved.organisation
    grant = ZohoGrant.objects.get()
    assert grant.organisation == moved.organisation
    assert world.refresh_tokens == [grant.refresh_token.reveal()]
    assert not ProposedGrant.objects.exists()


def test_without_a_proposal_there_is_nothing_to_accept(world: World) -> None:
    world.authorise()
    with pytest.raises(Misconfigured, match="no move"):
        accept_move(world.connection)


def test_returning_to_the_first_organisation_drops_the_proposal(world: World) -> None:
    world.authorise()
    world.authorise(account="ann@beta.example")
    world.authorise()
    assert not ProposedGrant.objects.exists()
    assert world.refresh_tokens == [ZohoGrant.objects.get().refresh_token.reveal()]


def answer_like_zoho(*, api: str) -> None:
    """Zoho's European data centre, as far as a consent needs it."""
    tokens = {"access_token": "a1", "refresh_token": "r1", "api_domain": api, "expires_in": 3600}
    responses.post(f"{ACCOUNTS_EU}/oauth/v2/token", json=tokens)
    user = {"id": "7", "email": "ann@acme.example", "full_name": "Ann Lane"}
    org = {"zgid": "60", "company_name": "Acme", "time_zone": "UTC"}
    responses.get(f"{api}/crm/v8/org", json={"org": [org]})
    responses.get(f"{api}/crm/v8/users", json={"users": [user]})
    responses.get(f"{api}/crm/v8/settings/fields", json={"fields": []})
    responses.get(f"{api}/crm/v8/settings/layouts", json={"layouts": []})
    responses.get(f"{api}/crm/v8/settings/modules", json={"modules": []})


def begin_at_zoho(**values: str) -> str:
    connection = make_connection("https://accounts.zoho.com", data_centre="us", **values)
    address = begin_consent(connection=connection, purpose="admin", session_key=SESSION)
    return re.findall(r"state=([\w-]+)", address)[0]


@pytest.mark.django_db
@responses.activate
def test_the_addresses_follow_an_account_in_another_data_centre() -> None:
    state = begin_at_zoho(api_url="https://www.zohoapis.com", crm_url="https://crm.zoho.com")
    answer_like_zoho(api=API_EU)
    finish({"state": state, "code": "c", "accounts-server": ACCOUNTS_EU})
    connection = ZohoGrant.objects.get().connection
    assert (connection.data_centre, connection.accounts_url) == ("eu", ACCOUNTS_EU)
    assert (connection.api_url, connection.crm_url) == (API_EU, "https://crm.zoho.eu")


@pytest.mark.django_db
@responses.activate
def test_the_environment_follows_from_the_api_host() -> None:
    state = begin_at_zoho()
    answer_like_zoho(api="https://sandbox.zohoapis.eu")
    finish({"state": state, "code": "c", "accounts-server": ACCOUNTS_EU})
    assert ZohoGrant.objects.get().organisation.environment == "sandbox"


@pytest.mark.django_db
@responses.activate
def test_an_api_address_off_the_list_never_sees_the_token() -> None:
    state = begin_at_zoho()
    answer_like_zoho(api="https://www.zohoapis.eu.evil.example")
    with pytest.raises(ZohoError, match="no API address of Zoho"):
        finish({"state": state, "code": "c", "accounts-server": ACCOUNTS_EU})
    asked = [call.request.url or "" for call in responses.calls]
    assert not any("evil" in url for url in asked)
    assert not ZohoGrant.objects.exists()
