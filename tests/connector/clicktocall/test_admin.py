import re

import pytest
from django.test import Client

from connector.clicktocall.agents import find_token, make_token
from connector.models import AgentToken, DialSettings
from journaling.setup.dial_checks import check_dialling
from tests.journaling.admin_pages import find_page, save_page

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
    typed = {"way": "xapi", "xapi_client_id": "900", "xapi_client_secret": "geheim"}
    assert save_page(admin, acme, **typed).status_code == 302
    save_page(admin, acme, number_format="national", web_client_port="5001")
    dial = DialSettings.objects.get()
    assert dial.xapi_client_secret.reveal() == "geheim"
    assert (dial.way, dial.number_format, dial.web_client_port) == ("xapi", "national", 5001)
    assert "geheim" not in admin.get(find_page(acme)).text


def test_a_port_that_is_none_is_told_on_its_tab(admin, acme):
    assert save_page(admin, acme, web_client_port="70000").status_code == 200
    assert not DialSettings.objects.exists()


def test_the_checklist_follows_from_the_token_to_the_first_dial(admin, acme):
    def tell() -> tuple[str, str]:
        step = check_dialling(acme)
        return step.state, step.reason

    assert tell()[0] == "unseen"
    _row, text = make_token(acme, extension="101", way="tel")
    assert "not downloaded" in tell()[1]
    admin.get("/agent/extension.zip")
    assert tell() == ("todo", "There are tokens, but nobody has entered theirs yet.")
    headers = {"Authorization": f"Bearer {text}"}
    Client().get("/agent/me", headers=headers)
    assert tell()[1] == "One extension is signed in; nobody has dialled yet."
    order = {"number": "020 7946 0011"}
    Client().post("/agent/call", order, content_type="application/json", headers=headers)
    assert tell()[0] == "done"
