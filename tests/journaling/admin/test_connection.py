"""The connection's page: one form over both rows of settings."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.models import Agent, Connection
from journaling.models import JournalSettings
from tests.journaling.admin_pages import find_page, list_errors, read_form, save_page
from tests.support.builders import build_connection, build_grant

pytestmark = pytest.mark.django_db


def test_one_save_writes_both_rows(admin_client):
    connection = build_connection()
    answer = save_page(admin_client, connection, name="Acme & Sons", call_subject="Call [Number]")
    assert answer.status_code == 302
    connection.refresh_from_db()
    assert connection.name == "Acme & Sons"
    assert JournalSettings.objects.get(connection=connection).call_subject == "Call [Number]"


def test_saving_without_typing_changes_nothing(admin_client):
    connection = build_connection(
        client_secret="quiet",
        outside_prefixes=["9", "00"],
        withheld=["anonymous", ""],
        journal={"fields_calls": {"Call_Purpose": "[Name]"}, "calls_enabled": False, "missed": "x"},
    )
    before = [
        Connection.objects.filter(pk=connection.pk).values().get(),
        JournalSettings.objects.filter(connection=connection).values().get(),
    ]
    assert save_page(admin_client, connection).status_code == 302
    after = [
        Connection.objects.filter(pk=connection.pk).values().get(),
        JournalSettings.objects.filter(connection=connection).values().get(),
    ]
    for row in (before[0], after[0]):
        row["client_secret"] = row["client_secret"].reveal()
    assert after == before


def test_the_secret_is_never_shown_and_an_empty_field_keeps_it(admin_client):
    connection = build_connection(client_secret="very-quiet-secret")
    assert b"very-quiet-secret" not in admin_client.get(find_page(connection)).content
    save_page(admin_client, connection, client_secret="")
    assert Connection.objects.get().client_secret.reveal() == "very-quiet-secret"
    save_page(admin_client, connection, client_secret=" another ")
    assert Connection.objects.get().client_secret.reveal() == "another"


def test_saving_writes_no_column_that_changes_by_itself(admin_client):
    connection = build_connection()
    fields = read_form(admin_client, connection) | {"name": "Other"}
    with CaptureQueriesContext(database) as queries:
        admin_client.post(find_page(connection), fields)
    updates = [row["sql"] for row in queries if row["sql"].startswith('UPDATE "connector_conn')]
    assert updates
    assert not [sql for sql in updates if "held_at" in sql or "last_lookup_at" in sql]


def test_an_unknown_variable_is_named_beside_its_field_with_the_nearest(admin_client):
    connection = build_connection()
    answer = save_page(admin_client, connection, missed="Call from [Numbr]")
    assert "[Number]" in list_errors(answer)["missed"][0]
    tabs = {tab["key"]: tab["errors"] for tab in answer.context["tabs"]}
    assert tabs["calls"] == 1
    assert tabs["zoho"] == 0
    assert answer.context["first_wrong_tab"] == "calls"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("fields_calls", "Call_Purpose: Sale", "Line 1"),
        ("fields_calls", "A = 1\nA = 2", "Line 2"),
        ("fields_lead", "Lead Source = Phone", "Line 1"),
        ("outside_prefixes", "nine", "nine"),
        ("pbx_addresses", "203.0.113.7/28", "no network"),
        ("time_zone", "Europe/Nowhere", "Europe/Nowhere"),
    ],
)
def test_what_cannot_be_stored_is_said_beside_its_field(admin_client, field, typed, words):
    connection = build_connection()
    assert words in list_errors(save_page(admin_client, connection, **{field: typed}))[field][0]


def test_lists_and_lines_are_stored_as_they_are_read(admin_client):
    connection = build_connection()
    save_page(
        admin_client,
        connection,
        outside_prefixes="9, 00",
        pbx_addresses="203.0.113.7\n2001:db8::/64",
        withheld="anonymous, hidden",
        fields_calls="Call_Purpose = [Name] = x\n\nSource=Phone",
    )
    connection.refresh_from_db()
    assert connection.outside_prefixes == ["9", "00"]
    assert connection.pbx_addresses == ["203.0.113.7", "2001:db8::/64"]
    assert connection.withheld == ["anonymous", "hidden", ""]
    fields = JournalSettings.objects.get().fields_calls
    assert fields == {"Call_Purpose": "[Name] = x", "Source": "Phone"}


def test_another_language_brings_its_default_texts_but_leaves_own_ones(admin_client):
    connection = build_connection(journal={"missed": "My text [Number]"})
    save_page(admin_client, connection, language="ru")
    journal = JournalSettings.objects.get()
    assert journal.missed == "My text [Number]"
    assert journal.chat_subject == "Чат 3CX"


def test_extensions_are_edited_on_the_same_page(admin_client):
    connection = build_connection()
    Agent.objects.create(connection=connection, extension="101", email="ann@acme.example")
    save_page(admin_client, connection, **{"agents-0-zoho_user": "boss@acme.example"})
    assert Agent.objects.get().zoho_user == "boss@acme.example"


def test_a_new_connection_needs_few_facts_and_goes_on_to_its_page(admin_client):
    fields = {
        "name": "Beta",
        "slug": "beta",
        "data_centre": "eu",
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "language": "ru",
    }
    answer = admin_client.post(reverse("admin:connector_connection_add"), fields)
    connection = Connection.objects.get(slug="beta")
    assert answer.url == find_page(connection)
    assert connection.accounts_url == "https://accounts.zoho.eu"
    assert connection.journal.chat_subject == "Чат 3CX"


def test_the_list_asks_as_often_for_ten_connections_as_for_two(admin_client):
    url = reverse("admin:connector_connection_changelist")
    build_grant(build_connection("first"))
    build_connection("second")
    admin_client.get(url)
    with CaptureQueriesContext(database) as few:
        admin_client.get(url)
    for number in range(8):
        build_grant(build_connection(f"more-{number}"))
    with CaptureQueriesContext(database) as many:
        admin_client.get(url)
    assert len(many) == len(few)
