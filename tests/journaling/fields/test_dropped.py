"""An optional field that Zoho refuses never keeps a call out of Zoho; a mandatory one does."""

import pytest

from connector.models import Connection
from journaling import entries
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from journaling.telling.story import tell
from tests.support.builders import build_call_body

pytestmark = pytest.mark.django_db

FIELDS = {"Call_Purpose": "Prospecting", "Call_Agenda": "Agenda of [Number]"}


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0, "fields_calls": FIELDS})


def deliver(connection: Connection, **values) -> Entry:
    store_report(connection=connection, kind="call", body=build_call_body(**values))
    settle_connection(connection.pk)
    deliver_lane(connection_id=connection.pk, module="Calls")
    return Entry.objects.latest("pk")


def demand(connection: Connection, name: str) -> None:
    organisation = connection.grant.organisation
    organisation.fields["Calls"][name]["mandatory"] = True
    organisation.save()


def test_an_optional_field_that_zoho_refuses_is_left_out_and_said(zoho, acme):
    zoho.fail("bad_record", module="Calls", field="Call_Agenda", contains="Agenda")
    entry = deliver(acme)
    [call] = zoho.list_records("Calls")
    assert (entry.state, entry.zoho_id) == (Entry.State.DELIVERED, call["id"])
    assert (call["Call_Purpose"], call.get("Call_Agenda")) == ("Prospecting", None)
    words = [line.text for line in tell(entry) if "Call_Agenda" in line.text]
    assert words[0].startswith("Zoho did not accept “Call Agenda” (Call_Agenda): ")
    assert words[1] == "“Call Agenda” (Call_Agenda) was left out, since Zoho had refused it."


def test_every_refused_field_is_left_out_once(zoho, acme):
    zoho.fail("bad_record", module="Calls", field="Call_Agenda", contains="Agenda")
    zoho.fail("bad_record", module="Calls", field="Call_Purpose", contains="Prospecting")
    entry = deliver(acme)
    assert entry.state == Entry.State.DELIVERED
    dropped = [row["field"] for row in entry.trace if row["code"] == "field_dropped"]
    assert sorted(dropped) == ["Call_Agenda", "Call_Purpose"]


def test_a_mandatory_field_that_zoho_refuses_needs_a_decision(zoho, acme):
    demand(acme, "Call_Agenda")
    zoho.fail("bad_record", module="Calls", field="Call_Agenda", contains="Agenda")
    entry = deliver(Connection.objects.get(pk=acme.pk))
    assert (entry.state, entry.field) == (Entry.State.PARKED, "Call_Agenda")


def test_after_try_again_the_field_is_sent_once_more(zoho, acme):
    zoho.fail("bad_record", module="Calls", field="Call_Agenda", contains="Agenda")
    zoho.fail("bad_record", module="Calls", field="Subject", contains="3CX")
    entry = deliver(acme)
    assert (entry.state, entry.field) == (Entry.State.PARKED, "Subject")
    zoho.control(reset=["faults"])
    entries.release([entry.pk], by="ann")
    deliver_lane(connection_id=acme.pk, module="Calls")
    assert zoho.list_records("Calls")[0]["Call_Agenda"] == "Agenda of +441632960011"


def test_a_recordings_refused_address_stands_in_the_text(zoho, acme):
    zoho.fail("bad_record", module="Calls", field="Voice_Recording__s", contains="pbx")
    deliver(acme, recording_url="https://pbx.example/r/1")
    assert "https://pbx.example/r/1" in zoho.list_records("Calls")[0]["Description"]


def test_a_missed_call_has_no_result_unless_the_organisation_demands_one(zoho, acme):
    acme.journal.fields_calls = {"Call_Result": "Interested"}
    acme.journal.save()
    assert "Call_Result" not in deliver(acme, type="Missed", seconds="0").record
    demand(acme, "Call_Result")
    entry = deliver(acme, type="Missed", seconds="0", number="+441632960012")
    assert entry.record["Call_Result"] == "Interested"
