"""What a person may not read, the lists do not tell by what they find either."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from connector.admin.scoped import ScopedAdmin
from tests.access.rules import ADMINISTRATOR, VIEWER
from tests.access.world import NUMBER, build_rows, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return build_rows("acme")


def list_found(client: Client, name: str, query: str) -> list[int]:
    """Ids in the list, as its links lead to them."""
    answer = client.get(f"{reverse(f'admin:{name}_changelist')}?{query}")
    if answer.status_code == 400:
        return []
    assert answer.status_code == 200
    return [row.pk for row in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("journaling_entry", "number__startswith=%2B441632"),
        ("journaling_entry", "number_key__contains=1632960"),
        ("journaling_entry", "record__Subject__icontains=secret"),
        ("journaling_entry", "words__icontains=words"),
        ("journaling_entry", "trace__icontains=441632960011"),
        ("journaling_event", "number__startswith=%2B441632"),
        ("journaling_event", "identity__startswith=a"),
        ("journaling_attempt", "words__icontains=441632960011"),
        ("connector_agenttoken", "digest__gt=0"),
        ("journaling_alarmreceiver", "webhook_url__exact="),
        ("connector_connection", "client_secret__exact="),
        ("auditlog_logentry", "object_repr__startswith=acme"),
    ],
)
def test_columns_are_not_guessed_by_addresses_that_no_filter_makes(acme, name, query):
    client = log_in(ADMINISTRATOR, connection=acme.connection)
    assert list_found(client, name, "")
    assert list_found(client, name, query) == []


def test_every_filter_that_a_page_offers_still_works(acme):
    client = log_in(ADMINISTRATOR, connection=acme.connection)
    for query in (
        f"connection__id__exact={acme.connection.pk}", "state__exact=parked", "kind__exact=call",
        "reason=ACME_CODE",
    ):  # fmt: skip
        assert acme.parked.pk in list_found(client, "journaling_entry", query), query
    place = f"connection__id__exact={acme.connection.pk}"
    for name, row in (("event", acme.event), ("attempt", acme.attempt), ("alarm", acme.alarm)):
        assert list_found(client, f"journaling_{name}", place) == [row.pk]
    assert list_found(client, "connector_agenttoken", place) == [acme.token.pk]
    assert list_found(client, "connector_zohouser", "active__exact=1") == [acme.zoho_user.pk]


@pytest.mark.parametrize("name", ["journaling_entry", "journaling_event"])
@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("960011", False), ("441632", False), (NUMBER, True), ("01632 960011", True), ("011", True)],
)
def test_who_sees_numbers_masked_finds_them_whole_or_by_what_is_shown(acme, name, asked, is_found):
    """By parts a number could be put together digit by digit."""
    client = log_in(VIEWER, connection=acme.connection)
    assert bool(list_found(client, name, f"q={asked.replace('+', '%2B')}")) is is_found


def test_who_sees_them_at_one_connection_searches_parts_there_only(acme):
    other = build_rows("other", number="+441632960022")
    client = log_in(ADMINISTRATOR, connection=acme.connection, looks_at=other.connection)
    found = list_found(client, "journaling_entry", "q=163296")
    assert acme.parked.pk in found
    assert other.parked.pk not in found


def test_no_list_sorts_by_a_column_that_is_masked(acme):
    client = log_in(VIEWER, connection=acme.connection)
    for name in ("journaling_entry", "journaling_event"):
        changes = client.get(reverse(f"admin:{name}_changelist")).context["cl"]
        place = next(n for n, c in enumerate(changes.list_display) if "number" in str(c))
        assert changes.get_ordering_field(changes.list_display[place]) is None


def test_every_page_of_the_portal_is_of_the_narrow_kind():
    """Users are shown to administrators of all connections only; of them Django itself hides the
    password."""
    wide = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if not isinstance(page, ScopedAdmin)
    ]
    assert wide == ["auth.User"]
