"""Addresses of records in Zoho's interface."""

import pytest

from connector.zoho.links import record_url


@pytest.mark.parametrize(
    ("crm_url", "environment", "expected"),
    [
        ("https://crm.zoho.eu", "production", "https://crm.zoho.eu/crm/org60/tab/Leads/5"),
        ("https://crm.zoho.eu/", "sandbox", "https://crmsandbox.zoho.eu/crm/org60/tab/Leads/5"),
        ("http://zoho.localhost:1", "sandbox", "http://zoho.localhost:1/crm/org60/tab/Leads/5"),
    ],
)
def test_a_record_opens_in_its_organisation(crm_url: str, environment: str, expected: str) -> None:
    url = record_url(
        crm_url=crm_url, zgid="60", environment=environment, module="Leads", zoho_id="5"
    )
    assert url == expected


def test_without_the_organisations_number_zoho_finds_it_by_itself() -> None:
    url = record_url(
        crm_url="https://crm.zoho.eu",
        zgid="",
        environment="production",
        module="Leads",
        zoho_id="5",
    )
    assert url == "https://crm.zoho.eu/crm/EntityInfo.do?module=Leads&id=5"
