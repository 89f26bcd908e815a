"""Programs that write calls beside the portal are noticed; people who do so are not blamed."""

import pytest
from django.utils import timezone

from connector.granting.grants import open_client
from connector.models import Connection, ZohoOrganisation
from connector.zoho import records
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.settle import settle_connection
from journaling.setup.foreign_calls import list_foreign
from journaling.setup.live_checks import check_zoho
from tests.support.builders import build_call_body

pytestmark = pytest.mark.django_db

START = "2026-11-20T09:15:30+00:00"


@pytest.fixture
def acme(zoho) -> Connection:
    connection = zoho.connect(journal={"settle_seconds": 0})
    store_report(connection=connection, kind="call", body=build_call_body())
    settle_connection(connection.pk)
    deliver_lane(connection_id=connection.pk, module="Calls")
    [organisation] = zoho.sandbox.store
    ZohoOrganisation.objects.update(zgid=organisation.zgid)
    return Connection.objects.get()


def write(connection: Connection, subject: str, start: str) -> None:
    call = {
        "Subject": subject, "Call_Type": "Inbound", "Call_Start_Time": start,
        "Call_Duration": "01:00",
    }  # fmt: skip
    client = open_client(connection)
    [verdict] = records.insert(client, module="Calls", records=[call], trigger=[])
    assert verdict.outcome == "delivered"


def find(connection: Connection) -> list[str]:
    return list_foreign(connection, open_client(connection))


def test_our_own_calls_are_not_foreign(acme):
    assert find(acme) == []


def test_a_call_that_a_person_entered_is_not_foreign(acme):
    write(acme, "Talked about prices", timezone.now().isoformat(timespec="seconds"))
    assert find(acme) == []


@pytest.mark.parametrize(
    ("subject", "start"),
    [("3CX PhoneSystem Call", "2026-11-19T09:00:00+00:00"), ("Call in", START)],
)
def test_a_call_of_another_program_is_noticed_and_told(acme, subject, start):
    write(acme, subject, start)
    assert find(acme) == [subject]
    told = [finding for finding in check_zoho(acme) if not finding.is_good]
    assert "Another program writes calls as well" in told[-1].sentence
