"""A sandbox's Zoho and a connection to it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from connector.sandbox.zoho import ZohoSandbox
from tests.connector.zoho.world import ACME, BETA, World, make_connection


@pytest.fixture
def world(db: None, settings: Settings) -> Iterator[World]:
    """Two organisations, Acme and Beta; nothing is authorised yet."""
    with ZohoSandbox(people=5, organisations=(ACME, BETA)) as sandbox:
        settings.ZOHO_TRUSTED_URLS = [sandbox.url]
        yield World(sandbox=sandbox, connection=make_connection(sandbox.url))
