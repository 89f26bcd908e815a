"""Whatever is posted: no 5xx, and of what has the right key nothing is lost.

FAULT_REQUESTS says how many requests; where it is given, a twentieth as many go over real HTTP.
"""

import http.client
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings

from connector.auth import forget_connections, make_key
from connector.models import Connection
from journaling.models import Event, EventVersion
from journaling.settle import settle_connection
from journaling.spooling.spool import own_spool
from journaling.spooling.sweep import sweep_spool
from tests.faults.hostile import CORPUS, ROUTES, Request, requests
from tests.flow.customer import SECRET_VARIABLE, Customer
from tests.support import mirror
from tests.support.builders import build_connection
from tests.support.portal import Portal

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = int(os.environ.get("FAULT_REQUESTS", "200"))
SEED = int(os.environ.get("FAULT_SEED", "20261122"))
REPORTS = ("calls", "chats")


@pytest.fixture(autouse=True)
def own_directory(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    forget_connections()


@pytest.fixture
def acme(zoho) -> Connection:
    connection = zoho.connect()
    mirror.sync()
    return connection


def attack(send: Callable[[Request], None], *, number: int) -> None:
    """The corpus at every door, then as many made-up requests."""
    for body in CORPUS:
        for route in ROUTES:
            send(Request(route=route, body=body))
    send(Request(route="calls", body=CORPUS[0], headers={"X-Template-Version": "²"}))
    patient = settings(
        max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    seed(SEED)(patient(given(requests)(send)))()


def check_answer(asked: Request, status: int) -> None:
    assert status < 500, asked
    if not asked.has_key:
        assert status in (401, 429), asked
    elif asked.route in REPORTS:
        assert status in (200, 202), asked


def post(client: Client, asked: Request, *, headers: dict[str, str]) -> Any:
    return client.generic(
        asked.method,
        f"/pbx/acme/{asked.route}{asked.query}",
        asked.body,
        content_type=asked.content_type,
        headers=asked.headers | headers,
    )


def test_no_request_is_answered_5xx_and_every_authentic_report_is_stored(acme):
    key, client = make_key(acme), Client(raise_request_exception=False)
    reported: set[bytes] = set()

    def send(asked: Request) -> None:
        answer = post(client, asked, headers={"X-Api-Key": key} if asked.has_key else {})
        check_answer(asked, answer.status_code)
        if asked.has_key and asked.route in REPORTS:
            reported.add(asked.body)

    attack(send, number=NUMBER)
    own_spool.release()  # where a busy machine makes the database slow
    sweep_spool()
    stored = [*Event.objects.values_list("body"), *EventVersion.objects.values_list("body")]
    assert reported <= {bytes(body) for (body,) in stored}
    settle_connection(acme.pk)
    assert not Event.objects.filter(entry__isnull=True).exists()


def test_before_the_connection_is_authorised_nothing_is_answered_5xx():
    headers = {"X-Api-Key": make_key(build_connection())}
    client = Client(raise_request_exception=False)
    for route in (*REPORTS, "lookup", "lookup-by-email", "search"):
        for body in CORPUS:
            asked = Request(route=route, body=body)
            check_answer(asked, post(client, asked, headers=headers).status_code)


@pytest.mark.skipif("FAULT_REQUESTS" not in os.environ, reason="a part of `make faults`")
def test_the_same_over_real_http(make_portal: Callable[..., Portal]):
    portal = make_portal(**{SECRET_VARIABLE: "sandbox-secret"})
    portal.start("zoho", "web")
    customer = Customer(portal)
    customer.apply()
    customer.authorize()
    key = portal.manage("connections", "key", customer.slug).stdout.strip()
    reported: set[bytes] = set()

    def send(asked: Request) -> None:
        check_answer(asked, send_over_http(portal, asked, key=key))
        if asked.has_key and asked.route in REPORTS:
            reported.add(asked.body)

    attack(send, number=NUMBER // 20)
    with psycopg.connect(portal.environment["DATABASE_URL"]) as database:
        rows = database.execute(
            "select body from journaling_event union select body from journaling_eventversion"
        )
        assert reported <= {bytes(body) for (body,) in rows}


def send_over_http(portal: Portal, asked: Request, *, key: str) -> int:
    """Headers with signs that HTTP has no place for stay at home; every other body is chunked."""
    place = urlsplit(portal.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    headers = {
        name: text for name, text in asked.headers.items() if text.isprintable() and text.strip()
    }
    if asked.content_type.isprintable():
        headers["Content-Type"] = asked.content_type
    if asked.has_key:
        headers["X-Api-Key"] = key
    is_chunked = bool(len(asked.body) % 2)
    try:
        # A server may answer and close before it has read what it does not want.
        with suppress(BrokenPipeError):
            connection.request(
                asked.method,
                f"/pbx/acme/{asked.route}{quote(asked.query, safe='?&=%', encoding='latin-1')}",
                iter([asked.body]) if is_chunked else asked.body,
                headers | ({"Transfer-Encoding": "chunked"} if is_chunked else {}),
                encode_chunked=is_chunked,
            )
        return connection.getresponse().status
    finally:
        connection.close()
