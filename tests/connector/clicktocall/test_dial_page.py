import pytest
from django.contrib.auth.models import User
from django.test import Client

from connector.clicktocall.agents import make_token, revoke_tokens
from connector.models import Agent, Connection, DialIntent

pytestmark = pytest.mark.django_db(transaction=True)
WANTED = {"number": "+442079460011", "module": "Contacts", "id": "5000000000001"}


def test_opening_the_page_never_dials(acme):
    browser = Client()
    _row, token = make_token(acme, extension="101")
    browser.post("/dial", {**WANTED, "token": token})
    assert "<dd>+442079460011</dd>" in browser.get("/dial?number=+44 20 7946 0011").text
    without = browser.get("/dial?number=next+week")
    assert (without.status_code, "<form" in without.text) == (400, False)
    assert not DialIntent.objects.exists()


def test_the_button_opens_the_web_client_and_remembers_the_record(acme):
    browser = Client()
    _row, token = make_token(acme, extension="101")
    browser.post("/dial", {**WANTED, "token": token})
    answer = browser.post("/dial", WANTED)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/webclient/#/call?phone=%2B442079460011")
    assert DialIntent.objects.get().zoho_id == "5000000000001"


def test_a_portal_user_dials_from_the_extension_with_their_email(acme):
    Agent.objects.create(connection=acme, extension="101", email="ann@acme.example")
    browser = Client()
    browser.force_login(User.objects.create_user("ann", email="Ann@acme.example"))
    assert "101" in browser.get("/dial", WANTED).text
    assert browser.post("/dial", WANTED).status_code == 302


def test_strangers_are_asked_for_a_token(acme):
    assert 'name="token"' in Client().get("/dial", WANTED).text
    assert Client().post("/dial", WANTED).status_code == 200
    assert Client().post("/dial", {**WANTED, "token": "pba_wrong"}).status_code == 403
    assert not DialIntent.objects.exists()


def test_a_remembered_token_that_was_revoked_dials_nothing(acme):
    browser = Client()
    row, token = make_token(acme, extension="101")
    browser.post("/dial", {**WANTED, "token": token})
    revoke_tokens(row.pk)
    assert 'name="token"' in browser.post("/dial", WANTED).text


def test_a_tel_link_is_shown_to_be_clicked(acme):
    browser = Client()
    _row, token = make_token(acme, extension="101", way="tel")
    browser.post("/dial", {**WANTED, "token": token})
    assert 'href="tel:+442079460011"' in browser.post("/dial", WANTED).text


def test_whoever_cannot_dial_is_told_what_to_do(acme):
    browser = Client()
    _row, token = make_token(acme, extension="101")
    Connection.objects.update(pbx_url="")
    browser.post("/dial", {**WANTED, "token": token})
    assert "administrator" in browser.post("/dial", WANTED).text
    assert "Go back" in browser.get("/dial?number=next+week").text


def test_another_site_cannot_press_the_button(acme):
    assert Client(enforce_csrf_checks=True).post("/dial", WANTED).status_code == 403
