"""Numbers and texts: who sees them whole."""

import pytest
from django.urls import reverse

from connector.access.scope import find_connections
from connector.models import Assignment
from tests.access.rules import ADMINISTRATOR, EVERYWHERE, OPERATOR, VIEWER
from tests.access.world import NUMBER, build_rows, log_in
from tests.support.builders import build_connection, build_user

pytestmark = pytest.mark.django_db
TEXT = "acme secret text"
PAGES = ("entry", "event", "attempt")


@pytest.fixture
def acme():
    return build_rows("acme")


def read_all(client, rows) -> str:
    """The lists and pages of a call, its report and its request to Zoho, and the CSV."""
    urls = [reverse(f"admin:journaling_{name}_changelist") for name in PAGES]
    urls += [
        reverse(f"admin:journaling_{name}_change", args=[row.pk])
        for name, row in zip(PAGES, (rows.parked, rows.event, rows.attempt), strict=True)
    ]
    urls.append(reverse("admin:connector_connection_proof", args=[rows.connection.pk]))
    pages = "".join(client.get(url).content.decode() for url in urls)
    chosen = {"action": "export", "_selected_action": [rows.parked.pk]}
    return pages + b"".join(client.post(urls[0], chosen)).decode()


@pytest.mark.parametrize("role", [VIEWER, OPERATOR])
def test_numbers_are_masked_and_texts_closed(role, acme):
    shown = read_all(log_in(role, connection=acme.connection), acme)
    assert "…011" in shown
    assert NUMBER.removeprefix("+") not in shown.replace("&nbsp;", "")
    assert TEXT not in shown


@pytest.mark.parametrize("role", [VIEWER, OPERATOR, ADMINISTRATOR])
def test_the_right_to_read_texts_opens_them_and_the_numbers(role, acme):
    shown = read_all(log_in(role, connection=acme.connection, reads_texts=True), acme)
    assert NUMBER in shown
    assert TEXT in shown


@pytest.mark.parametrize("role", [ADMINISTRATOR, EVERYWHERE])
def test_an_administrator_sees_numbers_and_needs_the_right_for_texts(role, acme):
    client = log_in(role, connection=acme.connection)
    shown = read_all(client, acme)
    assert NUMBER in shown
    assert TEXT not in shown
    bench = reverse("admin:connector_connection_try", args=[acme.connection.pk])
    assert client.post(bench, {"last": "1"}).status_code == 403


def test_a_right_for_one_connection_does_not_open_the_texts_of_another(acme):
    other = build_connection("other")
    user = build_user("viewer", connection=acme.connection)
    Assignment.objects.create(user=user, role="viewer", connection=other, reads_texts=True)
    assert find_connections(user, "journaling.read_texts") == {other.pk}


def test_somebody_who_was_switched_off_has_no_right_left(acme):
    user = build_user("administrator")
    user.is_active = False
    assert not user.has_perm("connector.view_connection")
    assert not user.has_perm("connector.view_connection", acme.connection)


def test_whoever_may_not_change_settings_is_not_shown_them(acme):
    client = log_in(OPERATOR, connection=acme.connection)
    url = reverse("admin:connector_connection_change", args=[acme.connection.pk])
    page = client.get(url).content.decode()
    assert "client_id" not in page
    assert "call_subject" not in page
    assert reverse("admin:connector_connection_pause", args=[acme.connection.pk]) in page
