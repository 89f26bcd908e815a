"""The whole corridor over real HTTP: PBX, web, database, broker, worker, Zoho."""

import pytest

from tests.flow.customer import Customer

pytestmark = pytest.mark.django_db


def test_a_hundred_calls_and_ten_chats_posted_twice_stand_in_zoho_once(acme: Customer):
    acme.play("play", "--calls", "100", "--chats", "10", "--seed", "1", "--repeat", "2")
    status = acme.wait_until_delivered()
    assert (status["delivered"], status["parked"], status["left_out"]) == (110, 0, 0)
    calls, tasks = acme.list_zoho("Calls"), acme.list_zoho("Tasks")
    assert (len(calls), len(tasks)) == (100, 10)
    assert {call["Call_Type"] for call in calls} == {"Inbound", "Outbound", "Missed"}
    assert {task["Status"] for task in tasks} == {"Completed"}
    assert any(call.get("Who_Id") for call in calls)
    assert any(call.get("$se_module") == "Leads" for call in calls)
    page = acme.show_queues()
    assert "Everything moves." in page
    assert '<td data-label="Queues">celery</td>' in page
    assert '<td data-label="At once">8</td>' in page


def test_a_backlog_is_delivered_in_few_requests_when_zoho_is_back(acme: Customer):
    acme.portal.stop("zoho")
    acme.play("play", "--calls", "200", "--chats", "0", "--seed", "5")
    assert acme.read_status()["waiting"] == 200
    acme.portal.start("zoho")
    status = acme.wait_until_delivered(seconds=300)
    assert status["delivered"] == 200
    assert len(acme.list_zoho("Calls")) == 200
    assert acme.count_zoho_requests("POST Calls") <= 4
