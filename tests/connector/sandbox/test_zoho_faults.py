import threading
import time
from collections.abc import Callable

import pytest
import requests

from connector.sandbox.zoho import ZohoSandbox

from .crm import CALL, Crm

INSERTS = {"method": "POST", "module": "Calls"}


def count_calls(crm: Crm) -> int:
    return crm.look("counters")["records"]["Calls"]


def wait_until(happened: Callable[[], bool]) -> bool:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        if happened():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(("commit", "kept"), [("before", 0), ("after", 1)])
def test_a_500_comes_before_or_after_the_commit(crm: Crm, commit: str, kept: int) -> None:
    crm.control(faults=[{"kind": "status", "status": 500, "commit": commit, **INSERTS}])
    answer = crm.insert("Calls", CALL)
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert count_calls(crm) == kept
    assert crm.insert("Calls", CALL).status_code == 201


@pytest.mark.parametrize(("commit", "kept"), [("before", 0), ("after", 1)])
def test_a_cut_connection_tells_nothing(crm: Crm, commit: str, kept: int) -> None:
    crm.control(faults=[{"kind": "cut", "commit": commit, **INSERTS}])
    with pytest.raises(requests.ConnectionError):
        crm.insert("Calls", CALL)
    assert count_calls(crm) == kept
    assert crm.look("log")["requests"][-1]["status"] is None


def test_faults_meet_only_what_they_name_and_only_so_often(crm: Crm) -> None:
    crm.control(faults=[{"kind": "too_many_requests", "times": 2, "skip": 1, **INSERTS}])
    assert crm.get("Contacts?fields=id").status_code == 200
    statuses = [crm.insert("Calls", CALL).status_code for _ in range(4)]
    assert statuses == [201, 429, 429, 201]


def test_a_good_token_may_be_refused_once(crm: Crm) -> None:
    crm.control(faults=[{"kind": "invalid_token"}])
    refused = crm.get("org")
    assert (refused.status_code, refused.json()["code"]) == (401, "INVALID_TOKEN")
    assert crm.get("org").status_code == 200


def test_a_page_comes_where_json_is_expected(crm: Crm) -> None:
    crm.control(faults=[{"kind": "html", "status": 200}])
    answer = crm.get("org")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_truncated_json_hides_what_was_committed(crm: Crm) -> None:
    crm.control(faults=[{"kind": "truncate", **INSERTS}])
    answer = crm.insert("Calls", CALL)
    assert answer.status_code == 201
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert count_calls(crm) == 1


def test_a_late_commit_follows_after_the_failure(crm: Crm) -> None:
    crm.control(faults=[{"kind": "commit_late", "seconds": 0.3, **INSERTS}])
    assert crm.insert("Calls", CALL).status_code == 500
    assert count_calls(crm) == 0
    assert wait_until(lambda: count_calls(crm) == 1)


def test_a_hanging_request_is_committed_although_the_client_left(crm: Crm) -> None:
    crm.control(faults=[{"kind": "hang", "seconds": 60, "commit": "after", **INSERTS}])
    header = {"Authorization": f"Zoho-oauthtoken {crm.tokens['access_token']}"}
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{crm.url}/crm/v8/Calls", json={"data": [CALL]}, headers=header, timeout=0.3)
    assert count_calls(crm) == 1


def test_one_record_in_a_batch_can_be_refused(crm: Crm) -> None:
    bad = {"kind": "bad_record", "contains": "boom", "code": "RECORD_LOCKED"}
    crm.control(faults=[bad])
    answer = crm.insert("Calls", CALL, {**CALL, "Subject": "a boom b"}, CALL)
    assert answer.status_code == 207
    codes = [verdict["code"] for verdict in answer.json()["data"]]
    assert codes == ["SUCCESS", "RECORD_LOCKED", "SUCCESS"]
    crm.control(reset=["faults"])
    assert crm.insert("Calls", {**CALL, "Subject": "a boom b"}).status_code == 201


def test_a_grant_can_be_revoked_and_tokens_expired(crm: Crm) -> None:
    crm.control(expire_access_tokens=True)
    assert crm.get("org").status_code == 401
    form = {"grant_type": "refresh_token", "refresh_token": crm.tokens["refresh_token"]}
    form |= {"client_id": "1000.SANDBOX", "client_secret": "sandbox-secret"}
    url = f"{crm.url}/oauth/v2/token"
    assert "access_token" in requests.post(url, data=form, timeout=10).json()
    crm.control(revoke_grants=True)
    assert requests.post(url, data=form, timeout=10).json() == {"error": "invalid_code"}


def test_an_unknown_fault_or_key_is_refused_by_name(crm: Crm) -> None:
    url = f"{crm.url}/sandbox/control"
    for wanted in ({"faults": [{"kind": "earthquake"}]}, {"weather": "bad"}):
        answer = requests.post(url, json=wanted, timeout=10)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_DATA")


def test_requests_and_records_are_counted(crm: Crm) -> None:
    crm.insert("Calls", CALL, CALL)
    crm.insert("Calls", CALL)
    crm.get("Contacts/search?phone=1632960011")
    counters = crm.look("counters")
    assert counters["requests"] == {"POST Calls": 2, "GET Contacts/search": 1}
    assert counters["tokens_issued"] == 1
    requested = [(r["method"], r["module"], r["records"]) for r in crm.look("log")["requests"]]
    assert requested[:2] == [("POST", "Calls", 2), ("POST", "Calls", 1)]


def test_reset_forgets_what_was_delivered_and_keeps_the_grant(crm: Crm) -> None:
    crm.insert("Calls", CALL)
    crm.control(latency_ms=1)
    assert crm.control(reset=True)["latency_ms"] == 0
    assert (count_calls(crm), crm.look("counters")["requests"]) == (0, {})
    assert crm.insert("Calls", CALL).status_code == 201


def test_a_user_can_join_and_leave(crm: Crm) -> None:
    crm.control(users=[{"email": "zed@acme.example", "full_name": "Zed New"}])
    users = crm.get("users?type=ActiveUsers").json()["users"]
    (zed,) = [user for user in users if user["email"] == "zed@acme.example"]
    assert "id" in crm.insert_call(Owner={"id": zed["id"]})
    crm.control(users=[{"email": "zed@acme.example", "status": "disabled"}])
    assert crm.insert_call(Owner={"id": zed["id"]})["code"] == "INVALID_DATA"


def test_a_stopped_sandbox_refuses_and_goes_on_where_it_stopped(
    sandbox: ZohoSandbox, crm: Crm
) -> None:
    call_id = crm.insert_call()["id"]
    with requests.Session() as kept:
        kept.get(f"{crm.url}/oauth/serverinfo", timeout=10)
        sandbox.stop()
        with pytest.raises(requests.ConnectionError):
            kept.get(f"{crm.url}/oauth/serverinfo", timeout=10)
    sandbox.start()
    assert crm.read("Calls", call_id)["id"] == call_id


def test_many_clients_at_once_get_different_ids(crm: Crm) -> None:
    made: list[str] = []

    def insert() -> None:
        answer = crm.insert("Calls", *[CALL] * 50).json()
        made.extend(verdict["details"]["id"] for verdict in answer["data"])

    threads = [threading.Thread(target=insert) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(set(made)) == count_calls(crm) == 400
