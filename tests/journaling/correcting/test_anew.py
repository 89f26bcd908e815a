"""Another owner or kind: written anew, and only then the old record is deleted."""

from datetime import timedelta

import pytest
import requests
import time_machine
from django.urls import reverse
from django.utils import timezone

from connector.models import Connection
from journaling import entries
from journaling.correcting.anew import write_anew
from journaling.correcting.card_by_hand import put_on
from journaling.correcting.chosen import Chosen
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from tests.journaling.correcting.test_late import change_in_zoho
from tests.support.builders import build_call_body, build_entry

pytestmark = pytest.mark.django_db

State, Kind = Entry.State, Entry.Kind


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0, "follow_up_enabled": True})


@pytest.fixture
def missed(acme) -> Entry:
    """A missed call in Zoho."""
    body = build_call_body(type="Missed", number="+390612345678", seconds="0")
    store_report(connection=acme, kind="call", body=body)
    settle_connection(acme.pk)
    deliver(acme)
    return Entry.objects.get(kind=Kind.CALL)


def deliver(connection: Connection) -> None:
    for module in ("Calls", "Tasks", Entry.CORRECTIONS, Entry.CORRECTIONS):
        deliver_lane(connection_id=connection.pk, module=module)


def choose(zoho, *, email: str = "boss@acme.example", kind: str = "Inbound") -> Chosen:
    return Chosen(owner_zoho_id=zoho.find_user(email), owner="Boss", call_type=kind)


def list_calls(zoho) -> list[tuple[str, str]]:
    return [(call["Call_Type"], call["Owner"]["id"]) for call in zoho.list_records("Calls")]


def test_it_is_said_before_it_is_done_and_stays_on_its_card(admin_client, zoho, acme, missed):
    contact = zoho.find_person("Contacts", "Lane")
    put_on(missed, module="Contacts", zoho_id=contact["id"], by="admin")
    url = reverse("admin:journaling_entry_write_anew", args=[missed.pk])
    owner, before = zoho.find_user("boss@acme.example"), list_calls(zoho)
    page = admin_client.get(reverse("admin:journaling_entry_change", args=[missed.pk]))
    assert url in page.content.decode()
    same = admin_client.get(url).context["form"].initial
    assert "Choose another owner" in admin_client.post(url, same).content.decode()
    said = admin_client.post(url, {"owner": owner, "kind": "Inbound"}).content.decode()
    assert "if nobody has changed it since the portal wrote it" in said
    assert Entry.objects.filter(kind=Kind.CALL).count() == 1
    typed = {"owner": owner, "kind": "Inbound", "confirmed": "1"}
    done = admin_client.post(url, typed, follow=True).content.decode()
    assert f"admin had {missed.reference} written anew: answered incoming call" in done
    assert "nothing was done" in admin_client.post(url, typed, follow=True).content.decode()
    assert list_calls(zoho) == before
    deliver(acme)
    assert list_calls(zoho) == [("Inbound", owner)]
    [call] = zoho.list_records("Calls")
    assert call["Who_Id"]["id"] == contact["id"]
    former, fresh = Entry.objects.filter(kind=Kind.CALL).order_by("pk")
    assert (former.state, former.reason) == (State.LEFT_OUT, "written_anew")
    assert entries.release([former.pk], by="operator") == 0
    assert (fresh.state, fresh.events.count()) == (State.DELIVERED, 1)
    [task] = zoho.list_records("Tasks")
    assert task["Status"] == "Completed", "a call that was answered needs no follow-up"


@pytest.mark.parametrize(("method", "module"), [("POST", "Calls"), ("DELETE", "Calls")])
def test_whatever_dies_between_the_two_steps_one_record_is_left(zoho, acme, missed, method, module):
    chosen = choose(zoho)
    write_anew(missed, chosen=chosen, by="admin")
    zoho.fail("cut", method=method, module=module, commit="after")
    for minutes in (0, 3, 6, 9):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
            deliver(acme)
    assert list_calls(zoho) == [("Inbound", chosen.owner_zoho_id)]
    assert list_states() == [State.LEFT_OUT, State.DELIVERED]


def test_the_old_record_is_deleted_only_when_the_new_one_is_there(zoho, acme, missed):
    write_anew(missed, chosen=choose(zoho), by="admin")
    deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
    assert [kind for kind, _owner in list_calls(zoho)] == ["Missed"]


def test_a_record_that_somebody_changed_stays_and_is_named(zoho, acme, missed):
    change_in_zoho(zoho, acme, missed.zoho_id, Description="I rang them back. Tom")
    write_anew(missed, chosen=choose(zoho), by="admin")
    deliver(acme)
    calls = {call["Call_Type"]: call["Description"] for call in zoho.list_records("Calls")}
    assert calls["Missed"] == "I rang them back. Tom"
    assert missed.zoho_id in calls["Inbound"]


def test_an_owner_whom_zoho_refuses_needs_a_decision_and_the_old_record_can_stay(
    zoho, acme, missed
):
    nobody = Chosen(owner_zoho_id="5000000000009999", owner="Gone", call_type="Missed")
    fresh = write_anew(missed, chosen=nobody, by="admin")
    assert fresh
    deliver(acme)
    fresh.refresh_from_db()
    assert (fresh.state, fresh.field) == (State.PARKED, "Owner")
    assert entries.leave_out([fresh.pk], by="admin") == 1
    deliver(acme)
    assert entries.release([fresh.pk], by="admin") == 0
    assert list_states() == [State.DELIVERED, State.LEFT_OUT]
    assert write_anew(missed, chosen=choose(zoho), by="admin"), "its reports came back"


def test_what_is_not_in_zoho_or_lost_its_reports_is_not_written_anew(zoho, acme, missed):
    waiting = build_entry(acme)
    assert write_anew(waiting, chosen=choose(zoho), by="admin") is None
    missed.events.update(body_deleted_at=timezone.now())
    assert write_anew(missed, chosen=choose(zoho), by="admin") is None


def list_states() -> list[str]:
    return list(Entry.objects.filter(kind=Kind.CALL).order_by("pk").values_list("state", flat=True))


def test_an_old_record_that_is_missed_in_zoho_meanwhile_is_not_sent_without_its_reports(
    zoho, acme, missed
):
    """They belong to the new one already."""
    fresh = write_anew(missed, chosen=choose(zoho), by="admin")
    Entry.objects.filter(pk=fresh.pk).update(next_attempt_at=timezone.now() + timedelta(hours=1))
    delete_in_zoho(zoho, acme, missed.zoho_id)
    missed.refresh_from_db()
    assert entries.ask_again(missed)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(9):
            clock.shift(timedelta(minutes=10))
            deliver(acme)
    assert [kind for kind, _owner in list_calls(zoho)] == ["Inbound"]
    assert list_states() == [State.LEFT_OUT, State.DELIVERED]
    missed.refresh_from_db()
    assert missed.reason == "written_anew"


def delete_in_zoho(zoho, connection: Connection, zoho_id: str) -> None:
    token = connection.grant.access_token.reveal()
    requests.delete(
        f"{zoho.url}/crm/v8/Calls/{zoho_id}",
        headers={"Authorization": f"Zoho-oauthtoken {token}"},
        timeout=5,
    ).raise_for_status()
