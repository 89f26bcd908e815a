"""Who comes too often is told so; a report with the right key never is."""

import logging
from typing import Any

import pytest
from django.test import Client

from connector import knocks
from connector.auth import forget_connections, lend_key, make_key
from connector.buckets import Buckets
from connector.counting import tallies
from connector.models import Connection, RefusedKnock, Tally
from connector.refusals import find_slowed, find_unmended, list_refusals
from journaling.health import list_findings
from tests.support.builders import build_call_body, build_connection

pytestmark = pytest.mark.django_db

WRONG = "pbk_wrong-key-of-somebody-a91f"
QUESTIONS = ("lookup", "lookup-by-email", "search", "contacts")


@pytest.fixture
def acme(settings) -> Connection:
    settings.FAILED_KEYS_PER_MINUTE = 3
    forget_connections()
    knocks.write_knocks()
    RefusedKnock.objects.all().delete()
    tallies.flush()
    Tally.objects.all().delete()
    return build_connection()


@pytest.fixture
def key(acme: Connection) -> str:
    return make_key(acme)


def ask(route: str, key: str = "", *, address: str = "203.0.113.7", body: object = b"{}"):
    headers = {"X-Api-Key": key} if key else {}
    client = Client(REMOTE_ADDR=address)
    return client.post(f"/pbx/acme/{route}", body, "application/json", headers=headers)


def knock(times: int, key: str = WRONG, **where: str) -> list[int]:
    return [ask("lookup", key, **where).status_code for _time in range(times)]


def ask_until_limited(route: str, key: str) -> Any:
    """However slow the machine is, two of these come within a second."""
    answers = (ask(route, key) for _time in range(200))
    return next(answer for answer in answers if answer.status_code == 429)


def count_limited(limit: str, *, slug: str = "") -> float:
    rows = tallies.read().get("limited_requests", [])
    wanted = {"connection": slug, "limit": limit}
    return sum(value for labels, value in rows if labels == wanted)


def test_an_address_with_wrong_keys_is_told_when_to_try_again(key):
    assert knock(5) == [401, 401, 401, 429, 429]
    refused = ask("calls", WRONG)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 20
    assert "with the right key this limit does not apply" in refused.json()["error"]


@pytest.mark.parametrize("first", ["", WRONG, "nonsense"])
def test_whatever_is_wrong_with_the_key_counts(key, first):
    knock(3, first)
    assert ask("search", WRONG).status_code == 429


def test_a_right_key_from_a_foreign_address_counts_as_refused(key):
    Connection.objects.update(pbx_addresses=["198.51.100.0/24"])
    assert knock(4, key) == [401, 401, 401, 429]


@pytest.mark.parametrize("route", [*QUESTIONS, "calls", "chats"])
def test_the_right_key_opens_from_an_address_that_is_refused(acme, key, route):
    knock(9)
    assert ask(route, key, body=build_call_body()).status_code not in (401, 429)
    assert ask(route, lend_key(acme).text, body=build_call_body()).status_code not in (401, 429)


def test_a_key_made_while_its_address_is_refused_opens_at_once(acme, key):
    knock(9)
    assert ask("calls", make_key(acme), body=build_call_body()).status_code == 202


def test_other_addresses_are_not_refused_with_it(key):
    knock(4)
    assert knock(1, address="203.0.113.8") == [401]


def test_addresses_of_one_ipv6_customer_are_one(key):
    for host in range(4):
        status = knock(1, address=f"2001:db8:1:2::{host}")
    assert status == [429]
    assert knock(1, address="2001:db8:1:3::1") == [401]
    knock(4, address="::ffff:198.51.100.1")
    assert knock(1, address="198.51.100.1") == [429]


def test_the_client_behind_the_proxy_counts_not_the_proxy(settings, key):
    settings.TRUSTED_PROXIES = 1
    client = Client(REMOTE_ADDR="10.0.0.1")

    def come(address: str) -> int:
        return client.post("/pbx/acme/lookup", headers={"X-Forwarded-For": address}).status_code

    assert [come("203.0.113.7") for _time in range(4)][-1] == 429
    assert come("203.0.113.8") == 401


def test_refusals_above_the_limit_are_counted_like_those_below(key):
    knock(5)
    knocks.write_knocks()
    assert RefusedKnock.objects.values_list("reason", "count").get() == ("wrong_key", 5)
    assert count_limited("failed_keys") == 2
    [(_door, refused)] = tallies.read()["refused_requests"]
    assert refused == 5


@pytest.mark.parametrize("name", ["FAILED_KEYS_PER_MINUTE", "LOOKUPS_PER_SECOND"])
def test_nothing_is_limited_by_0(settings, key, name):
    setattr(settings, name, 0)
    answers = knock(9, WRONG if name == "FAILED_KEYS_PER_MINUTE" else key)
    assert 429 not in answers


@pytest.mark.parametrize("route", QUESTIONS)
def test_questions_of_a_connection_are_limited(settings, key, route):
    settings.LOOKUPS_PER_SECOND = 1
    refused = ask_until_limited(route, key)
    assert refused["Retry-After"] == "1"
    assert "LOOKUPS_PER_SECOND" in refused.json()["error"]


def test_searches_do_not_keep_callers_from_being_named(settings, key):
    settings.LOOKUPS_PER_SECOND = 1
    ask_until_limited("search", key)
    assert ask("lookup", key).status_code == 200


def test_another_connection_is_not_limited_with_it(settings, key):
    settings.LOOKUPS_PER_SECOND = 1
    other = make_key(build_connection("other"))
    ask_until_limited("lookup", key)
    headers = {"X-Api-Key": other}
    answer = Client().post("/pbx/other/lookup", b"{}", "application/json", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("route", ["calls", "chats"])
def test_reports_with_the_right_key_are_never_limited(settings, key, route):
    settings.LOOKUPS_PER_SECOND = settings.FAILED_KEYS_PER_MINUTE = 1
    knock(9)
    knock(9, key)
    statuses = {ask(route, key, body=build_call_body(number=f"+4416329600{n:02}")).status_code
                for n in range(30)}  # fmt: skip
    assert statuses <= {200, 202}


def test_a_connection_that_asks_too_often_is_told_of(settings, acme, key):
    settings.LOOKUPS_PER_SECOND = 1
    ask_until_limited("lookup", key)
    knocks.write_knocks()
    assert count_limited("lookups", slug="acme") == 1
    assert find_unmended([acme]) == []
    [(connection, sentence)] = find_slowed([acme])
    assert connection == acme
    assert "203.0.113.7 knocked 1 time above the limit of LOOKUPS_PER_SECOND" in sentence
    assert "raise LOOKUPS_PER_SECOND" in sentence
    [shown] = list_refusals(acme)
    assert shown["sentence"] == sentence


def test_wrong_keys_do_not_hide_that_a_connection_asks_too_often(settings, acme, key):
    settings.LOOKUPS_PER_SECOND = 1
    ask_until_limited("lookup", key)
    knock(1)
    knocks.write_knocks()
    codes = [one.code for one in list_findings() if one.code in ("knocks", "slowed")]
    assert sorted(codes) == ["knocks", "slowed"]


def test_strangers_above_the_limit_bring_no_invented_name_into_the_metrics(key):
    for _time in range(5):
        Client().post("/pbx/invented/lookup", b"{}", "application/json")
    counted = [labels for rows in tallies.read().values() for labels, _value in rows]
    assert not [labels for labels in counted if "invented" in str(labels)]


def test_a_limit_in_trouble_lets_everybody_through(settings, key, caplog):
    settings.FAILED_KEYS_PER_MINUTE = settings.LOOKUPS_PER_SECOND = "many"
    with caplog.at_level(logging.ERROR):
        assert knock(3) == [401, 401, 401]
        assert knock(3, key) == [200, 200, 200]
    assert "lets everything through" in caplog.text


def test_whoever_comes_without_a_key_of_the_portal_asks_no_database(key, django_assert_num_queries):
    with django_assert_num_queries(0):
        knock(2, "")
        knock(2, "nonsense")
    with django_assert_num_queries(1):
        knock(1)


def test_tokens_come_back_one_by_one():
    buckets = Buckets(most=9)

    def take(now: float) -> float:
        return buckets.take("a", size=4, seconds=60, now=now)

    assert [take(100) for _time in range(6)] == [0, 0, 0, 0, 15, 15]
    assert [take(110), take(115), take(115)] == [5, 0, 15]
    assert [take(145), take(145), take(145)] == [0, 0, 15]
    assert [take(9000) for _time in range(5)] == [0, 0, 0, 0, 15]


def test_only_so_many_are_remembered_and_the_oldest_is_forgotten():
    buckets = Buckets(most=2)
    waits = [buckets.take(key, size=1, seconds=60, now=5) for key in ("a", "b", "a", "c", "a", "b")]
    assert waits == [0, 0, 60, 0, 60, 0]
