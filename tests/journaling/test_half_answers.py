"""Answers of Zoho that are half right, after it wrote what was sent: nothing is doubled or lost."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from connector.models import Connection
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body

pytestmark = pytest.mark.django_db

State = Entry.State
SUCCESS = {"code": "SUCCESS", "status": "success", "message": "record added"}
ANSWERS = {
    "accepted without a word": (202, {}),
    "an empty object": (200, {}),
    "an empty list": (201, {"data": []}),
    "a list of nothing": (201, {"data": [None, None]}),
    "fewer verdicts than records": (207, {"data": [{**SUCCESS, "details": {"id": "1"}}]}),
    "more verdicts than records": (207, {"data": [{**SUCCESS, "details": {"id": "1"}}] * 3}),
    "success that names no record": (201, {"data": [{**SUCCESS, "details": {}}] * 2}),
    "verdicts without a code": (200, {"data": [{"status": "success"}, {"status": "success"}]}),
    "a text": (200, "<html><body>Loading</body></html>"),
    "an error as a success": (200, {"code": "INTERNAL_ERROR", "status": "error", "message": ""}),
    "a refusal from a gateway": (504, "<html>Gateway Time-out</html>"),
}


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0})


def report_two(connection: Connection) -> None:
    began = timezone.now().replace(microsecond=0) - timedelta(minutes=5)
    for number in range(2):
        start = began + timedelta(seconds=60 * number)
        end = start + timedelta(seconds=10)
        body = build_call_body(
            number="anonymous", start=start.isoformat(), end=end.isoformat(), seconds="10"
        )
        store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


@pytest.mark.parametrize("commit", ["after", "never"])
@pytest.mark.parametrize("name", ANSWERS)
def test_each_record_stands_there_once(zoho, acme, name, commit):
    status, body = ANSWERS[name]
    report_two(acme)
    zoho.fail("status", method="POST", module="Calls", status=status, body=body, commit=commit)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(6):
            deliver_lane(connection_id=acme.pk, module="Calls")
            clock.shift(timedelta(minutes=3))
    calls, found = zoho.list_records("Calls"), Entry.objects.all()
    assert [entry.state for entry in found] == [State.DELIVERED] * 2
    assert len(calls) == 2
    assert {entry.zoho_id for entry in found} == {call["id"] for call in calls}
