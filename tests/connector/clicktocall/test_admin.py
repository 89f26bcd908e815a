import re

import pytest
from django.test import Client

from connector.clicktocall.agents import find_token, make_token
from connector.models import AgentToken, DialSettings

pytestmark = pytest.mark.django_db(transaction=True)
TOKENS = "/admin/connector/agenttoken/"


@pytest.fixture
def admin(admin_user) -> Client:
    browser = Client()
    browser.force_login(admin_user)
    return browser


def test_a_new_token_is_shown_once(admin, acme):
    form = {"connection": acme.pk, "extension": "101", "name": "Ann's laptop", "way": "tel"}
    page = admin.post(f"{TOKENS}add/", form, follow=True).text
    [text] = set(re.findall(r"pba_[\w-]+", page))
    token = find_token(text)
    assert token is not None
    assert (token.connection, token.extension, token.way) == (acme, "101", "tel")
    assert text not in admin.get(TOKENS).text


def test_a_token_is_revoked_by_an_action(admin, acme):
    row, text = make_token(acme, extension="101")
    admin.post(TOKENS, {"action": "revoke", "_selected_action": [row.pk]})
    assert find_token(text) is None
    assert "revoked" in admin.get(TOKENS).text


def test_a_token_keeps_its_extension(admin, acme):
    row, _text = make_token(acme, extension="101")
    admin.post(f"{TOKENS}{row.pk}/change/", {"extension": "102", "name": "Ann"})
    changed = AgentToken.objects.get()
    assert (changed.extension, changed.name) == ("101", "Ann")


def test_the_api_key_is_kept_when_left_empty_and_never_shown(admin, acme):
    form = {"connection": acme.pk, "way": "xapi", "number_format": "e164", "xapi_client_id": "900"}
    admin.post("/admin/connector/dialsettings/add/", {**form, "xapi_client_secret": "geheim"})
    address = f"/admin/connector/dialsettings/{DialSettings.objects.get().pk}/change/"
    admin.post(address, {**form, "xapi_client_secret": ""})
    assert DialSettings.objects.get().xapi_client_secret.reveal() == "geheim"
    assert "geheim" not in admin.get(address).text
