"""Calls and chats, reports and attempts in the admin."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from connector.moments import show_moment
from journaling.models import Attempt, AttemptVerdict, Entry, Event
from tests.support.builders import (
    build_call_body,
    build_connection,
    build_entry,
    build_grant,
    build_user,
)

pytestmark = pytest.mark.django_db

LIST = "admin:journaling_entry_changelist"
NUMBER = {"number": "01632 960011", "number_key": "+441632960011"}


def build_event(connection, entry, body: bytes) -> Event:
    return Event.objects.create(
        connection=connection, entry=entry, kind="call", identity=str(entry.pk), body=body,
        received_at=timezone.now(), **NUMBER,
    )  # fmt: skip


def search(client, text: str) -> list[Entry]:
    return list(client.get(reverse(LIST), {"q": text}).context["cl"].result_list)


@pytest.mark.parametrize(
    "typed",
    ["01632 960011", "+44 1632 960011", "0044-1632-960011", "441632960011", "(01632)960011"],
)
def test_a_number_is_found_in_any_format(admin_client, typed):
    entry = build_entry(build_connection(), **NUMBER)
    build_entry(entry.connection, number="01632 960012", number_key="+441632960012")
    assert search(admin_client, typed) == [entry]


@pytest.mark.parametrize(
    ("typed", "is_found"), [("la", True), ("A", True), ("ad", True), ("da", False), ("ada", True)]
)
def test_one_or_two_letters_are_looked_for_where_a_word_of_the_name_begins(
    admin_client, typed, is_found
):
    build_entry(build_connection(), person="Ada Lane")
    assert bool(search(admin_client, typed)) is is_found


@pytest.mark.parametrize("typed", ["960011", "0011", "01632 96001", "+44 1632"])
def test_a_part_of_a_number_is_found(admin_client, typed):
    entry = build_entry(build_connection(), **NUMBER)
    build_entry(entry.connection, number="020 7946 0000", number_key="+442079460000")
    assert search(admin_client, typed) == [entry]


@pytest.mark.parametrize("typed", ["101", "ann le"])
def test_an_extension_or_a_name_is_found(admin_client, typed):
    entry = build_entry(build_connection(), extension="101", person="Ann Lee")
    build_entry(entry.connection, extension="102")
    assert search(admin_client, typed) == [entry]


@pytest.mark.parametrize("typed", ["+44 1632 960011", "960011", "ann le"])
def test_reports_are_found_by_number_and_by_their_call(admin_client, typed):
    entry = build_entry(build_connection(), person="Ann Lee", **NUMBER)
    event = build_event(entry.connection, entry, b"{}")
    page = admin_client.get(reverse("admin:journaling_event_changelist"), {"q": typed})
    assert list(page.context["cl"].result_list) == [event]


@pytest.mark.parametrize("model", ["entry", "event", "attempt"])
def test_lists_of_millions_are_never_counted(admin_client, model):
    build_entry(build_connection())
    with CaptureQueriesContext(database) as queries:
        admin_client.get(reverse(f"admin:journaling_{model}_changelist"))
    table = f'FROM "journaling_{model}"'
    assert not [row["sql"] for row in queries if "COUNT(" in row["sql"] and table in row["sql"]]


def test_the_newest_stand_first(admin_client):
    connection = build_connection()
    older, newer = build_entry(connection), build_entry(connection)
    assert list(admin_client.get(reverse(LIST)).context["cl"].result_list) == [newer, older]


def test_the_page_tells_the_story_and_links_to_zoho(admin_client):
    connection = build_connection()
    build_grant(connection)
    entry = build_entry(
        connection,
        state=Entry.State.DELIVERED,
        zoho_id="518700001",
        call_type="Missed",
        record={"Call_Purpose": "Sale"},
        trace=[{"at": "2026-11-22T10:44:31+00:00", "code": "reported", "type": "Missed"}],
        **NUMBER,
    )
    build_event(connection, entry, build_call_body(number="01632 960011"))
    page = admin_client.get(reverse("admin:journaling_entry_change", args=[entry.pk]))
    words = page.content.decode()
    assert "The PBX reported: missed call." in words
    assert "/crm/org20042000/tab/Calls/518700001" in words
    assert "&quot;number&quot;: &quot;01632 960011&quot;" in words
    assert "Call_Purpose" in words


def test_try_again_releases_a_call_that_needs_a_decision(admin_client):
    entry = build_entry(build_connection(), state=Entry.State.PARKED, reason="INVALID_DATA")
    page = reverse("admin:journaling_entry_change", args=[entry.pk])
    button = reverse("admin:journaling_entry_try_again", args=[entry.pk])
    assert button in admin_client.get(page).content.decode()
    assert admin_client.post(button).url == page
    entry.refresh_from_db()
    assert entry.state == Entry.State.WAITING
    assert "admin pressed" in admin_client.get(page).content.decode()


def test_a_delivered_call_offers_no_button(admin_client):
    entry = build_entry(build_connection(), state=Entry.State.DELIVERED)
    page = admin_client.get(reverse("admin:journaling_entry_change", args=[entry.pk]))
    assert not page.context["can_try_again"]
    assert not page.context["can_leave_out"]


def test_leave_out_keeps_a_call_out_of_zoho(admin_client):
    entry = build_entry(build_connection(), state=Entry.State.PARKED)
    admin_client.post(reverse("admin:journaling_entry_leave_out", args=[entry.pk]))
    entry.refresh_from_db()
    assert entry.state == Entry.State.LEFT_OUT


def test_the_bulk_action_says_how_many_are_tried_again(admin_client):
    connection = build_connection()
    chosen = [
        build_entry(connection, state=state)
        for state in (Entry.State.PARKED, Entry.State.PARKED, Entry.State.DELIVERED)
    ]
    answer = admin_client.post(
        reverse(LIST),
        {
            "action": "try_again",
            "confirmed": "1",
            "_selected_action": [entry.pk for entry in chosen],
        },
        follow=True,
    )
    assert "2 of 3 are tried again now." in answer.content.decode()


def test_whoever_may_only_look_sees_no_buttons_and_presses_none(client):
    entry = build_entry(build_connection(), state=Entry.State.PARKED)
    client.force_login(build_user("viewer"))
    page = client.get(reverse("admin:journaling_entry_change", args=[entry.pk]))
    button = reverse("admin:journaling_entry_try_again", args=[entry.pk])
    assert button not in page.content.decode()
    assert client.post(button).status_code == 403


def test_a_report_that_is_no_text_is_shown_all_the_same(admin_client):
    entry = build_entry(build_connection(), kind=Entry.Kind.REPORT, state=Entry.State.PARKED)
    event = build_event(entry.connection, entry, b"\xff\xfe<script>")
    page = admin_client.get(reverse("admin:journaling_event_change", args=[event.pk]))
    assert "&lt;script&gt;" in page.content.decode()


def test_an_attempt_shows_what_zoho_said_about_each_record(admin_client):
    entry = build_entry(build_connection())
    attempt = Attempt.objects.create(
        connection=entry.connection, sent_at=timezone.now(), took_ms=12, method="POST",
        path="/crm/v8/Calls", status=200, outcome="answered",
    )  # fmt: skip
    AttemptVerdict.objects.create(
        attempt=attempt, entry=entry, outcome="rejected", code="INVALID_DATA", words="invalid data"
    )
    page = admin_client.get(reverse("admin:journaling_attempt_change", args=[attempt.pk]))
    assert "INVALID_DATA" in page.content.decode()
    assert entry.reference in page.content.decode()


@pytest.mark.parametrize("body", [b'{"Name": "\\ud800"}', b"[" * 100_000, b"\xff"])
def test_whatever_a_report_holds_its_page_opens(admin_client, body):
    connection = build_connection()
    event = build_event(connection, build_entry(connection), body)
    for kind, pk in (("event", event.pk), ("entry", event.entry_id)):
        page = admin_client.get(reverse(f"admin:journaling_{kind}_change", args=[pk]))
        assert page.status_code == 200


def test_signs_of_markup_in_names_and_reports_stay_text(admin_client):
    hostile = """"'><i data-hostile x-init="alert(1)">"""
    entry = build_entry(build_connection(name=hostile), person=hostile, words=hostile)
    event = build_event(entry.connection, entry, hostile.encode())
    for kind, pk in (("event", event.pk), ("entry", entry.pk)):
        page = admin_client.get(reverse(f"admin:journaling_{kind}_change", args=[pk]))
        assert b"<i data-hostile" not in page.content
    assert b"<i data-hostile" not in admin_client.get(reverse(LIST)).content


def test_the_page_says_what_a_call_waits_for_and_until_when(admin_client):
    connection = build_connection()
    later = timezone.now() + timedelta(days=2)
    entry = build_entry(connection, state=Entry.State.SETTLING, next_attempt_at=later)

    def read_waiting() -> str:
        page = reverse("admin:journaling_entry_change", args=[entry.pk])
        return str(admin_client.get(page).context["waiting"])

    until = show_moment(later, zone=connection.time_zone)
    assert read_waiting() == f"Further parts of the call, until {until}."
    Entry.objects.update(state=Entry.State.WAITING)
    assert read_waiting() == "The connection: Not authorised yet."
    grant = build_grant(connection)
    assert read_waiting() == f"The next attempt, at {until}."
    person = build_entry(connection, kind=Entry.Kind.PERSON)
    Entry.objects.filter(pk=entry.pk).update(after=person)
    assert read_waiting() == f"{person}, which it comes after (waiting)."
    grant.organisation.waits_until = later
    grant.organisation.save()
    assert read_waiting().endswith(f"(until {until}).")
    Entry.objects.filter(pk=entry.pk).update(state=Entry.State.DELIVERED)
    assert read_waiting() == ""
