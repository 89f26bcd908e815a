import pytest

from connector.models import Connection, DialSettings
from connector.sandbox.pbx.happenings import SandboxQueue
from connector.sandbox.pbx.xapi import SandboxXapi
from tests.journaling.call_log.plays import ANN, BEN, make_call, report
from tests.support.builders import build_connection


@pytest.fixture
def pbx():
    with SandboxXapi([ANN, BEN], queues=[SandboxQueue(number="800")]) as pbx:
        yield pbx


@pytest.fixture
def acme(pbx) -> Connection:
    connection = build_connection(pbx_url=pbx.url)
    DialSettings.objects.create(
        connection=connection, xapi_client_id="900", xapi_client_secret="sandbox-key"
    )
    early = make_call("+441632960099", after=-14400)
    pbx.call_log.add(early)
    report(connection, early)
    return connection
