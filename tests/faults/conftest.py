from collections.abc import Iterator

import pytest

from tests.support.zoho import ControlledZoho, run_zoho


@pytest.fixture
def zoho(settings) -> Iterator[ControlledZoho]:
    """A sandbox Zoho of this test's own, trusted by the settings."""
    with run_zoho() as sandbox:
        settings.ZOHO_TRUSTED_URLS = [sandbox.url]
        yield sandbox
