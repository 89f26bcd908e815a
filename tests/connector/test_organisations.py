"""Users and fields of the organisation, fetched when it is time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from connector.granting.grants import fetch_organisation_facts, open_client, refresh_users
from connector.models import ZohoOrganisation, ZohoUser
from connector.organisations import find_environment
from connector.zoho.errors import Temporary
from tests.connector.zoho.world import World


def refresh(world: World, *, unknown_email: bool = False) -> bool:
    organisation = ZohoOrganisation.objects.get()
    client = open_client(world.connection)
    return refresh_users(organisation, client, unknown_email=unknown_email)


def fetched(*, minutes_ago: float) -> None:
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    ZohoOrganisation.objects.update(users_fetched_at=moment)


@pytest.mark.parametrize(
    ("minutes_ago", "unknown_email", "due"),
    [(359, False, False), (361, False, True), (4, True, False), (6, True, True)],
)
def test_users_are_fetched_every_six_hours_or_for_an_unknown_email(
    world: World, minutes_ago: float, unknown_email: bool, due: bool
) -> None:
    world.authorise()
    fetched(minutes_ago=minutes_ago)
    assert refresh(world, unknown_email=unknown_email) is due
    assert refresh(world, unknown_email=unknown_email) is False


def test_users_who_left_stay_as_inactive_and_new_ones_are_added(world: World) -> None:
    world.authorise()
    changes = [{"email": "boss@acme.example", "status": "disabled"}, {"email": "new@acme.example"}]
    world.control(users=changes)
    fetched(minutes_ago=400)
    assert refresh(world)
    assert ZohoUser.objects.get(email="boss@acme.example").active is False
    assert ZohoUser.objects.get(email="new@acme.example").active is True


def test_a_fetch_that_failed_is_still_due(world: World) -> None:
    world.authorise()
    fetched(minutes_ago=400)
    world.control(faults=[{"kind": "too_many_requests", "path": "/users$"}])
    with pytest.raises(Temporary):
        refresh(world)
    assert refresh(world) is True


def test_facts_of_an_organisation_are_fetched_anew(world: World) -> None:
    world.authorise()
    ZohoOrganisation.objects.update(fields={})
    fetch_organisation_facts(world.connection, open_client(world.connection))
    fields = ZohoOrganisation.objects.get().fields
    assert sorted(fields) == ["Accounts", "Calls", "Contacts", "Deals", "Leads", "Tasks"]
    assert fields["Calls"]["Subject"]["length"] == 255


@pytest.mark.parametrize(
    ("api_url", "environment"),
    [
        ("https://www.zohoapis.eu", "production"),
        ("https://sandbox.zohoapis.eu", "sandbox"),
        ("https://developer.zohoapis.com.au", "developer"),
        ("http://127.0.0.1:8900", "production"),
    ],
)
def test_the_api_host_tells_the_environment(api_url: str, environment: str) -> None:
    assert find_environment(api_url) == environment
