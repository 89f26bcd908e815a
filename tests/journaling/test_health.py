"""What the dashboard says needs attention."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from connector.models import Connection
from connector.state import Level
from journaling.health import list_findings
from journaling.models import Entry
from tests.support.builders import build_connection, build_entry, build_grant

pytestmark = pytest.mark.django_db


def list_sentences() -> list[str]:
    return [finding.sentence for finding in list_findings()]


def build_working(slug: str = "acme", **values) -> Connection:
    connection = build_connection(slug, last_lookup_at=timezone.now(), **values)
    build_grant(connection)
    return connection


def test_a_working_connection_needs_nothing():
    build_working()
    assert list_findings() == []


def test_a_new_connection_misses_both_ends():
    build_connection()
    assert list_sentences() == ["Not authorised in Zoho yet.", "Nothing heard from the PBX yet."]


def test_a_refused_grant_says_how_many_wait():
    connection = build_working()
    connection.grant.state = "refused"
    connection.grant.save()
    build_entry(connection)
    assert list_sentences() == ["Zoho refuses the access. 1 waits; nothing is lost."]


def test_a_hold_says_why():
    build_working(held_at=timezone.now(), held_code="x", held_words="No right to write calls")
    assert list_sentences() == ["Paused: No right to write calls."]


def test_what_needs_a_decision_is_counted_by_reason_and_leads_to_the_calls(admin_client):
    connection = build_working()
    for reason in ("MANDATORY_NOT_FOUND", "MANDATORY_NOT_FOUND", "unreadable_report"):
        field = "" if reason == "unreadable_report" else "Call_Purpose"
        build_entry(connection, state=Entry.State.PARKED, reason=reason, field=field)
    organisation = connection.grant.organisation
    organisation.fields = {"Calls": {"Call_Purpose": {"label": "Purpose"}}}
    organisation.save()
    findings = list_findings()
    assert [finding.sentence for finding in findings] == [
        "2 calls and chats need a decision: A mandatory field of this organisation is empty: "
        "“Purpose” (Call_Purpose).",
        "1 report from the PBX cannot be read.",
    ]
    assert len(admin_client.get(findings[0].url).context["cl"].result_list) == 2


def test_what_waits_too_long_is_said():
    entry = build_entry(build_working())
    Entry.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(hours=2))
    assert len(list_findings()) == 1
    assert list_findings()[0].level == Level.WARNING


def test_a_switched_off_connection_is_left_alone():
    build_connection(active=False)
    assert list_findings() == []


def test_the_worst_stands_first():
    build_connection("new")
    build_working("held", held_at=timezone.now(), held_words="Stop.")
    assert [finding.level for finding in list_findings()] == [
        Level.DANGER, Level.WARNING, Level.INFO,
    ]  # fmt: skip


def test_connections_stand_by_their_trouble_with_their_figures(admin_client):
    build_working("fine")
    broken = build_working("worse", held_at=timezone.now(), held_words="Stop.")
    for state in (Entry.State.WAITING, Entry.State.PARKED, Entry.State.DELIVERED):
        build_entry(broken, state=state)
    rows = admin_client.get(reverse("admin:index")).context["rows"]
    assert [row["name"] for row in rows] == ["Worse", "Fine"]
    figures = ("waiting", "parked", "today", "refused")
    assert [rows[0][name] for name in figures] == [1, 1, 1, 0]
    assert rows[0]["lookup"] != rows[0]["report"] == "–"


def test_the_dashboard_asks_as_often_for_ten_connections_as_for_two(admin_client):
    build_working("first")
    build_connection("second")
    admin_client.get(reverse("admin:index"))  # the first look notes which installation this is
    with CaptureQueriesContext(database) as few:
        admin_client.get(reverse("admin:index"))
    for number in range(8):
        build_entry(build_working(f"more-{number}"), state=Entry.State.PARKED, reason="x")
    with CaptureQueriesContext(database) as many:
        admin_client.get(reverse("admin:index"))
    assert len(many) == len(few)


def test_without_a_connection_the_dashboard_offers_to_add_one(admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert reverse("admin:connector_connection_add") in page


def test_an_account_without_rights_sees_nothing_of_connections(client):
    build_connection(name="Acme Ltd")
    client.force_login(User.objects.create_user("new", is_staff=True))
    page = client.get(reverse("admin:index")).content.decode()
    assert "Acme Ltd" not in page
    assert "no right to see connections" in page
