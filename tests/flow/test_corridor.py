"""The whole corridor over real HTTP: PBX, web, database, broker, worker, Zoho."""

from collections import Counter

import pytest

from tests.flow.customer import Customer

pytestmark = pytest.mark.django_db


def count(acme: Customer) -> Counter[str]:
    found = Counter(delivered=acme.read_status()["delivered"])
    for module in ("Calls", "Tasks"):
        found[module] = len(acme.list_zoho(module))
    return found


def test_a_hundred_calls_and_ten_chats_posted_twice_stand_in_zoho_once(acme: Customer):
    before = count(acme)
    acme.play("play", "--calls", "100", "--chats", "10", "--seed", "1", "--repeat", "2")
    status = acme.wait_until_delivered()
    assert (status["parked"], status["left_out"]) == (0, 0)
    assert count(acme) == before + Counter(delivered=110, Calls=100, Tasks=10)
    calls, tasks = acme.list_zoho("Calls"), acme.list_zoho("Tasks")
    assert {call["Call_Type"] for call in calls} == {"Inbound", "Outbound", "Missed"}
    assert {task["Status"] for task in tasks} == {"Completed"}
    assert any(call.get("Who_Id") for call in calls)
    assert any(call.get("$se_module") == "Leads" for call in calls)


def test_a_backlog_is_delivered_in_few_requests_when_zoho_is_back(acme: Customer):
    before = count(acme)
    acme.portal.stop("zoho")
    acme.play("play", "--calls", "200", "--chats", "0", "--seed", "5")
    assert acme.read_status()["waiting"] == 200
    acme.portal.start("zoho")
    acme.wait_until_delivered(seconds=300)
    assert count(acme) == before + Counter(delivered=200, Calls=200)
    # This Zoho has started anew, and counts from there.
    assert acme.count_zoho_requests("POST Calls") <= 4
