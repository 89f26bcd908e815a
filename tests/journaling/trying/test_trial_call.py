"""A test call goes the whole way, stands on nobody's card, and leaves nothing behind."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from connector.auth import forget_connections
from connector.models import Connection, PbxKey, TrialKey
from journaling.admin.checklist_buttons import send_test_call
from journaling.deliver import deliver_lane
from journaling.models import Attempt, Entry, Event, JournalSettings, TrialCall
from journaling.settle import settle_connection
from journaling.trying.canary import list_failed, run_canaries
from journaling.trying.trial_call import describe_trial
from tests.support.mirror import insert
from tests.support.zoho import ControlledZoho

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLE = "+441212345678"


@pytest.fixture
def acme(zoho: ControlledZoho, live_server, settings) -> Connection:
    settings.PUBLIC_URL = live_server.url
    forget_connections()
    return zoho.connect(
        journal={
            "settle_seconds": 0, "unknown_numbers": "create", "automations_calls": "always",
            "canary_enabled": True,
        }
    )  # fmt: skip


def run_corridor(acme: Connection) -> None:
    """What a worker does meanwhile."""
    settle_connection(acme.pk)
    deliver_lane(connection_id=acme.pk, module="Calls")


def test_the_button_goes_through_the_door_and_leaves_nothing(zoho: ControlledZoho, acme):
    insert(acme, "Contacts", Last_Name="Somebody", Phone=SAMPLE)
    outcome = send_test_call(acme)
    assert outcome.is_good, outcome
    assert "and deleted again" in outcome.sentence
    assert zoho.count_inserts("Calls") == 1
    assert zoho.list_records("Calls") == []
    assert [m.__name__ for m in (Entry, Event, Attempt, TrialKey) if m.objects.exists()] == []
    assert not PbxKey.objects.exists()


def test_while_it_stands_in_zoho_it_is_on_no_card_and_ran_nothing(zoho: ControlledZoho, acme):
    insert(acme, "Contacts", Last_Name="Somebody", Phone=SAMPLE)
    people = len(zoho.list_records("Contacts"))
    run_canaries()
    run_corridor(acme)
    [call] = zoho.list_records("Calls")
    assert not call.get("Who_Id")
    assert call["Subject"] == "Test call of the portal, deleted at once"
    assert Entry.objects.get().trigger == ""
    assert len(zoho.list_records("Contacts")) == people
    run_canaries()
    assert zoho.list_records("Calls") == []
    assert TrialCall.objects.get().is_good
    assert list_failed() == []


def test_the_moment_from_which_calls_are_written_does_not_stop_a_test_call(acme):
    JournalSettings.objects.update(journal_from=timezone.now() + timedelta(days=1))
    assert send_test_call(acme).is_good


def test_a_test_call_waits_for_no_other_part_of_a_call(acme):
    JournalSettings.objects.update(settle_seconds=300)
    assert send_test_call(acme).is_good


def test_a_closed_door_is_told(acme, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:1"
    settings.PORT = 1
    outcome = send_test_call(acme)
    assert outcome.is_good is False
    assert "did not take the test call: Nothing answers at http://127.0.0.1:1." in outcome.sentence
    with override("ru"):
        told = describe_trial(TrialCall.objects.get()).sentence
    assert "По адресу http://127.0.0.1:1 никто не отвечает." in told


def test_a_door_that_is_not_the_portals_is_told(zoho: ControlledZoho, acme, settings):
    settings.PUBLIC_URL = zoho.url
    assert f"{zoho.url} answers 404." in send_test_call(acme).sentence


def test_a_connection_that_stands_still_is_not_tried(acme):
    Connection.objects.update(paused_at=timezone.now())
    assert "stands still" in send_test_call(acme).sentence
    run_canaries()
    assert not TrialCall.objects.exists()


def test_a_canary_that_nobody_delivers_fails_and_is_still_cleaned_up(zoho: ControlledZoho, acme):
    run_canaries()
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=11)):
        run_canaries()
        [failed] = list_failed()
        assert "Not in Zoho after ten minutes" in describe_trial(failed).sentence
        run_corridor(acme)
        run_canaries()
        assert list_failed() == []
    assert zoho.list_records("Calls") == []


def test_a_canary_flies_once_an_hour(acme):
    TrialCall.objects.create(
        connection=acme, is_canary=True, is_good=True, code="deleted",
        began_at=timezone.now() - timedelta(minutes=50), ended_at=timezone.now(),
    )  # fmt: skip
    run_canaries()
    assert TrialCall.objects.count() == 1
    TrialCall.objects.update(began_at=timezone.now() - timedelta(minutes=61))
    run_canaries()
    assert TrialCall.objects.count() == 2


def test_a_refused_test_call_says_why(zoho: ControlledZoho, acme):
    zoho.control(required_fields={"Calls": ["Call_Purpose"]})
    assert "Zoho did not take it" in send_test_call(acme).sentence
    assert not Entry.objects.exists()
