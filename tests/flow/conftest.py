from collections.abc import Callable

import pytest

from tests.flow.customer import SECRET_VARIABLE, Customer
from tests.support.portal import Portal


@pytest.fixture
def acme(make_portal: Callable[..., Portal]) -> Customer:
    """A customer of a portal where everything runs: authorised, its PBX set up."""
    portal = make_portal(**{SECRET_VARIABLE: "sandbox-secret"})
    portal.start("broker", "zoho", "web", "worker", "beat")
    customer = Customer(portal)
    customer.apply()
    page = customer.authorize()
    assert page.status_code == 200
    assert "Acme Ltd" in page.text
    customer.install_pbx()
    return customer
