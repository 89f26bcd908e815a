"""Every route of the PBX refuses whoever has no valid key, and tells nothing about why."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import get_resolver
from django.utils import timezone

from connector.auth import forget_connections, lend_key, make_key
from connector.models import Connection, PbxKey
from tests.support.builders import build_connection

pytestmark = pytest.mark.django_db
START = "2026-11-02T09:00:00Z"


def list_routes() -> list[str]:
    """/pbx/<slug>/NAME, as the portal knows them."""
    found = []
    for included in get_resolver().url_patterns:
        for pattern in getattr(included, "url_patterns", []):
            route = str(pattern.pattern)
            if route.startswith("pbx/<str:slug>/"):
                found.append(route.removeprefix("pbx/<str:slug>/"))
    return found


ROUTES = pytest.mark.parametrize("route", list_routes())


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    forget_connections()
    yield
    forget_connections()


@pytest.fixture
def key() -> str:
    return make_key(build_connection("acme"))


def ask(client, route: str, *, key: str = "", query: str = "", slug: str = "acme"):
    """With the method that the route is for; the key is asked for before it."""
    send = client.get if route == "hello" else client.post
    headers = {"X-Api-Key": key} if key else {}
    url = f"/pbx/{slug}/{route}{query}"
    if send == client.post:
        return client.post(url, {}, content_type="application/json", headers=headers)
    return client.get(url, headers=headers)


def test_there_are_the_routes_of_the_template():
    assert {"lookup", "search", "calls", "chats", "contacts", "hello"} <= set(list_routes())


@ROUTES
def test_a_valid_key_opens_it(client, key, route):
    assert ask(client, route, key=key).status_code != 401


@ROUTES
def test_every_other_request_gets_the_same_refusal(client, key, route):
    other = make_key(build_connection("other"))
    refused = [
        ask(client, route),
        ask(client, route, key="pbk_wrong"),
        ask(client, route, key=other),
        ask(client, route, key=f"{key} "[:-2]),
        ask(client, route, query=f"?key={key}&api_key={key}&X-Api-Key={key}"),
        ask(client, route, key=key, slug="unknown"),
        client.get(f"/pbx/acme/{route}"),
        client.put(f"/pbx/acme/{route}"),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert len({answer.content for answer in refused}) == 1


@ROUTES
def test_the_right_key_opens_from_allowed_addresses_only(client, key, route):
    allowed = ["203.0.113.0/28", "2001:db8::7"]
    Connection.objects.update(pbx_addresses=allowed)
    lent = lend_key(Connection.objects.get()).text
    for address in ("203.0.113.7", "::ffff:203.0.113.7", "2001:db8::7"):
        client.defaults["REMOTE_ADDR"] = address
        assert ask(client, route, key=key).status_code != 401
    for address in ("203.0.113.16", "2001:db8::8", "nonsense", ""):
        client.defaults["REMOTE_ADDR"] = address
        assert ask(client, route, key=key).content == ask(client, route).content
        assert ask(client, route, key=lent).status_code != 401


@ROUTES
def test_a_revoked_key_opens_nothing_after_five_seconds(client, key, route):
    with time_machine.travel(START, tick=False) as clock:
        assert ask(client, route, key=key).status_code != 401
        PbxKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        clock.shift(5)
        assert ask(client, route, key=key).status_code == 401
