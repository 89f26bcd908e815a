from collections.abc import Iterator

import pytest

from connector.models import Connection, DialSettings
from connector.sandbox.pbx.happenings import Extension
from connector.sandbox.pbx.xapi import SandboxXapi
from tests.support.builders import build_connection


@pytest.fixture
def pbx() -> Iterator[SandboxXapi]:
    """A PBX with an API and the extension 101."""
    ann = Extension(number="101", first_name="Ann", last_name="Lee", email="ann@acme.example")
    with SandboxXapi([ann]) as pbx:
        yield pbx


@pytest.fixture
def acme(db: None) -> Connection:
    return build_connection(pbx_url="https://pbx.acme.example")


@pytest.fixture
def with_xapi(acme: Connection, pbx: SandboxXapi) -> Connection:
    acme.pbx_url = pbx.url
    acme.save()
    DialSettings.objects.create(
        connection=acme, way="xapi", xapi_client_id="900", xapi_client_secret="sandbox-key"
    )
    return acme
