from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connector.sandbox.zoho import ZohoSandbox, list_specifications

from .crm import Crm

REDIRECT = "http://portal.example/api/oauth2crm"
CLIENT = {"client_id": "1000.SANDBOX", "client_secret": "sandbox-secret"}


def make_request(**changes: str) -> dict[str, str]:
    return {
        "client_id": CLIENT["client_id"],
        "redirect_uri": REDIRECT,
        "scope": "ZohoCRM.modules.ALL,ZohoCRM.users.READ,ZohoCRM.org.READ",
        "response_type": "code",
        "access_type": "offline",
        "prompt": "consent",
        "state": "s1",
        **changes,
    }


def consent(url: str, **changes: str) -> dict[str, str]:
    """What stands on the callback after Accept (or another decision)."""
    form = {"decision": "accept", "account": "ann@acme.example", **make_request(**changes)}
    answer = requests.post(f"{url}/oauth/v2/auth", data=form, allow_redirects=False, timeout=10)
    assert answer.headers["Location"].startswith(REDIRECT)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def exchange(url: str, **fields: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, **CLIENT, **fields}
    return requests.post(f"{url}/oauth/v2/token", data=form, timeout=10)


def refresh(url: str, token: str) -> requests.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, **CLIENT}
    return requests.post(f"{url}/oauth/v2/token", data=form, timeout=10)


def authorize(url: str, **changes: str) -> dict[str, Any]:
    return exchange(url, code=consent(url, **changes)["code"]).json()


def test_the_consent_page_names_client_organisation_scopes_and_accounts(
    sandbox: ZohoSandbox,
) -> None:
    url = f"{sandbox.url}/oauth/v2/auth"
    page = requests.get(url, params=make_request(), timeout=10)
    assert page.status_code == 200
    for word in ("1000.SANDBOX", "Acme Ltd", "ZohoCRM.users.READ", "ann@acme.example", "Accept"):
        assert word in page.text
    assert "left@acme.example" not in page.text


def test_accepting_leads_back_with_code_server_and_state(sandbox: ZohoSandbox) -> None:
    answer = consent(sandbox.url)
    assert answer["state"] == "s1"
    assert answer["accounts-server"] == sandbox.url
    assert answer["code"].startswith("1000.")
    assert answer["location"]


def test_rejecting_leads_back_with_access_denied(sandbox: ZohoSandbox) -> None:
    assert consent(sandbox.url, decision="reject") == {"error": "access_denied", "state": "s1"}


def test_a_code_gives_tokens_that_act_as_the_chosen_account(sandbox: ZohoSandbox) -> None:
    tokens = authorize(sandbox.url)
    assert tokens["api_domain"] == sandbox.url
    assert tokens["expires_in"] == 3600
    assert tokens["refresh_token"].startswith("1000.")
    users = Crm(sandbox.url, tokens).get("users?type=CurrentUser").json()["users"]
    assert [user["email"] for user in users] == ["ann@acme.example"]


def test_a_code_works_once(sandbox: ZohoSandbox) -> None:
    code = consent(sandbox.url)["code"]
    assert "access_token" in exchange(sandbox.url, code=code).json()
    again = exchange(sandbox.url, code=code)
    assert (again.status_code, again.json()) == (200, {"error": "invalid_code"})


def test_a_code_lives_two_minutes(sandbox: ZohoSandbox) -> None:
    code = consent(sandbox.url)["code"]
    sandbox.store.clock.ahead_seconds = 121
    assert exchange(sandbox.url, code=code).json() == {"error": "invalid_code"}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_id": "1000.NOBODY"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client_secret"),
        ({"redirect_uri": "http://other.example/"}, "invalid_redirect_uri"),
    ],
)
def test_errors_of_the_token_request_stand_in_http_200(
    sandbox: ZohoSandbox, changed: dict[str, str], error: str
) -> None:
    fields = {"code": consent(sandbox.url)["code"], **changed}
    answer = exchange(sandbox.url, **fields)
    assert (answer.status_code, answer.json()) == (200, {"error": error})


def test_an_unregistered_redirect_address_is_refused_on_a_page(sandbox: ZohoSandbox) -> None:
    sandbox.store.redirect_uris["1000.SANDBOX"] = ["http://registered.example/"]
    page = requests.get(f"{sandbox.url}/oauth/v2/auth", params=make_request(), timeout=10)
    assert page.status_code == 400
    assert "Invalid redirect address" in page.text


def test_online_access_gives_no_refresh_token(sandbox: ZohoSandbox) -> None:
    assert "refresh_token" not in authorize(sandbox.url, access_type="online")


def test_a_second_refresh_token_needs_prompt_consent(sandbox: ZohoSandbox) -> None:
    assert "refresh_token" in authorize(sandbox.url, prompt="")
    assert "refresh_token" not in authorize(sandbox.url, prompt="")
    assert "refresh_token" in authorize(sandbox.url, prompt="consent")


def test_a_refresh_gives_a_new_access_token_and_no_refresh_token(sandbox: ZohoSandbox) -> None:
    tokens = authorize(sandbox.url)
    fresh = refresh(sandbox.url, tokens["refresh_token"]).json()
    assert fresh["access_token"] != tokens["access_token"]
    assert "refresh_token" not in fresh
    assert Crm(sandbox.url, fresh).get("users").status_code == 200


def test_the_eleventh_access_token_within_ten_minutes_is_throttled(sandbox: ZohoSandbox) -> None:
    token = authorize(sandbox.url)["refresh_token"]
    statuses = [refresh(sandbox.url, token).status_code for _ in range(10)]
    assert statuses == [200] * 9 + [400]
    assert refresh(sandbox.url, token).json()["error"] == "Access Denied"
    sandbox.store.clock.ahead_seconds = 601
    assert "access_token" in refresh(sandbox.url, token).json()


def test_the_sixteenth_access_token_kills_the_oldest(sandbox: ZohoSandbox) -> None:
    tokens = authorize(sandbox.url)
    for number in range(15):
        sandbox.store.clock.ahead_seconds = number * 100
        assert refresh(sandbox.url, tokens["refresh_token"]).status_code == 200
    assert Crm(sandbox.url, tokens).get("users").status_code == 401


def test_the_twenty_first_refresh_token_deletes_the_first(sandbox: ZohoSandbox) -> None:
    first = authorize(sandbox.url)["refresh_token"]
    for _ in range(19):
        authorize(sandbox.url)
    assert "access_token" in refresh(sandbox.url, first).json()
    authorize(sandbox.url)
    assert refresh(sandbox.url, first).json() == {"error": "invalid_code"}


def test_a_revoked_refresh_token_takes_its_access_tokens_along(sandbox: ZohoSandbox) -> None:
    tokens = authorize(sandbox.url)
    url = f"{sandbox.url}/oauth/v2/token/revoke"
    answer = requests.post(url, params={"token": tokens["refresh_token"]}, timeout=10)
    assert answer.json() == {"status": "success"}
    assert Crm(sandbox.url, tokens).get("users").status_code == 401
    assert refresh(sandbox.url, tokens["refresh_token"]).json() == {"error": "invalid_code"}


def test_bearer_is_not_understood(crm: Crm) -> None:
    bearer = {"Authorization": f"Bearer {crm.tokens['access_token']}"}
    answer = crm.get("users", headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_TOKEN")


def test_a_missing_scope_is_refused(sandbox: ZohoSandbox) -> None:
    crm = Crm(sandbox.url, authorize(sandbox.url, scope="ZohoCRM.modules.calls.READ"))
    assert crm.get("Calls?fields=Subject").status_code == 204
    for refused in (crm.get("org"), crm.get("Leads?fields=id"), crm.insert("Calls", {})):
        assert (refused.status_code, refused.json()["code"]) == (401, "OAUTH_SCOPE_MISMATCH")


def test_an_account_of_another_organisation_can_be_chosen() -> None:
    with ZohoSandbox(organisations=list_specifications(2)) as sandbox:
        tokens = authorize(sandbox.url, account="boss@birch.example")
        organisation = Crm(sandbox.url, tokens).get("org").json()["org"][0]
        assert (organisation["company_name"], organisation["zgid"]) == ("Birch GmbH", "20061000002")
