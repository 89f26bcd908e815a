"""What people correct on a call's page, and the list as CSV."""

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from connector.wording import unpack
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body, build_connection, build_entry

pytestmark = pytest.mark.django_db

LIST = "admin:journaling_entry_changelist"
State = Entry.State


def press(client, entry: Entry, button: str, **typed: str) -> str:
    url = reverse(f"admin:journaling_entry_{button}", args=[entry.pk])
    words = client.post(url, typed, follow=True).content.decode()
    entry.refresh_from_db()
    return words


def test_a_call_is_put_on_another_person_in_place(admin_client, zoho):
    acme = zoho.connect(journal={"settle_seconds": 0})
    contact = zoho.find_person("Contacts", "Lane")
    store_report(connection=acme, kind="call", body=build_call_body(number="+390612345678"))
    settle_connection(acme.pk)
    deliver_lane(connection_id=acme.pk, module="Calls")
    entry = Entry.objects.get()
    page = f"https://crm.zoho.com/crm/org1/tab/Contacts/{contact['id']}"
    words = press(admin_client, entry, "put_on", person=page)
    [call] = zoho.list_records("Calls")
    assert (call["id"], call["Who_Id"]["id"]) == (entry.zoho_id, contact["id"])
    assert entry.card_zoho_id == contact["id"]
    assert f"admin put it on {entry.person}." in words
    assert f"&quot;id&quot;: &quot;{contact['id']}" not in words


def test_an_address_that_is_none_is_refused(admin_client):
    entry = build_entry(build_connection(), state=State.DELIVERED, zoho_id="1")
    assert "Copy the address" in press(admin_client, entry, "put_on", person="Ann Lee")


def test_one_of_several_candidates_is_taken(admin_client):
    trace = [{"at": "2026-11-22T10:44:31+00:00", "code": "parked", "candidates": ["71", "72"]}]
    entry = build_entry(
        build_connection(), state=State.PARKED, reason="several_candidates", trace=trace
    )
    press(admin_client, entry, "candidate", zoho_id="99")
    assert entry.state == State.PARKED
    press(admin_client, entry, "candidate", zoho_id="72")
    assert (entry.state, entry.zoho_id) == (State.DELIVERED, "72")


def test_what_was_done_by_hand_is_never_sent(admin_client):
    entry = build_entry(build_connection(), state=State.PARKED)
    press(admin_client, entry, "done")
    assert (entry.state, entry.reason) == (State.LEFT_OUT, "done_by_hand")


def test_bulk_actions_count_before_they_act(admin_client):
    connection = build_connection()
    chosen = [build_entry(connection, state=State.PARKED).pk for _number in range(3)]
    other = build_entry(connection, state=State.WAITING)
    filtered = reverse(LIST) + "?state__exact=parked"
    typed = {"action": "leave_out", "_selected_action": chosen[:2]}
    asked = admin_client.post(filtered, typed).content.decode()
    assert "Keep 2 calls out of Zoho?" in asked
    assert "3 calls in all" in asked
    assert Entry.objects.filter(state=State.PARKED).count() == 3
    admin_client.post(filtered, typed | {"confirmed": "1"})
    assert Entry.objects.filter(state=State.LEFT_OUT).count() == 2
    admin_client.post(filtered, typed | {"confirmed": "1", "select_across": "1"})
    assert list(Entry.objects.exclude(state=State.LEFT_OUT)) == [other]


def test_the_whole_filtered_list_is_saved_as_csv_which_runs_no_formula(admin_client):
    entry = build_entry(build_connection(), person="=cmd()", number="+441632960011")
    build_entry(entry.connection, state=State.PARKED)
    page = admin_client.get(reverse(LIST)).content.decode()
    assert "Save this list as CSV" in page
    typed = {"action": "export", "select_across": "1", "_selected_action": "0"}
    answer = admin_client.post(reverse(LIST) + "?state__exact=waiting", typed)
    text = b"".join(answer.streaming_content).decode()
    assert text.count("\n") == 2
    assert "'=cmd()" in text
    assert ",+441632960011," in text
    line = LogEntry.objects.get(object_pk=str(entry.connection_id), action=1)
    assert (line.actor.username, str(unpack(line.additional_data["words"]))) == (
        "admin", "Saved as CSV. (1)",
    )  # fmt: skip


def test_extension_and_day_narrow_the_list(admin_client):
    connection = build_connection(time_zone="UTC")
    started_at = timezone.now()
    wanted = build_entry(connection, extension="101", started_at=started_at)
    build_entry(connection, extension="102", started_at=started_at)
    day = f"{started_at:%Y-%m-%d}"

    def list_found(**query: str) -> list[Entry]:
        return list(admin_client.get(reverse(LIST), query).context["cl"].result_list)

    assert list_found(extension="101", day=day) == [wanted]
    assert list_found(extension="101", day="2020-01-01") == []


def test_a_candidate_that_became_another_calls_record_cannot_be_taken(admin_client):
    acme = build_connection()
    trace = [{"at": "2026-11-22T10:44:31+00:00", "code": "parked", "candidates": ["71", "72"]}]
    entry = build_entry(acme, state=State.PARKED, reason="several_candidates", trace=trace)
    build_entry(acme, state=State.DELIVERED, zoho_id="72")
    press(admin_client, entry, "candidate", zoho_id="72")
    assert entry.state == State.PARKED
