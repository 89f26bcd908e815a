from collections.abc import Iterator

import pytest

from connector.sandbox.zoho import ZohoSandbox

from .crm import Crm, grant


@pytest.fixture
def sandbox() -> Iterator[ZohoSandbox]:
    with ZohoSandbox() as running:
        yield running


@pytest.fixture
def crm(sandbox: ZohoSandbox) -> Crm:
    return Crm(sandbox.url, grant(sandbox.url))
