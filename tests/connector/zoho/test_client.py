"""Statuses and codes become error classes; tokens and numbers appear nowhere."""

import re

import pytest
import requests
import responses

from connector.zoho.client import Exchange, ZohoClient
from connector.zoho.errors import (
    Misconfigured,
    Rejected,
    Temporary,
    UnknownOutcome,
    ZohoError,
)
from tests.connector.zoho.conftest import API, CountingTokens

CALLS = f"{API}/crm/v8/Calls"


def refuse(code: str, **details: object) -> dict[str, object]:
    return {"code": code, "message": "words of Zoho", "details": details, "status": "error"}


@responses.activate
def test_the_token_travels_under_zohos_own_word(client: ZohoClient) -> None:
    responses.get(CALLS, json={"data": []})
    client.get("/crm/v8/Calls")
    assert responses.calls[0].request.headers["Authorization"] == "Zoho-oauthtoken token-1"


@responses.activate
@pytest.mark.parametrize("status", [204, 304])
def test_an_empty_answer_to_a_question_is_none(client: ZohoClient, status: int) -> None:
    responses.get(CALLS, status=status)
    assert client.get("/crm/v8/Calls") is None


@responses.activate
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "OAUTH_SCOPE_MISMATCH", Misconfigured),
        (403, "NO_PERMISSION", Misconfigured),
        (403, "FEATURE_NOT_SUPPORTED", Misconfigured),
        (400, "INVALID_MODULE", Misconfigured),
        (404, "INVALID_URL_PATTERN", Misconfigured),
        (400, "INVALID_DATA", Rejected),
        (400, "LIMIT_EXCEEDED", Rejected),
        (413, "REQUEST_ENTITY_TOO_LARGE", Rejected),
        (400, "RECORD_LOCKED", Temporary),
        (429, "TOO_MANY_REQUESTS", Temporary),
    ],
)
def test_a_refused_write_is_judged_by_status_and_code(
    client: ZohoClient, status: int, code: str, kind: type[ZohoError]
) -> None:
    responses.post(CALLS, status=status, json=refuse(code))
    with pytest.raises(kind) as caught:
        client.post("/crm/v8/Calls", {"data": [{}]})
    assert (caught.value.code, caught.value.status) == (code, status)
    assert type(caught.value) is kind


@responses.activate
@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_outage_leaves_a_write_open_and_a_question_for_later(
    client: ZohoClient, status: int
) -> None:
    responses.get(CALLS, status=status, body="<html>down</html>")
    responses.post(CALLS, status=status, json=refuse("INTERNAL_ERROR"))
    with pytest.raises(Temporary):
        client.get("/crm/v8/Calls")
    with pytest.raises(UnknownOutcome):
        client.post("/crm/v8/Calls", {"data": [{}]})
    with pytest.raises(Temporary):
        client.post("/crm/v8/Calls", {"select_query": ""}, writes=False)


@responses.activate
@pytest.mark.parametrize("body", ["<html>hello</html>", '{"data":[{"code":"SUCC', "[]", ""])
def test_a_good_status_with_unreadable_json_leaves_a_write_open(
    client: ZohoClient, body: str
) -> None:
    responses.post(CALLS, status=201, body=body)
    responses.get(CALLS, status=200, body=body)
    with pytest.raises(UnknownOutcome):
        client.post("/crm/v8/Calls", {"data": [{}]})
    with pytest.raises(Temporary):
        client.get("/crm/v8/Calls")


@responses.activate
@pytest.mark.parametrize("status", [207, 400, 403])
def test_errors_of_single_records_are_an_answer(client: ZohoClient, status: int) -> None:
    body = {"data": [refuse("MANDATORY_NOT_FOUND", api_name="Subject")]}
    responses.post(CALLS, status=status, json=body)
    assert client.post("/crm/v8/Calls", {"data": [{}]}) == body


@responses.activate
def test_a_filter_that_answers_in_zohos_place_is_temporary(client: ZohoClient) -> None:
    responses.post(CALLS, status=403, body="<html>blocked by your administrator</html>")
    with pytest.raises(Temporary):
        client.post("/crm/v8/Calls", {"data": [{}]})


@responses.activate
def test_a_redirect_is_not_followed(client: ZohoClient) -> None:
    responses.get(CALLS, status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(Temporary):
        client.get("/crm/v8/Calls")
    assert len(responses.calls) == 1


@responses.activate
def test_too_many_requests_tells_how_long_to_wait_when_zoho_says_so(client: ZohoClient) -> None:
    responses.get(CALLS, status=429, json=refuse("TOO_MANY_REQUESTS"), headers={"Retry-After": "7"})
    with pytest.raises(Temporary) as caught:
        client.get("/crm/v8/Calls")
    assert caught.value.retry_after == 7


@responses.activate
def test_a_refused_token_is_reported_and_the_write_repeated_once(
    client: ZohoClient, tokens: CountingTokens, exchanges: list[Exchange]
) -> None:
    responses.post(CALLS, status=401, json=refuse("INVALID_TOKEN"))
    responses.post(CALLS, status=201, json={"data": []})
    assert client.post("/crm/v8/Calls", {"data": [{}]}) == {"data": []}
    assert tokens.refused == ["token-1"]
    assert [exchange.outcome for exchange in exchanges] == ["temporary", "answered"]


@responses.activate
def test_a_token_refused_twice_is_temporary(client: ZohoClient, tokens: CountingTokens) -> None:
    responses.post(CALLS, status=401, json=refuse("INVALID_TOKEN"))
    with pytest.raises(Temporary):
        client.post("/crm/v8/Calls", {"data": [{}]})
    assert tokens.refused == ["token-1"]
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (requests.exceptions.ConnectTimeout("late"), Temporary),
        (requests.exceptions.ProxyError("no"), Temporary),
        (requests.exceptions.ReadTimeout("late"), UnknownOutcome),
        (requests.exceptions.ConnectionError("reset"), UnknownOutcome),
        (requests.exceptions.ChunkedEncodingError("cut"), UnknownOutcome),
    ],
)
def test_a_write_without_an_answer_is_open_unless_it_was_never_sent(
    client: ZohoClient, trouble: Exception, kind: type[ZohoError]
) -> None:
    responses.post(CALLS, body=trouble)
    with pytest.raises(kind) as caught:
        client.post("/crm/v8/Calls", {"data": [{}]})
    assert type(caught.value) is kind


@responses.activate
def test_no_number_searched_for_stands_in_words_or_exchanges(
    client: ZohoClient, exchanges: list[Exchange]
) -> None:
    place = re.compile(rf"{API}/crm/v8/Leads/search.*")
    words = {**refuse("INVALID_DATA"), "message": "+44 1632 960011 is no phone"}
    responses.get(place, body=requests.exceptions.ConnectionError("/search?phone=441632960011"))
    responses.get(place, status=400, json=words)
    texts = []
    for _ in range(2):
        with pytest.raises(ZohoError) as caught:
            client.get("/crm/v8/Leads/search", {"phone": "+441632960011"})
        texts += [str(caught.value), repr(caught.value)]
    everything = " ".join([*texts, *map(repr, exchanges)])
    assert "960011" not in everything.replace(" ", "")
    assert "…011 is no phone" in everything


@responses.activate
def test_an_exchange_tells_what_was_asked_and_how_it_went(
    client: ZohoClient, exchanges: list[Exchange]
) -> None:
    responses.get(CALLS, status=400, json=refuse("INVALID_DATA", api_name="fields"))
    with pytest.raises(Rejected):
        client.get("/crm/v8/Calls", {"fields": "Nonsense"})
    told = exchanges[0]
    assert (told.method, told.path, told.status) == ("GET", "/crm/v8/Calls", 400)
    assert (told.outcome, told.words) == ("rejected", "words of Zoho (fields)")


def test_a_time_limit_longer_than_a_claim_is_refused(tokens: CountingTokens) -> None:
    with pytest.raises(ValueError, match="below 55"):
        ZohoClient(api_url=API, tokens=tokens, timeout=55)
