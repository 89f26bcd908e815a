"""A sandbox's Zoho with people, and an authorised connection to it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from connector.models import Connection
from tests.support.zoho import ControlledZoho, run_zoho


@pytest.fixture
def zoho(transactional_db: None, settings: Settings) -> Iterator[ControlledZoho]:
    """900 people: three pages of contacts. They are fetched by a thread of its own, which sees
    only what is committed."""
    with run_zoho(people=900) as sandbox:
        settings.ZOHO_TRUSTED_URLS = [sandbox.url]
        yield sandbox


@pytest.fixture
def connection(zoho: ControlledZoho) -> Connection:
    return zoho.connect()
