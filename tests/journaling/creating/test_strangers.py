"""Unknown callers are created by themselves, and their calls come after them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from connector import directory
from connector.models import Connection
from connector.people import live, mirror
from connector.phones import read_number
from journaling.creating.creation import create_person
from journaling.creating.newcomers import Wish
from journaling.deliver import deliver_lane
from journaling.entries import release
from journaling.models import CreatedPerson, Entry, JournalSettings
from tests.journaling.test_deliver import deliver, report
from tests.support.zoho import ControlledZoho

pytestmark = pytest.mark.django_db
NUMBER = "+441632961234"
State = Entry.State
CREATES = {"settle_seconds": 0, "unknown_numbers": "create"}


@pytest.fixture
def acme(zoho: ControlledZoho) -> Connection:
    live.forget_answers()
    mirror.forget_standing()
    return zoho.connect(journal=CREATES)


def deliver_all(connection: Connection) -> None:
    """The lanes in the order in which ticks come to them."""
    for module in ("Calls", "Contacts", "Calls"):
        deliver_lane(connection_id=connection.pk, module=module)


def list_new(zoho: ControlledZoho) -> list[dict]:
    return [row for row in zoho.list_records("Contacts") if row.get("Phone") == NUMBER]


def test_a_call_stands_on_the_person_created_for_it(zoho: ControlledZoho, acme: Connection) -> None:
    report(acme, number="01632 961234", name="Nina Newman", agent_email="ben@acme.example")
    deliver_all(acme)
    [person] = list_new(zoho)
    [call] = zoho.list_records("Calls")
    assert person["Last_Name"] == "Nina Newman"
    assert person["Owner"]["id"] == zoho.find_user("ben@acme.example")
    assert call["Who_Id"]["id"] == person["id"]
    assert CreatedPerson.objects.get().zoho_id == person["id"]
    number = read_number(NUMBER, acme.number_rules)
    acme = Connection.objects.get()
    assert directory.answer_number(acme, number)


def test_two_calls_of_one_stranger_create_one_person(
    zoho: ControlledZoho, acme: Connection
) -> None:
    report(acme, number=NUMBER, agent="101", seconds="20")
    report(acme, number=NUMBER, agent="102", seconds="40", queue="801")
    deliver_all(acme)
    assert len(list_new(zoho)) == 1
    assert {call["Who_Id"]["id"] for call in zoho.list_records("Calls")} == {
        list_new(zoho)[0]["id"]
    }


@pytest.mark.parametrize(
    "values",
    [
        {"type": "Missed", "seconds": "0"},
        {"type": "Outbound", "direction": "Outbound"},
        {"seconds": "9"},
        {"number": "anonymous"},
    ],
)
def test_other_calls_create_nobody(
    zoho: ControlledZoho, acme: Connection, values: dict[str, str]
) -> None:
    report(acme, **{"number": NUMBER, **values})
    deliver_all(acme)
    assert list_new(zoho) == []
    assert len(zoho.list_records("Calls")) == 1


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("missed", {"type": "Missed", "seconds": "0"}),
        ("answered_outbound", {"type": "Outbound", "direction": "Outbound"}),
        ("unanswered_outbound", {"type": "Notanswered", "direction": "Outbound", "seconds": "0"}),
    ],
)
def test_the_chosen_kinds_of_calls_create_their_callers(
    zoho: ControlledZoho, acme: Connection, kind: str, values: dict[str, str]
) -> None:
    JournalSettings.objects.update(create_for=[kind])
    report(acme, number=NUMBER, **values)
    deliver_all(acme)
    assert len(list_new(zoho)) == 1


def test_a_missed_call_that_hardly_rang_creates_nobody(
    zoho: ControlledZoho, acme: Connection
) -> None:
    JournalSettings.objects.update(create_for=["missed"])
    now = timezone.now().replace(microsecond=0)
    start, end = now - timedelta(seconds=9), now
    report(acme, number=NUMBER, type="Missed", seconds="0",
           start=start.isoformat(), end=end.isoformat())  # fmt: skip
    deliver_all(acme)
    assert list_new(zoho) == []


def test_a_person_whom_zoho_refuses_does_not_keep_the_call_back(
    zoho: ControlledZoho, acme: Connection
) -> None:
    zoho.control(required_fields={"Contacts": ["Department"]})
    report(acme, number=NUMBER)
    deliver_all(acme)
    person = Entry.objects.get(kind=Entry.Kind.PERSON)
    call = Entry.objects.get(kind=Entry.Kind.CALL)
    assert (person.state, person.field) == (State.PARKED, "Department")
    assert call.state == State.DELIVERED
    JournalSettings.objects.update(fields_contact={"Department": "Sales"})
    release([person.pk], by="admin")
    deliver_lane(connection_id=acme.pk, module="Contacts")
    [made] = list_new(zoho)
    assert made["Department"] == "Sales"


def test_what_the_layout_demands_is_known_before_zoho_is_asked(zoho: ControlledZoho) -> None:
    zoho.control(required_fields={"Contacts": ["Department"]})
    acme = zoho.connect(journal=CREATES)
    report(acme, number=NUMBER)
    deliver_all(acme)
    person = Entry.objects.get(kind=Entry.Kind.PERSON)
    assert (person.state, person.reason) == (State.PARKED, "MANDATORY_NOT_FOUND")
    assert "“Department” (Department)" in str(person.words)
    assert zoho.count_inserts("Contacts") == 0


def test_somebody_entered_meanwhile_is_taken_and_not_made_twice(
    zoho: ControlledZoho, acme: Connection
) -> None:
    report(acme, number=NUMBER)
    deliver_lane(connection_id=acme.pk, module="Calls")
    assert Entry.objects.get(kind=Entry.Kind.CALL).state == State.WAITING
    [organisation] = zoho.sandbox.store
    shelf = organisation.shelves["Contacts"]
    template = next(iter(shelf))
    shelf.put({**template, "id": organisation.take_id(), "Last_Name": "Early", "Phone": NUMBER})
    deliver_all(acme)
    [person] = list_new(zoho)
    [call] = zoho.list_records("Calls")
    assert person["Last_Name"] == "Early"
    assert call["Who_Id"]["id"] == person["id"]


def test_after_a_lost_answer_the_person_is_found_and_not_made_twice(
    zoho: ControlledZoho, acme: Connection
) -> None:
    report(acme, number=NUMBER)
    zoho.fail("cut", method="POST", path="Contacts$", commit="after")
    deliver_lane(connection_id=acme.pk, module="Calls")
    deliver_lane(connection_id=acme.pk, module="Contacts")
    person = Entry.objects.get(kind=Entry.Kind.PERSON)
    assert person.state == State.UNKNOWN
    Entry.objects.filter(pk=person.pk).update(next_attempt_at=person.created_at)
    acme.grant.organisation.refresh_from_db()
    type(acme.grant.organisation).objects.update(waits_until=None)
    deliver_lane(connection_id=acme.pk, module="Contacts")
    deliver(acme)
    assert len(list_new(zoho)) == 1
    [call] = zoho.list_records("Calls")
    assert call["Who_Id"]["id"] == list_new(zoho)[0]["id"]


def test_whoever_needs_a_decision_can_be_created_at_the_pbxs_form_meanwhile(
    zoho: ControlledZoho, acme: Connection
) -> None:
    zoho.control(required_fields={"Contacts": ["Department"]})
    report(acme, number=NUMBER)
    deliver_all(acme)
    assert Entry.objects.get(kind=Entry.Kind.PERSON).state == State.PARKED
    zoho.control(required_fields={"Contacts": []})
    wish = Wish(number=read_number(NUMBER, acme.number_rules), last="Newman")
    create_person(acme, wish)
    release(list(Entry.objects.values_list("pk", flat=True)), by="admin")
    deliver_all(acme)
    assert [row["Last_Name"] for row in list_new(zoho)] == ["Newman"]
    assert Entry.objects.get(kind=Entry.Kind.PERSON).state == State.DELIVERED
