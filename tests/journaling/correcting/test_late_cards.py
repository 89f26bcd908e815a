"""Calls find their card afterwards: callers entered later, converted leads, merged records."""

from datetime import timedelta

import pytest
from django.utils import timezone

from connector.models import Connection, MirroredPerson
from connector.people import live, mirror
from journaling.correcting.late_cards import relink_connection
from journaling.models import Entry, JournalSettings
from journaling.telling.story import tell
from tests.journaling.test_deliver import PROMPT, deliver, report
from tests.support.mirror import convert, delete, insert, sync, update
from tests.support.zoho import ControlledZoho

NUMBER = "+441632961234"


@pytest.fixture
def acme(zoho: ControlledZoho, transactional_db: None) -> Connection:
    live.forget_answers()
    mirror.forget_standing()
    connection = zoho.connect(journal=PROMPT)
    sync()
    return connection


def relink(connection: Connection) -> Entry:
    sync()
    mirror.forget_standing()
    relink_connection(connection.pk)
    return Entry.objects.get()


def find_call(zoho: ControlledZoho) -> dict:
    [call] = zoho.list_records("Calls")
    return call


def test_a_caller_entered_after_the_call_gets_the_call(
    zoho: ControlledZoho, acme: Connection
) -> None:
    report(acme, number="01632 961234")
    deliver(acme)
    assert not find_call(zoho).get("Who_Id")
    contact = insert(acme, "Contacts", Last_Name="Newman", Mobile=NUMBER)
    ran = zoho.read_counters()["workflows"]
    entry = relink(acme)
    assert find_call(zoho)["Who_Id"]["id"] == contact
    assert zoho.read_counters()["workflows"] == ran
    assert (entry.card_module, entry.card_zoho_id) == ("Contacts", contact)
    assert entry.trace[-1]["code"] == "relinked"


def test_the_task_to_call_back_gets_the_caller_with_the_missed_call(
    zoho: ControlledZoho, acme: Connection
) -> None:
    JournalSettings.objects.update(follow_up_enabled=True)
    report(acme, number="01632 961234", type="Missed", seconds="0")
    deliver(acme)
    deliver(acme, "Tasks")
    contact = insert(acme, "Contacts", Last_Name="Newman", Mobile=NUMBER)
    sync()
    mirror.forget_standing()
    assert relink_connection(acme.pk) == 2
    [task] = zoho.list_records("Tasks")
    assert task["Who_Id"]["id"] == find_call(zoho)["Who_Id"]["id"] == contact
    entry = Entry.objects.get(kind=Entry.Kind.FOLLOW_UP)
    assert (entry.card_zoho_id, entry.person) == (contact, "Newman")
    assert "Newman" in [line.text for line in tell(entry)][-1]
    assert relink_connection(acme.pk) == 0


def test_calls_of_more_than_thirty_days_ago_stay_as_they_are(
    zoho: ControlledZoho, acme: Connection
) -> None:
    report(acme, number=NUMBER)
    deliver(acme)
    contact = insert(acme, "Contacts", Last_Name="Newman", Mobile=NUMBER)
    found = []
    for days in (31, 29):
        Entry.objects.update(delivered_at=timezone.now() - timedelta(days=days))
        found.append(relink(acme).card_zoho_id)
    assert found == ["", contact]


def test_last_digits_alone_move_nothing(zoho: ControlledZoho, acme: Connection) -> None:
    Connection.objects.update(matching_strategy="last_digits")
    report(acme, number=NUMBER)
    deliver(acme)
    insert(acme, "Contacts", Last_Name="Else", Mobile="+491632961234")
    assert relink(acme).card_zoho_id == ""
    assert not find_call(zoho).get("Who_Id")


def test_what_a_person_linked_by_hand_stays(zoho: ControlledZoho, acme: Connection) -> None:
    report(acme, number=NUMBER)
    deliver(acme)
    ada = MirroredPerson.objects.get(last_name="Lane", first_name="Ada").zoho_id
    update(acme, "Calls", find_call(zoho)["id"], Who_Id={"id": ada})
    insert(acme, "Contacts", Last_Name="Newman", Mobile=NUMBER)
    entry = relink(acme)
    assert find_call(zoho)["Who_Id"]["id"] == ada
    assert entry.card_zoho_id == ada
    assert entry.trace[-1]["code"] == "linked_by_hand"


def test_a_call_on_a_converted_lead_moves_to_its_contact(
    zoho: ControlledZoho, acme: Connection
) -> None:
    report(acme, number="+441632960022")
    [entry] = deliver(acme)
    assert entry.card_module == "Leads"
    convert(acme, entry.card_zoho_id)
    entry = relink(acme)
    call = find_call(zoho)
    assert entry.card_module == "Contacts"
    assert call["Who_Id"]["id"] == entry.card_zoho_id
    assert call.get("$se_module") != "Leads"
    assert entry.trace[-1]["code"] == "relinked_converted"


def test_after_a_merge_the_one_living_record_gets_the_call(
    zoho: ControlledZoho, acme: Connection
) -> None:
    old = insert(acme, "Contacts", Last_Name="Old", Mobile=NUMBER)
    sync()
    report(acme, number=NUMBER)
    [entry] = deliver(acme)
    assert entry.card_zoho_id == old
    delete(acme, "Contacts", old)
    MirroredPerson.objects.filter(zoho_id=old).delete()
    new = insert(acme, "Contacts", Last_Name="New", Mobile=NUMBER)
    entry = relink(acme)
    assert entry.card_zoho_id == new
    assert find_call(zoho)["Who_Id"]["id"] == new


def test_after_a_merge_two_living_records_are_left_to_a_person(
    zoho: ControlledZoho, acme: Connection
) -> None:
    old = insert(acme, "Contacts", Last_Name="Old", Mobile=NUMBER)
    sync()
    report(acme, number=NUMBER)
    deliver(acme)
    delete(acme, "Contacts", old)
    MirroredPerson.objects.filter(zoho_id=old).delete()
    for name in ("One", "Two"):
        insert(acme, "Contacts", Last_Name=name, Mobile=NUMBER)
    assert relink(acme).card_zoho_id == old


def test_nothing_moves_while_the_mirror_is_not_current(
    zoho: ControlledZoho, acme: Connection
) -> None:
    report(acme, number=NUMBER)
    deliver(acme)
    insert(acme, "Contacts", Last_Name="Newman", Mobile=NUMBER)
    sync("Contacts")
    from_before = Entry.objects.get()
    mirror.forget_standing()
    Connection.objects.update(country="DE")
    assert relink_connection(acme.pk) == 0
    assert Entry.objects.get().card_zoho_id == from_before.card_zoho_id == ""
