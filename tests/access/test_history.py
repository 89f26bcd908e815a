"""The history: who changed, repaired and opened what; never a secret's value."""

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from connector.models import Assignment
from tests.access.rules import ADMINISTRATOR, OPERATOR
from tests.access.world import build_rows, log_in
from tests.journaling.admin_pages import save_page

pytestmark = pytest.mark.django_db
LIST = reverse("admin:auditlog_logentry_changelist")


@pytest.fixture
def acme():
    rows = build_rows("acme")
    LogEntry.objects.all().delete()
    return rows


def test_a_setting_is_told_with_its_old_and_new_value_and_who_changed_it(admin_client, acme):
    save_page(admin_client, acme.connection, name="Acme and Sons", REMOTE_ADDR="203.0.113.7")
    row = LogEntry.objects.get()
    assert row.changes == {"name": ["acme Ltd", "Acme and Sons"]}
    assert row.actor.username == "admin"
    assert row.remote_addr == "127.0.0.1"
    page = admin_client.get(LIST).content.decode()
    assert "acme Ltd → Acme and Sons" in page


def test_a_setting_is_named_as_its_page_names_it_and_one_that_is_gone_by_its_column():
    journal = build_rows("acme").connection.journal
    row = LogEntry.objects.log_create(
        journal, force_log=True, action=LogEntry.Action.UPDATE,
        changes={"settle_seconds": ["20", "30"], "long_gone": ["1", "2"]},
    )  # fmt: skip
    show = admin.site.get_model_admin(LogEntry).show_changes
    told = "time for collecting parts, seconds: 20 → 30; long_gone: 1 → 2"
    assert show(row) == told
    with override("ru"):
        label, _colon, rest = show(row).partition(": ")
    assert "время" in label.lower()
    assert rest == "20 → 30; long_gone: 1 → 2"


def test_of_a_secret_it_is_told_only_that_it_changed(admin_client, acme):
    save_page(admin_client, acme.connection, client_secret="s3cret-value")
    assert LogEntry.objects.get().changes == {"client_secret": ["…", "…"]}
    save_page(admin_client, acme.connection, client_secret="")
    assert LogEntry.objects.count() == 1
    assert "s3cret-value" not in admin_client.get(LIST).content.decode()


def test_a_new_key_is_told_by_its_last_characters(admin_client, acme):
    url = reverse("admin:connector_connection_new_key", args=[acme.connection.pk])
    key = admin_client.post(url).context["key"]
    told = " ".join(f"{row.changes} {row.additional_data}" for row in LogEntry.objects.all())
    assert key[-4:] in told
    assert key[:12] not in told


def test_a_repair_is_told_by_whoever_pressed_it(acme):
    client = log_in(OPERATOR, connection=acme.connection)
    LogEntry.objects.all().delete()
    client.post(reverse("queues-pause", args=[acme.connection.pk]))
    client.post(reverse("admin:journaling_entry_try_again", args=[acme.parked.pk]))
    told = LogEntry.objects.order_by("pk")
    assert [row.additional_data["words"]["say"] for row in told] == [
        "Paused.", "It is tried again now.",
    ]  # fmt: skip
    assert {row.actor.username for row in told} == {f"user-{OPERATOR}"}


def test_what_was_pressed_is_told_in_the_readers_language_and_old_words_stay(admin_client, acme):
    url = reverse("admin:connector_connection_new_key", args=[acme.connection.pk])
    with override("en"):  # a request leaves its language behind
        key = admin_client.post(url, headers={"Accept-Language": "ru"}).context["key"]
    LogEntry.objects.log_create(
        acme.connection, force_log=True, action=LogEntry.Action.UPDATE,
        additional_data={"connection": acme.connection.pk, "words": "Приостановлено: 50 %."},
    )  # fmt: skip
    for language, words in (("en", "New key …"), ("ru", "Новый ключ …")):
        with override("en"):
            answer = admin_client.get(LIST, headers={"Accept-Language": language})
        page = answer.content.decode()
        assert words + key[-4:] in page
        assert "Приостановлено: 50 %." in page


def test_opening_texts_is_told_and_looking_at_a_page_without_them_is_not(acme):
    urls = [
        reverse("admin:journaling_entry_change", args=[acme.parked.pk]),
        reverse("admin:journaling_event_change", args=[acme.event.pk]),
    ]
    looking = log_in(OPERATOR, connection=acme.connection)
    reading = log_in(ADMINISTRATOR, connection=acme.connection, reads_texts=True)
    LogEntry.objects.all().delete()
    for client in (looking, reading):
        for url in urls:
            client.get(url)
    opened = LogEntry.objects.order_by("pk")
    assert [(row.action, row.object_pk) for row in opened] == [
        (LogEntry.Action.ACCESS, str(acme.parked.pk)),
        (LogEntry.Action.ACCESS, str(acme.event.pk)),
    ]
    assert {row.actor.username for row in opened} == {f"user-{ADMINISTRATOR}"}


def test_an_administrator_reads_the_history_of_their_own_connections(admin_client, acme):
    other = build_rows("other")
    for rows in (acme, other):
        save_page(admin_client, rows.connection, area_code="20")
    client = log_in(ADMINISTRATOR, connection=acme.connection)
    page = client.get(LIST).content.decode()
    assert "acme Ltd" in page
    assert "other" not in page
    url = reverse("admin:connector_connection_history", args=[acme.connection.pk])
    assert client.get(url).url == f"{LIST}?connection={acme.connection.pk}"


def test_roles_and_passwords_are_told(admin_client):
    user = User.objects.create_user("ann", password="before")
    Assignment.objects.create(user=user, role="viewer")
    user.set_password("after")
    user.save()
    changes = list(LogEntry.objects.order_by("pk").values_list("changes", flat=True))
    assert changes[-2]["role"] == [None, "viewer"]
    assert changes[-1] == {"password": ["…", "…"]}


def test_the_address_is_what_the_trusted_proxy_saw(client, settings, acme):
    settings.TRUSTED_PROXIES = 1
    client.force_login(User.objects.create_superuser("boss"))
    for told, seen in (("198.51.100.1, 203.0.113.9", "203.0.113.9"), ("unknown", None)):
        client.post(
            reverse("queues-pause", args=[acme.connection.pk]), headers={"X-Forwarded-For": told}
        )
        assert LogEntry.objects.latest("pk").remote_addr == seen


def test_reports_of_the_pbx_are_not_looked_at(client: Client, acme):
    assert client.post("/pbx/acme/calls", {}, content_type="application/json").status_code == 401
    assert not LogEntry.objects.exists()
