"""The accounts server's answers: errors inside HTTP 200, oddities, and secrets kept quiet."""

import logging
import os

import pytest
import requests
import responses
from pytest_django import Settings

from connector.zoho.errors import GrantRefused, Misconfigured, Temporary, ZohoError
from connector.zoho.oauth import (
    INSECURE,
    OAuthClient,
    build_consent_address,
    exchange_code,
    refresh_access,
    revoke_token,
)

ACCOUNTS = "https://accounts.zoho.eu"
TOKEN = f"{ACCOUNTS}/oauth/v2/token"
GOOD = {
    "access_token": "1000.access",
    "refresh_token": "1000.refresh",
    "api_domain": "https://www.zohoapis.eu",
    "scope": "ZohoCRM.users.READ ZohoCRM.org.READ",
    "expires_in": 3600,
}
CLIENT = OAuthClient(
    accounts_url=ACCOUNTS,
    client_id="1000.ABC",
    client_secret="very-secret",
    redirect_uri="https://portal.example/api/oauth2crm",
)


@responses.activate
def test_a_code_is_exchanged_with_the_secret_in_the_body() -> None:
    responses.post(TOKEN, json=GOOD)
    tokens = exchange_code(CLIENT, code="1000.code")
    sent = responses.calls[0].request
    assert "client_secret=very-secret" in str(sent.body)
    assert "Authorization" not in sent.headers
    assert (tokens.access_token, tokens.refresh_token) == ("1000.access", "1000.refresh")
    assert (tokens.api_url, tokens.expires_in) == ("https://www.zohoapis.eu", 3600)
    assert tokens.scopes == ("ZohoCRM.users.READ", "ZohoCRM.org.READ")


@responses.activate
@pytest.mark.parametrize(
    "life",
    [
        {"expires_in": 3_600_000, "expires_in_sec": 3600},
        {"expires_in": 3_600_000},
        {"expires_in": "3600"},
        {},
    ],
)
def test_a_life_in_milliseconds_is_understood(life: dict[str, object]) -> None:
    answer = {key: value for key, value in GOOD.items() if key != "expires_in"}
    responses.post(TOKEN, json={**answer, **life})
    assert exchange_code(CLIENT, code="c").expires_in == 3600


@responses.activate
def test_a_refresh_without_a_refresh_token_keeps_the_old_one() -> None:
    responses.post(TOKEN, json={"access_token": "a2", "expires_in": 3600})
    assert refresh_access(CLIENT, refresh_token="1000.kept").refresh_token == "1000.kept"


@responses.activate
@pytest.mark.parametrize(
    ("status", "error", "kind", "code"),
    [
        (200, "invalid_code", Misconfigured, "expired_code"),
        (200, "invalid_client", Misconfigured, "wrong_client"),
        (200, "invalid_client_secret", Misconfigured, "wrong_client"),
        (200, "invalid_redirect_uri", Misconfigured, "wrong_redirect"),
        (200, "general_error", Misconfigured, "general_error"),
        (200, "Access Denied", Temporary, "throttled"),
        (400, "Access Denied", Temporary, "throttled"),
        (200, "access_denied", Temporary, "throttled"),
    ],
)
def test_errors_of_an_exchange_are_told_apart(
    status: int, error: str, kind: type[ZohoError], code: str
) -> None:
    responses.post(TOKEN, status=status, json={"error": error})
    with pytest.raises(kind) as caught:
        exchange_code(CLIENT, code="c")
    assert caught.value.code == code


@responses.activate
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("invalid_code", GrantRefused),
        ("invalid_client", Misconfigured),
        ("Access Denied", Temporary),
    ],
)
def test_errors_of_a_refresh_are_told_apart(error: str, kind: type[ZohoError]) -> None:
    responses.post(TOKEN, json={"error": error})
    with pytest.raises(kind) as caught:
        refresh_access(CLIENT, refresh_token="r")
    assert type(caught.value) is kind


@responses.activate
def test_an_answer_without_a_token_is_a_failure() -> None:
    responses.post(TOKEN, json={"status": "success"})
    with pytest.raises(Misconfigured):
        exchange_code(CLIENT, code="c")


@responses.activate
@pytest.mark.parametrize(
    ("status", "body"), [(503, "{}"), (200, "<html>down</html>"), (200, "[]"), (302, "")]
)
def test_an_outage_is_temporary_and_no_reason_to_consent_anew(status: int, body: str) -> None:
    responses.post(TOKEN, status=status, body=body, headers={"Location": "https://evil.example"})
    with pytest.raises(Temporary):
        refresh_access(CLIENT, refresh_token="r")
    assert len(responses.calls) == 1


@responses.activate
def test_a_server_that_is_not_there_is_temporary() -> None:
    responses.post(TOKEN, body=requests.exceptions.ConnectTimeout("secret in here"))
    with pytest.raises(Temporary, match=ACCOUNTS) as caught:
        exchange_code(CLIENT, code="c")
    assert "secret" not in str(caught.value)


@responses.activate
def test_a_revocation_that_zoho_refuses_is_told() -> None:
    responses.post(f"{ACCOUNTS}/oauth/v2/token/revoke", status=400, json={"status": "failure"})
    with pytest.raises(Temporary):
        revoke_token(CLIENT, refresh_token="r")


@pytest.mark.parametrize(
    "url",
    ["http://accounts.zoho.eu", "https://accounts.zoho.eu.evil.example", "http://localhost:9"],
)
def test_no_address_off_the_list_is_spoken_to(url: str) -> None:
    client = OAuthClient(accounts_url=url, client_id="a", client_secret="b", redirect_uri="c")
    with pytest.raises(Misconfigured, match="ZOHO_TRUSTED_URLS"):
        exchange_code(client, code="c")
    with pytest.raises(Misconfigured, match="ZOHO_TRUSTED_URLS"):
        build_consent_address(client, state="s")


@responses.activate
def test_http_is_spoken_to_a_trusted_address_only_while_it_lasts(settings: Settings) -> None:
    settings.ZOHO_TRUSTED_URLS = ["http://localhost:9"]
    responses.post("http://localhost:9/oauth/v2/token", json=GOOD)
    client = OAuthClient(
        accounts_url="http://localhost:9", client_id="a", client_secret="b", redirect_uri="c"
    )
    assert exchange_code(client, code="c").access_token == "1000.access"
    assert INSECURE not in os.environ


@responses.activate
def test_neither_log_nor_representation_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    responses.post(TOKEN, json=GOOD)
    tokens = exchange_code(CLIENT, code="1000.code")
    refresh_access(CLIENT, refresh_token=tokens.refresh_token)
    shown = caplog.text + repr(tokens) + repr(CLIENT)
    for secret in ("very-secret", "1000.code", "1000.access", "1000.refresh"):
        assert secret not in shown
