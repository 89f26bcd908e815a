"""Which deal of a contact is the newest open one."""

import pytest

from connector import directory
from connector.granting.grants import open_client
from connector.models import Connection
from tests.support.mirror import insert
from tests.support.zoho import ControlledZoho, run_zoho


@pytest.fixture
def acme(db, settings):
    with run_zoho(people=5) as zoho:
        settings.ZOHO_TRUSTED_URLS = [zoho.url]
        yield zoho


def add_deal(connection: Connection, contact_id: str, stage: str) -> str:
    return insert(
        connection, "Deals", Deal_Name=stage, Stage=stage, Contact_Name={"id": contact_id}
    )


def find(connection: Connection, contact_id: str) -> str:
    organisation = Connection.objects.get().grant.organisation
    client = open_client(connection)
    return directory.find_newest_open_deal(client, organisation=organisation, contact_id=contact_id)


def test_a_deal_is_closed_by_what_the_organisation_says_of_its_stage(
    acme: ControlledZoho,
) -> None:
    connection = acme.connect()
    contact = acme.list_records("Contacts")[0]["id"]
    still_open = add_deal(connection, contact, "Qualification")
    for stage in ("Signed", "Closed Lost"):
        add_deal(connection, contact, stage)
    assert find(connection, contact) == still_open


def test_without_the_stages_zohos_own_names_tell(acme: ControlledZoho) -> None:
    connection = acme.connect()
    organisation = connection.grant.organisation
    organisation.fields.pop("Deals")
    assert directory.is_closing("Closed Won", organisation)
    assert not directory.is_closing("Disclosed", organisation)
