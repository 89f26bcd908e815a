from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.flow.customer import SECRET_VARIABLE, Customer
from tests.support.portal import lay_out_portal
from tests.support.postgres import Postgres


@pytest.fixture(scope="package")
def acme(
    postgres: Postgres, migrated_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Customer]:
    """A customer of a portal where everything runs: authorised, its PBX set up.

    All tests here share it: each leaves nothing on its way, and counts what it adds.
    """
    name = f"flow_{uuid4().hex}"
    url = postgres.create_database(name, template=migrated_database)
    secret = {SECRET_VARIABLE: "sandbox-secret"}
    directory = tmp_path_factory.mktemp("flow")
    with lay_out_portal(directory=directory, database_url=url, **secret) as portal:
        portal.start("broker", "zoho", "web", "worker", "beat")
        customer = Customer(portal)
        customer.apply()
        page = customer.authorize()
        assert page.status_code == 200
        assert "Acme Ltd" in page.text
        customer.install_pbx()
        yield customer
    postgres.drop_database(name)
