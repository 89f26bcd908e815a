"""A person who is created from the PBX's form: once, whole or not at all."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from connector.auth import forget_connections, make_key
from connector.models import Connection, MirroredPerson
from connector.people import live, mirror
from journaling.deliver import deliver_lane
from journaling.models import CreatedPerson, Entry, JournalSettings
from tests.support.zoho import ControlledZoho

pytestmark = pytest.mark.django_db
NUMBER = "+441632961234"


@pytest.fixture(autouse=True)
def forget() -> None:
    """What a process remembers of an earlier test."""
    forget_connections()
    mirror.forget_standing()
    live.forget_answers()


def post(connection: Connection, **form: str) -> HttpResponse:
    return Client().post(
        f"/pbx/{connection.slug}/contacts",
        json.dumps({"number": NUMBER, "first": "Nina", "last": "Newman"} | form),
        content_type="application/json",
        headers={"X-Api-Key": make_key(connection)},
    )


def create(connection: Connection, **form: str) -> dict[str, Any]:
    answer = post(connection, **form)
    assert answer.status_code == 200, answer.content
    [match] = json.loads(answer.content)["matches"]
    return match


def list_newmans(zoho: ControlledZoho, module: str) -> list[dict[str, Any]]:
    return [row for row in zoho.list_records(module) if row.get("Last_Name") == "Newman"]


def has_account(zoho: ControlledZoho, name: str) -> bool:
    return any(row["Account_Name"] == name for row in zoho.list_records("Accounts"))


def test_the_stored_record_is_answered_and_found_from_then_on(zoho: ControlledZoho) -> None:
    connection = zoho.connect(fallback_owner="boss@acme.example")
    match = create(connection, number="01632 961234", email="nina@mail.example")
    [stored] = list_newmans(zoho, "Contacts")
    assert stored["Phone"] == NUMBER
    assert stored["Owner"]["id"] == zoho.find_user("boss@acme.example")
    assert (match["id"], match["module"], match["echo"]) == (
        stored["id"],
        "Contacts",
        "01632 961234",
    )
    assert match["email"] == "nina@mail.example"
    assert create(connection)["id"] == stored["id"]
    assert len(list_newmans(zoho, "Contacts")) == 1


def test_a_lead_is_created_where_the_connection_says_so(zoho: ControlledZoho) -> None:
    connection = zoho.connect(create_as="lead")
    match = create(connection)
    [stored] = list_newmans(zoho, "Leads")
    assert match["module"] == "Leads"
    assert stored["Company"] == "Nina Newman"


@pytest.mark.parametrize("company", ["Lane & Sons", "O'Neill's New Co"])
def test_a_contact_stands_on_the_account_of_its_company(zoho: ControlledZoho, company: str) -> None:
    before = len(zoho.list_records("Accounts"))
    match = create(zoho.connect(), company=company)
    [stored] = list_newmans(zoho, "Contacts")
    account = next(a for a in zoho.list_records("Accounts") if a["Account_Name"] == company)
    assert stored["Account_Name"]["id"] == account["id"]
    assert match["company"] == company
    made = len(zoho.list_records("Accounts")) - before
    assert made == (0 if company == "Lane & Sons" else 1)


def test_further_fields_are_filled(zoho: ControlledZoho) -> None:
    connection = zoho.connect()
    JournalSettings.objects.update(fields_contact={"Description": "Called from [Number]"})
    create(connection)
    [stored] = list_newmans(zoho, "Contacts")
    assert stored["Description"] == f"Called from {NUMBER}"


def test_whoever_is_known_already_is_answered_and_nobody_created(zoho: ControlledZoho) -> None:
    match = create(zoho.connect(), number="01632 960011")
    assert match["last"] == "Lane"
    assert list_newmans(zoho, "Contacts") == []


def test_a_mandatory_field_that_the_settings_fill_keeps_nobody_out(zoho: ControlledZoho) -> None:
    zoho.control(required_fields={"Contacts": ["Department", "Account_Name"]})
    connection = zoho.connect()
    JournalSettings.objects.update(fields_contact={"Department": "Sales"})
    create(connection, company="Lane & Sons")
    [stored] = list_newmans(zoho, "Contacts")
    assert stored["Department"] == "Sales"


def test_whoever_is_kept_out_of_lookups_is_answered_as_typed(zoho: ControlledZoho) -> None:
    connection = zoho.connect(keep_out=["Contacts: Last_Name = Newman"])
    match = create(connection)
    assert create(connection, last="Other")["id"] == match["id"]
    assert not MirroredPerson.objects.filter(zoho_id=match["id"]).exists()


def test_a_mandatory_field_of_the_layout_is_named_and_nothing_is_left_behind(
    zoho: ControlledZoho,
) -> None:
    zoho.control(required_fields={"Contacts": ["Department"]})
    before = len(zoho.list_records("Accounts"))
    answer = post(zoho.connect(), company="Brand New Ltd")
    assert answer.status_code == 422
    assert "“Department” (Department)" in json.loads(answer.content)["error"]
    assert zoho.count_inserts("Contacts") == zoho.count_inserts("Accounts") == 0
    assert list_newmans(zoho, "Contacts") == []
    assert len(zoho.list_records("Accounts")) == before
    zoho.control(required_fields={"Contacts": []})
    assert post(Connection.objects.get()).status_code == 200


def test_a_refusal_is_told_in_the_language_of_the_connection(zoho: ControlledZoho) -> None:
    zoho.control(required_fields={"Contacts": ["Department"]})
    error = json.loads(post(zoho.connect(language="ru")).content)["error"]
    assert "не создал" in error
    assert "Макет в Zoho" in error


@pytest.mark.parametrize("number", ["anonymous", "101", ""])
def test_withheld_and_internal_numbers_are_refused(zoho: ControlledZoho, number: str) -> None:
    answer = post(zoho.connect(), number=number)
    assert answer.status_code == 400
    assert "number" in json.loads(answer.content)["error"]


def test_switched_off_means_off(zoho: ControlledZoho) -> None:
    assert post(zoho.connect(contact_creation=False)).status_code == 403


def test_zoho_stopped_is_said_clearly_and_nothing_is_half_made(zoho: ControlledZoho) -> None:
    connection = zoho.connect()
    zoho.sandbox.stop()
    answer = post(connection)
    assert answer.status_code == 503
    assert "cannot be reached" in json.loads(answer.content)["error"]
    zoho.sandbox.start()
    live.forget_answers()
    assert create(connection)["last"] == "Newman"


def test_a_hanging_zoho_is_given_up(zoho: ControlledZoho) -> None:
    connection = zoho.connect()
    zoho.control(latency_ms=4000)
    assert post(connection).status_code in (503, 504)
    zoho.control(latency_ms=0)
    assert list_newmans(zoho, "Contacts") == []


def test_an_account_that_came_too_late_for_its_contact_does_not_stay(zoho: ControlledZoho) -> None:
    connection = zoho.connect()
    # Less than a second is left for the contact.
    zoho.fail("hang", method="POST", path="Accounts$", seconds=1.8, commit="after")
    assert post(connection, company="Brand New Ltd").status_code == 503
    assert zoho.count_inserts("Accounts") == 1
    deliver_lane(connection_id=connection.pk, module=Entry.CORRECTIONS)
    assert not has_account(zoho, "Brand New Ltd")
    assert list_newmans(zoho, "Contacts") == []


def test_after_a_lost_answer_the_record_is_found_and_not_made_twice(zoho: ControlledZoho) -> None:
    connection = zoho.connect()
    zoho.fail("cut", method="POST", path="Contacts$", commit="after")
    match = create(connection)
    assert [row["id"] for row in list_newmans(zoho, "Contacts")] == [match["id"]]


def test_a_record_that_is_written_late_is_not_made_twice(zoho: ControlledZoho) -> None:
    connection = zoho.connect()
    zoho.fail("commit_late", method="POST", path="Contacts$", seconds=0.5, status=502)
    answer = post(connection)
    assert answer.status_code == 504
    assert CreatedPerson.objects.get().is_unsure
    zoho.sandbox.front.faults.wait(1)
    create(connection)
    assert len(list_newmans(zoho, "Contacts")) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_agents_who_press_at_once_create_one_person(zoho: ControlledZoho) -> None:
    connection = zoho.connect()
    key = make_key(connection)

    def press(_: int) -> int:
        try:
            answer = Client().post(
                f"/pbx/{connection.slug}/contacts",
                json.dumps({"number": NUMBER, "last": "Newman"}),
                content_type="application/json",
                headers={"X-Api-Key": key},
            )
            return answer.status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(press, range(8)))
    assert 200 in statuses
    assert set(statuses) <= {200, 409}
    assert len(list_newmans(zoho, "Contacts")) == 1
