"""An outgoing call stands on the record that it was dialled from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from connector.clicktocall.agents import build_caller, make_token
from connector.clicktocall.intents import FOLLOWS_WITHIN, delete_old_intents, remember_intent
from connector.models import Connection, DialIntent
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body

pytestmark = pytest.mark.django_db
NUMBER = "+442079460077"


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0})


def click(connection: Connection, *, module: str, record_id: str, extension: str = "101") -> None:
    token, _text = make_token(connection, extension=extension)
    remember_intent(build_caller(token), number_key=NUMBER, module=module, record_id=record_id)


def call(connection: Connection, *, after: timedelta = timedelta(seconds=5), **values) -> Entry:
    start = (timezone.now() + after).replace(microsecond=0)
    facts = {
        "type": "Outbound",
        "direction": "Outbound",
        "number": NUMBER,
        "start": start.isoformat(),
        "end": (start + timedelta(seconds=30)).isoformat(),
    }
    body = build_call_body(**facts | values)
    store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)
    deliver_lane(connection_id=connection.pk, module="Calls")
    return Entry.objects.get()


def test_the_clicked_record_wins_though_others_have_the_number(zoho, acme):
    contacts, leads = zoho.list_records("Contacts"), zoho.list_records("Leads")
    click(acme, module="Leads", record_id=leads[0]["id"])
    entry = call(acme, entity_id=contacts[0]["id"], entity_type="Contacts")
    assert (entry.card_module, entry.card_zoho_id) == ("Leads", leads[0]["id"])
    assert "dialled_from" in [row["code"] for row in entry.trace]


@pytest.mark.parametrize(
    "values",
    [
        {"agent": "102"},
        {"type": "Inbound", "direction": "Inbound"},
        {"number": "+442079460078"},
        {"after": -timedelta(minutes=20)},
    ],
)
def test_another_call_is_not_drawn_to_the_clicked_record(zoho, acme, values):
    lead = zoho.list_records("Leads")[0]
    click(acme, module="Leads", record_id=lead["id"])
    entry = call(acme, **values)
    assert entry.card_zoho_id != lead["id"]
    assert "dialled_from" not in [row["code"] for row in entry.trace]


def test_a_click_of_long_ago_is_not_meant(zoho, acme):
    lead = zoho.list_records("Leads")[0]
    click(acme, module="Leads", record_id=lead["id"])
    earlier = timezone.now() - timedelta(minutes=20)
    DialIntent.objects.update(created_at=earlier, until_at=earlier + FOLLOWS_WITHIN)
    assert call(acme).card_zoho_id != lead["id"]


def test_of_two_clicks_the_last_one_before_the_call_counts(zoho, acme):
    first, second = zoho.list_records("Contacts")[:2]
    click(acme, module="Contacts", record_id=first["id"])
    click(acme, module="Contacts", record_id=second["id"])
    assert call(acme).card_zoho_id == second["id"]


def test_a_clicked_record_that_is_gone_gives_way_to_the_search(zoho, acme):
    click(acme, module="Contacts", record_id="9999999999999")
    entry = call(acme)
    assert entry.state == Entry.State.DELIVERED
    [row] = [row for row in entry.trace if row["code"] == "dialled_from"]
    assert row["verdict"] == "missing"
    assert "people_found" in [row["code"] for row in entry.trace]


def test_old_clicks_are_forgotten(zoho, acme):
    click(acme, module="Contacts", record_id="5000000000001")
    DialIntent.objects.update(created_at=timezone.now() - timedelta(days=8))
    click(acme, module="Contacts", record_id="5000000000002")
    delete_old_intents()
    assert DialIntent.objects.get().zoho_id == "5000000000002"
