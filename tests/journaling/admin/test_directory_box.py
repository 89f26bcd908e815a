"""The contact directory on the connection's page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from connector.models import Connection, Mirror, ZohoOrganisation
from connector.sync import due
from tests.journaling.admin.test_buttons import press
from tests.journaling.admin_pages import find_page
from tests.support.builders import build_connection, build_grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Connection:
    connection = build_connection()
    build_grant(connection)
    ZohoOrganisation.objects.update(edition="standard", licensed_users=0)
    now = timezone.now()
    for module in ("Contacts", "Leads", "Accounts"):
        Mirror.objects.create(
            organisation=connection.grant.organisation,
            module=module,
            filled_at=now,
            synced_at=now,
            compared_at=now,
            readings=[],
        )
    return connection


def read_page(client, connection: Connection) -> str:
    return client.get(find_page(connection)).content.decode()


def test_the_page_says_what_the_share_means_before_it_is_saved(admin_client, acme):
    page = read_page(admin_client, acme)
    assert "Changes are asked for every 4 minutes: about 1,224 of 50,000 credits a day." in page
    assert (
        admin_client.get(find_page(acme))
        .context["directory"]
        .sentences[1]
        .startswith("Changes are asked for every 12 minutes")
    )


def test_a_share_is_saved_for_the_organisation_and_told_to_its_other_connections(
    admin_client, acme
):
    build_grant(build_connection("beta"))
    press(admin_client, "directory_share", acme, share="25")
    assert set(Connection.objects.values_list("credit_share", flat=True)) == {25}
    assert "other connections of this organisation: Beta" in read_page(admin_client, acme)


@pytest.mark.parametrize("share", ["0", "91", "ten", ""])
def test_no_other_share_is_saved(admin_client, acme, share):
    press(admin_client, "directory_share", acme, share=share)
    assert Connection.objects.get().credit_share == 10


def test_a_running_fill_shows_its_rate_and_the_time_left(admin_client, acme):
    now = timezone.now()
    Mirror.objects.filter(module="Leads").update(
        fill_started_at=now - timedelta(minutes=5),
        resumed_at=now - timedelta(minutes=5),
        records=3000,
        pages=15,
        expected=12_000,
    )
    page = read_page(admin_client, acme)
    assert "3,000 of about 12,000 records" in page
    assert "15 minutes left" in page


@pytest.mark.parametrize("button", ["directory_compare", "directory_refill"])
def test_a_button_makes_every_mirror_due(admin_client, acme, button):
    digests = {one.pk: due.digest_fields(one.organisation, module=one.module)
               for one in Mirror.objects.select_related("organisation")}  # fmt: skip
    readings = [one.digest for one in due.list_readings(acme.grant.organisation)]
    for pk, digest in digests.items():
        Mirror.objects.filter(pk=pk).update(fields_digest=digest, readings=readings)
    assert list(due.list_due(now=timezone.now())) == []
    press(admin_client, button, acme)
    assert len(list(due.list_due(now=timezone.now()))) == 3


def test_before_authorising_there_is_nothing_to_press(admin_client):
    connection = build_connection()
    assert "After authorising" in read_page(admin_client, connection)
    assert press(admin_client, "directory_refill", connection).status_code == 404
