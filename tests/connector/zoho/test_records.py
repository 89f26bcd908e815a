"""One verdict for each record, in the order sent; answers that do not add up stay open."""

import json
from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured, Rejected, UnknownOutcome
from tests.connector.zoho.conftest import API

CALLS = f"{API}/crm/v8/Calls"
MADE = {"code": "SUCCESS", "status": "success", "message": "", "details": {"id": "5001"}}


def read_sent() -> bytes:
    body = responses.calls[0].request.body
    assert isinstance(body, bytes)
    return body


def refuse(code: str, message: str = "invalid data", **details: Any) -> dict[str, Any]:
    return {"code": code, "message": message, "details": details, "status": "error"}


def insert(client: ZohoClient, *answers: dict[str, Any], status: int = 207) -> list[Any]:
    responses.post(CALLS, status=status, json={"data": list(answers)})
    return records.insert(client, module="Calls", records=[{}] * len(answers), trigger=[])


@responses.activate
def test_verdicts_come_in_the_order_of_the_records(client: ZohoClient) -> None:
    verdicts = insert(client, MADE, refuse("MANDATORY_NOT_FOUND"), refuse("RECORD_LOCKED"))
    assert [v.outcome for v in verdicts] == ["delivered", "rejected", "temporary"]
    assert verdicts[0].zoho_id == "5001"


@responses.activate
@pytest.mark.parametrize(
    ("trigger", "sent"),
    [([], {"trigger": []}), (["workflow"], {"trigger": ["workflow"]}), (None, {})],
)
def test_automations_are_asked_for_as_given(
    client: ZohoClient, trigger: list[str] | None, sent: dict[str, Any]
) -> None:
    responses.post(CALLS, status=201, json={"data": [MADE]})
    records.insert(client, module="Calls", records=[{"Subject": "a"}], trigger=trigger)
    body = json.loads(read_sent())
    assert body == {"data": [{"Subject": "a"}], **sent}


@responses.activate
@pytest.mark.parametrize(
    "details",
    [
        {"api_name": "PBX_Ref", "id": "77"},
        {"api_name": "PBX_Ref", "duplicate_record": {"id": "77", "module": {}}},
    ],
)
def test_a_duplicate_names_the_field_and_the_record_that_is_there(
    client: ZohoClient, details: dict[str, Any]
) -> None:
    verdict = insert(client, refuse("DUPLICATE_DATA", **details), status=400)[0]
    assert (verdict.outcome, verdict.zoho_id, verdict.field) == ("duplicate", "77", "PBX_Ref")


@responses.activate
def test_a_rejection_says_field_and_limit_in_words(client: ZohoClient) -> None:
    details: dict[str, Any] = {
        "api_name": "Subject",
        "json_path": "$.data[0].Subject",
        "maximum_length": 255,
    }
    verdict = insert(client, refuse("INVALID_DATA", **details), status=400)[0]
    assert str(verdict.words) == "invalid data (Subject: at most 255 characters)"


@responses.activate
def test_a_rejection_lists_the_allowed_values(client: ZohoClient) -> None:
    details: dict[str, Any] = {"api_name": "Call_Type", "supported_values": ["Inbound", "Missed"]}
    verdict = insert(client, refuse("INVALID_DATA", **details), status=400)[0]
    assert str(verdict.words) == "invalid data (Call_Type: allowed: Inbound, Missed)"


@responses.activate
def test_the_field_is_the_records_own_even_when_zoho_names_a_part_of_it(
    client: ZohoClient,
) -> None:
    details = {"api_name": "id", "json_path": "$.data[0].Owner.id"}
    assert insert(client, refuse("INVALID_DATA", **details), status=400)[0].field == "Owner"


@responses.activate
def test_several_errors_of_one_record_are_all_told(client: ZohoClient) -> None:
    errors = [
        refuse("MANDATORY_NOT_FOUND", "required field not found", api_name="Subject"),
        refuse("INVALID_DATA", api_name="Call_Type"),
    ]
    verdict = insert(client, refuse("MULTIPLE_OR_MULTI_ERRORS", errors=errors), status=400)[0]
    assert str(verdict.words) == "required field not found (Subject), invalid data (Call_Type)"


@responses.activate
def test_missing_permission_for_one_record_parks_that_record_only(client: ZohoClient) -> None:
    verdicts = insert(client, MADE, refuse("NO_PERMISSION", permissions=["Crm_Calls"]))
    assert [v.outcome for v in verdicts] == ["delivered", "rejected"]


@responses.activate
def test_missing_permission_for_the_whole_request_holds_the_connection(
    client: ZohoClient,
) -> None:
    words = refuse("NO_PERMISSION", "permission denied", permissions=["Crm_Implied_Create_Calls"])
    responses.post(CALLS, status=403, json=words)
    with pytest.raises(Misconfigured, match="missing permission: Crm_Implied_Create_Calls"):
        records.insert(client, module="Calls", records=[{}], trigger=[])


@responses.activate
@pytest.mark.parametrize("body", [{"data": [MADE]}, {}, {"data": "x"}, {"data": [MADE, "x"]}])
def test_an_answer_that_does_not_account_for_every_record_leaves_all_open(
    client: ZohoClient, body: dict[str, Any]
) -> None:
    responses.post(CALLS, status=201, json=body)
    with pytest.raises(UnknownOutcome):
        records.insert(client, module="Calls", records=[{}, {}], trigger=[])


@responses.activate
def test_nothing_is_asked_for_no_records(client: ZohoClient) -> None:
    assert records.insert(client, module="Calls", records=[], trigger=[]) == []


def test_more_than_a_hundred_records_are_a_mistake_of_the_caller(client: ZohoClient) -> None:
    with pytest.raises(ValueError, match="100"):
        records.insert(client, module="Calls", records=[{}] * 101, trigger=[])


@responses.activate
def test_a_record_of_another_organisation_is_not_there(client: ZohoClient) -> None:
    gone = refuse("INVALID_DATA", "the id given seems to be invalid", api_name="id")
    responses.get(f"{API}/crm/v8/Leads/42", status=400, json=gone)
    responses.get(f"{API}/crm/v8/Leads/43", status=204)
    for zoho_id in ("42", "43"):
        found = records.read_record(client, module="Leads", zoho_id=zoho_id, fields=["Phone"])
        assert found is None


@responses.activate
def test_an_unknown_field_is_no_missing_record(client: ZohoClient) -> None:
    wrong = refuse("INVALID_DATA", param_name="fields")
    responses.get(f"{API}/crm/v8/Leads/42", status=400, json=wrong)
    with pytest.raises(Rejected):
        records.read_record(client, module="Leads", zoho_id="42", fields=["Nonsense"])


@responses.activate
@pytest.mark.parametrize("zoho_id", ["../../org", "4 2", "", "42?x=1"])
def test_an_id_that_zoho_cannot_have_given_is_not_asked_for(
    client: ZohoClient, zoho_id: str
) -> None:
    assert records.read_record(client, module="Leads", zoho_id=zoho_id, fields=["Phone"]) is None
    assert len(responses.calls) == 0


@responses.activate
def test_a_search_names_one_criterion_and_the_fields(client: ZohoClient) -> None:
    wanted = {"phone": "2960011", "fields": "id,Phone", "per_page": "200", "converted": "both"}
    responses.get(
        f"{API}/crm/v8/Leads/search",
        match=[query_param_matcher(wanted)],
        json={"data": [{"id": "1"}], "info": {}},
    )
    found = records.search(
        client, module="Leads", phone="2960011", fields=["id", "Phone"], converted="both"
    )
    assert found == [{"id": "1"}]


@responses.activate
def test_a_search_or_query_without_a_hit_is_an_empty_list(client: ZohoClient) -> None:
    responses.get(f"{API}/crm/v8/Leads/search", status=204)
    responses.post(f"{API}/crm/v8/coql", status=204)
    assert records.search(client, module="Leads", email="a@b.example", fields=["id"]) == []
    assert records.query(client, "select id from Leads where id = 1") == []


def test_a_quoted_text_cannot_leave_its_quotes() -> None:
    assert records.quote_coql("O'Brien") == "'O''Brien'"
    assert records.quote_coql("\\' or 1=1") == "'\\\\'' or 1=1'"


@responses.activate
def test_a_deletion_starts_no_workflow_of_the_customer(client: ZohoClient) -> None:
    responses.delete(
        CALLS,
        match=[query_param_matcher({"ids": "1,2", "wf_trigger": "false"})],
        json={"data": [MADE, MADE]},
    )
    verdicts = records.delete(client, module="Calls", zoho_ids=["1", "2"])
    assert [v.outcome for v in verdicts] == ["delivered", "delivered"]


@responses.activate
def test_a_file_is_attached_as_multipart(client: ZohoClient) -> None:
    responses.post(f"{CALLS}/9/Attachments", json={"data": [MADE]})
    verdict = records.attach(
        client, module="Calls", zoho_id="9", filename="talk.txt", content=b"hello"
    )
    assert verdict.zoho_id == "5001"
    assert b'name="file"; filename="talk.txt"' in read_sent()
    assert b"hello" in read_sent()
