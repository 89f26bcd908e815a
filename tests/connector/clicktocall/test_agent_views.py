from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from connector.clicktocall import dialling
from connector.clicktocall.agents import make_token, revoke_tokens
from connector.clicktocall.intents import find_intent
from connector.models import AgentToken, DialIntent

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "020 7946 0011"


def ask(token: str, **body):
    return Client().post(
        "/agent/call",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def test_the_web_client_link_is_answered(acme):
    _row, token = make_token(acme, extension="101")
    answer = ask(token, number=NUMBER)
    assert answer.status_code == 200
    assert answer.json()["way"] == "webclient"
    assert answer.json()["url"].endswith("/webclient/#/call?phone=%2B442079460011")


def test_an_agents_own_way_and_format_win(acme):
    _row, token = make_token(acme, extension="101", way="tel", number_format="national")
    assert ask(token, number=NUMBER).json()["url"] == "tel:02079460011"


def test_the_pbx_is_told_to_dial(with_xapi, pbx):
    _row, token = make_token(with_xapi, extension="101")
    answer = ask(token, number=NUMBER)
    assert answer.status_code == 200
    assert "url" not in answer.json()
    assert [(call["dn"], call["destination"]) for call in pbx.calls] == [("101", "+442079460011")]


def test_an_extension_that_the_pbx_lacks_is_told_with_another_way(with_xapi):
    _row, token = make_token(with_xapi, extension="199")
    answer = ask(token, number=NUMBER)
    assert answer.status_code == 502
    assert "DN 199 does not exist" in answer.json()["text"]
    assert "/webclient/#/call" in answer.json()["url"]


def test_a_licence_without_api_is_told(with_xapi, pbx):
    pbx.licensed = False
    _row, token = make_token(with_xapi, extension="101")
    answer = ask(token, number=NUMBER)
    assert (answer.status_code, answer.json()["error"]) == (409, "no_api")
    assert "Enterprise" in answer.json()["text"]


def test_an_agent_without_an_extension_is_told_with_another_way(with_xapi, pbx):
    _row, token = make_token(with_xapi, extension="")
    answer = ask(token, number=NUMBER)
    assert (answer.status_code, answer.json()["error"]) == (409, "no_extension")
    assert answer.json()["text"] == "You have no extension in the portal."
    assert answer.json()["url"] == f"{pbx.url}/webclient/#/call?phone=%2B442079460011"


def test_a_pbx_that_is_away_is_told(with_xapi):
    with_xapi.pbx_url = "http://127.0.0.1:1"
    with_xapi.save()
    _row, token = make_token(with_xapi, extension="101")
    answer = ask(token, number=NUMBER)
    assert (answer.status_code, answer.json()["error"]) == (502, "unreachable")
    assert answer.json()["url"] == "http://127.0.0.1:1/webclient/#/call?phone=%2B442079460011"


def test_a_text_without_a_number_dials_nothing(acme):
    _row, token = make_token(acme, extension="101")
    assert ask(token, number="next week").json()["error"] == "no_number"


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'{"number": 7}'])
def test_a_body_that_is_no_order_is_refused(acme, body):
    _row, token = make_token(acme, extension="101")
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client().post("/agent/call", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400


def test_a_revoked_token_opens_nothing(acme):
    row, token = make_token(acme, extension="101")
    revoke_tokens(row.pk)
    answer = ask(token, number=NUMBER)
    assert (answer.status_code, answer.json()["error"]) == (401, "token")


def test_the_token_is_stored_as_a_digest_alone(acme):
    row, token = make_token(acme, extension="101")
    stored = AgentToken.objects.filter(pk=row.pk).values().get()
    assert token not in str(stored)


def test_me_tells_who_dials_and_by_which_ways(acme):
    _row, token = make_token(acme, extension="101", name="Ann")
    answer = Client().get("/agent/me", headers={"Authorization": f"Bearer {token}"})
    me = answer.json()
    assert (me["name"], me["extension"], me["connection"]) == ("Ann", "101", "Acme")
    assert [way["way"] for way in me["ways"]] == ["webclient", "tel"]
    assert (me["number_format"], me["outside_prefix"]) == ("e164", "")
    assert me["web_client"] == "https://pbx.acme.example/webclient/#/call?phone={number}"


def test_other_sites_are_not_let_in(acme):
    _row, token = make_token(acme, extension="101")
    headers = {"Authorization": f"Bearer {token}", "Origin": "https://evil.example"}
    answer = Client().get("/agent/me", headers=headers)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_record_is_remembered_until_the_call_comes(acme):
    _row, token = make_token(acme, extension="101")
    ask(token, number=NUMBER, module="Contacts", record_id="5000000000001")
    made = DialIntent.objects.get()

    def find(extension: str) -> DialIntent | None:
        key = "+442079460011"
        return find_intent(acme, extension=extension, number_key=key, started_at=made.created_at)

    assert find("101") == made
    assert find("102") is None


def test_a_record_that_calls_cannot_stand_on_is_not_remembered(acme):
    _row, token = make_token(acme, extension="101")
    ask(token, number=NUMBER, module="Solutions", record_id="5000000000001")
    ask(token, number=NUMBER, module="Contacts", record_id="../1")
    assert not DialIntent.objects.exists()


def test_a_pbx_that_hangs_holds_few_threads_and_not_for_long(with_xapi, pbx, monkeypatch):
    monkeypatch.setattr(dialling, "DIAL_SECONDS", 0.6)
    _row, token = make_token(with_xapi, extension="101")
    assert ask(token, number=NUMBER).status_code == 200

    def dial() -> tuple[int, str]:
        try:
            answer = ask(token, number=NUMBER)
            return answer.status_code, answer.json()["text"]
        finally:
            connections.close_all()

    pbx.hangs.set()
    with ThreadPoolExecutor(6) as pool:
        told = [future.result() for future in [pool.submit(dial) for _ in range(6)]]
    pbx.hangs.clear()
    assert Counter(status for status, _text in told) == {502: 2, 503: 4}
    assert {text for status, text in told if status == 502} == {
        "The PBX did not answer in time. If your phone rings now, it dials after all."
    }
    assert ask(token, number=NUMBER).status_code == 200
