"""Records over real HTTP: written, found again, and in doubt when the answer is lost."""

from collections.abc import Iterator

import pytest
import requests

from connector.sandbox.zoho import ZohoSandbox
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured, Temporary, UnknownOutcome
from connector.zoho.organisation import read_fields, read_users
from tests.connector.zoho.world import ACME

CALL = {
    "Subject": "Mara O'Quill (p7)",
    "Call_Type": "Inbound",
    "Call_Start_Time": "2026-06-20T09:15:30+00:00",
    "Call_Duration": "02:41",
}


class GrantedTokens:
    """An access token of the sandbox, renewed by another of its tokens."""

    def __init__(self, url: str, **wanted: str) -> None:
        self.url, self.wanted = url, wanted
        self.report_refused("")

    def read(self) -> str:
        return self.token

    def report_refused(self, token: str) -> None:
        answer = requests.post(f"{self.url}/sandbox/grant", json=self.wanted, timeout=10)
        self.token = str(answer.json()["access_token"])


@pytest.fixture
def sandbox() -> Iterator[ZohoSandbox]:
    with ZohoSandbox(people=5, organisations=(ACME,)) as running:
        yield running


@pytest.fixture
def client(sandbox: ZohoSandbox) -> ZohoClient:
    return ZohoClient(api_url=sandbox.url, tokens=GrantedTokens(sandbox.url))


def fail(sandbox: ZohoSandbox, kind: str, **details: object) -> None:
    body = {"faults": [{"kind": kind, **details}]}
    requests.post(f"{sandbox.url}/sandbox/control", json=body, timeout=10).raise_for_status()


def insert(client: ZohoClient, *calls: dict[str, str]) -> list[records.Verdict]:
    return records.insert(client, module="Calls", records=calls, trigger=[])


def find_by_subject(client: ZohoClient) -> list[dict[str, object]]:
    subject = records.quote_coql(CALL["Subject"])
    return records.query(client, f"select id from Calls where Subject = {subject} limit 10")


def test_a_call_is_written_read_corrected_and_deleted(client: ZohoClient) -> None:
    zoho_id = insert(client, CALL)[0].zoho_id
    update = {"id": zoho_id, "Description": "later"}
    assert records.update(client, module="Calls", records=[update], trigger=[])[0].zoho_id
    read = {"module": "Calls", "zoho_id": zoho_id, "fields": ["Subject", "Description"]}
    found = records.read_record(client, **read)
    assert found is not None
    assert (found["Subject"], found["Description"]) == (CALL["Subject"], "later")
    assert records.delete(client, module="Calls", zoho_ids=[zoho_id])[0].outcome == "delivered"
    assert records.read_record(client, **read) is None


def test_one_bad_record_stands_alone(client: ZohoClient) -> None:
    verdicts = insert(client, CALL, {**CALL, "Call_Duration": "00:00"}, CALL)
    assert [v.outcome for v in verdicts] == ["delivered", "rejected", "delivered"]
    assert verdicts[1].field == "Call_Duration"


@pytest.mark.parametrize("kind", ["truncate", "cut", "html", "status"])
def test_a_lost_answer_leaves_the_write_open_and_a_query_finds_it(
    sandbox: ZohoSandbox, client: ZohoClient, kind: str
) -> None:
    fail(sandbox, kind, method="POST", module="Calls", commit="after")
    with pytest.raises(UnknownOutcome):
        insert(client, CALL)
    assert len(find_by_subject(client)) == 1


def test_a_refused_token_writes_once(sandbox: ZohoSandbox, client: ZohoClient) -> None:
    fail(sandbox, "invalid_token", module="Calls")
    assert insert(client, CALL)[0].outcome == "delivered"
    assert len(find_by_subject(client)) == 1


def test_too_many_requests_write_nothing(sandbox: ZohoSandbox, client: ZohoClient) -> None:
    fail(sandbox, "too_many_requests", module="Calls")
    with pytest.raises(Temporary):
        insert(client, CALL)
    assert find_by_subject(client) == []


def test_a_missing_scope_holds_the_connection(sandbox: ZohoSandbox) -> None:
    tokens = GrantedTokens(sandbox.url, scope="ZohoCRM.users.READ")
    client = ZohoClient(api_url=sandbox.url, tokens=tokens)
    assert read_users(client)
    with pytest.raises(Misconfigured) as caught:
        insert(client, CALL)
    assert caught.value.code == "OAUTH_SCOPE_MISMATCH"


def test_notes_and_files_hang_on_the_call(client: ZohoClient) -> None:
    zoho_id = insert(client, CALL)[0].zoho_id
    parent = {"module": {"api_name": "Calls"}, "id": zoho_id}
    text = {"Note_Title": "t", "Note_Content": "long", "Parent_Id": parent}
    [note] = records.insert(client, module="Notes", records=[text], trigger=None)
    file = records.attach(
        client, module="Calls", zoho_id=zoho_id, filename="разговор.txt", content=b"long"
    )
    assert (note.outcome, file.outcome) == ("delivered", "delivered")


def test_limits_of_fields_come_from_the_organisation(client: ZohoClient) -> None:
    assert read_fields(client, module="Calls")["Subject"]["length"] == 255
