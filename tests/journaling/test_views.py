import json
import uuid

import pytest
from django.test import Client

from connector.auth import forget_connections, make_key
from connector.knocks import write_knocks
from connector.models import Connection, RefusedKnock
from journaling.models import Entry, Event, EventVersion
from tests.support.builders import build_call_body, build_connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme() -> Connection:
    forget_connections()
    return build_connection()


@pytest.fixture
def key(acme: Connection) -> str:
    return make_key(acme)


def post(key: str, body: bytes, *, slug: str = "acme", route: str = "calls", version: str = "1"):
    return Client().post(
        f"/pbx/{slug}/{route}",
        body,
        content_type="application/json",
        headers={"X-Api-Key": key, "X-Template-Version": version},
    )


def test_a_call_is_stored_as_bytes_and_answered_with_an_id(key):
    body = build_call_body()
    answer = post(key, body)
    event = Event.objects.get()
    assert answer.status_code == 202
    assert answer.json()["id"] == str(event.pk)
    assert bytes(event.body) == body
    assert uuid.UUID(answer.json()["id"]).version == 7


def test_a_repeat_gets_the_same_id_and_status_200(key):
    first, second = post(key, build_call_body()), post(key, build_call_body())
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Event.objects.count() == 1
    assert not EventVersion.objects.exists()


def test_a_repeat_that_brings_a_recording_is_kept_as_a_further_version(key):
    post(key, build_call_body())
    fuller = build_call_body(recording_url="https://pbx.example/rec/1", name="Ann Lee")
    answer = post(key, fuller)
    post(key, fuller)
    assert answer.status_code == 200
    assert [bytes(version.body) for version in EventVersion.objects.all()] == [fuller]


def test_the_same_call_at_another_extension_is_another_leg(key):
    post(key, build_call_body(agent="101"))
    assert post(key, build_call_body(agent="102")).status_code == 202
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("slug", "sent"), [("acme", "wrong"), ("acme", ""), ("nobody", "wrong"), ("no.slug", "wrong")]
)
def test_wrong_keys_and_unknown_slugs_get_the_same_401(key, slug, sent):
    answer = post(sent, build_call_body(), slug=slug)
    reference = post("another", build_call_body())
    assert answer.status_code == 401
    assert answer.content == reference.content
    assert not Event.objects.exists()


def test_a_key_of_one_connection_does_not_open_another(key):
    build_connection("beta")
    assert post(key, build_call_body(), slug="beta").status_code == 401


def test_a_wrong_key_is_refused_before_the_method_is_looked_at(key):
    assert Client().get("/pbx/acme/calls").status_code == 401
    assert Client().get("/pbx/acme/calls", headers={"X-Api-Key": key}).status_code == 405


@pytest.mark.parametrize(
    "body", [b"", b"\0\0", b"[]", b"{", b'{"type":"Fax"}', b"\xff\xfe", b'{"a":' * 5000]
)
def test_what_cannot_be_read_is_stored_all_the_same(key, body):
    answer = post(key, body)
    event = Event.objects.get()
    assert answer.status_code == 202
    assert bytes(event.body) == body
    assert event.unreadable_reason
    assert post(key, body).json()["id"] == str(event.pk)


def test_a_report_above_10_mib_is_refused_and_stands_where_people_look(key):
    answer = post(key, b"x" * (10 * 1024 * 1024 + 1))
    entry = Entry.objects.get()
    assert answer.status_code == 413
    assert (entry.state, entry.reason) == (Entry.State.PARKED, "report_too_large")
    write_knocks()
    knock = RefusedKnock.objects.get(reason="too_large")
    assert (knock.slug, knock.route, knock.count) == ("acme", "calls", 1)


def test_a_report_of_10_mib_is_stored(key):
    body = json.dumps({"messages": "x" * (10 * 1024 * 1024 - 100)}).encode()
    assert post(key, body, route="chats").status_code == 202


def test_storing_a_call_costs_one_insert_when_the_key_is_known(key, django_assert_num_queries):
    post(key, build_call_body(agent="1"))
    with django_assert_num_queries(1) as captured:
        post(key, build_call_body(agent="2"))
    assert captured.captured_queries[0]["sql"].startswith("INSERT")


def test_the_portal_notices_which_template_a_pbx_runs(acme, key):
    post(key, build_call_body(), version="1")
    acme.refresh_from_db()
    assert acme.template_version == 1


@pytest.mark.parametrize("slug", ["ac%00me", "%00"])
def test_a_slug_that_no_database_takes_is_an_unknown_one(key, slug):
    assert post(key, build_call_body(), slug=slug).status_code == 401
