"""Who was refused at the PBX's doors, and how people read it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from connector import knocks
from connector.auth import forget_connections, make_key
from connector.callers import show_address
from connector.models import Connection, PbxKey, RefusedKnock
from connector.refusals import find_unmended, list_refusals, list_strangers
from connector.threecx.template import VERSION
from tests.support.builders import build_connection

pytestmark = pytest.mark.django_db

WRONG = "pbk_wrong-key-of-somebody-a91f"


@pytest.fixture
def acme() -> Connection:
    forget_connections()
    knocks.write_knocks()
    RefusedKnock.objects.all().delete()
    return build_connection()


def knock(key: str = "", *, slug: str = "acme", times: int = 1, address: str = "203.0.113.7"):
    headers = {"X-Api-Key": key} if key else {}
    client = Client(REMOTE_ADDR=address)
    for _time in range(times):
        answer = client.post(f"/pbx/{slug}/lookup", b"{}", "application/json", headers=headers)
        assert answer.status_code == 401
    knocks.write_knocks()


def test_knocks_are_counted_per_address_and_reason(acme):
    knock(WRONG, times=3)
    knock(WRONG, times=2)
    knock(times=4)
    found = RefusedKnock.objects.order_by("count").values_list("reason", "count", "last_four")
    assert list(found) == [("no_key", 4, ""), ("wrong_key", 5, "a91f")]


def test_a_key_whose_overlap_is_over_is_told_from_a_wrong_one(acme):
    key = make_key(acme)
    PbxKey.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    knock(key)
    assert RefusedKnock.objects.get().reason == "old_key"


def test_an_unknown_address_is_told_on_its_own(acme):
    knock(WRONG, slug="nobody")
    assert RefusedKnock.objects.get().reason == "unknown_slug"
    assert "/pbx/nobody" in list_strangers()[0]


def test_a_refusal_asks_the_database_nothing_but_for_the_key(acme, django_assert_num_queries):
    with django_assert_num_queries(1):
        headers = {"X-Api-Key": WRONG}
        Client().post("/pbx/acme/lookup", b"{}", "application/json", headers=headers)


def test_memory_and_table_stay_bounded(acme, rf):
    request = rf.post("/pbx/acme/calls")
    for number in range(knocks.MOST_WAITING * 2):
        knocks.note_knock(request, slug=f"slug-{number}", key="")
    knocks.write_knocks()
    assert RefusedKnock.objects.count() == knocks.MOST_WAITING
    old = timezone.now() - knocks.KEPT - timedelta(minutes=1)
    RefusedKnock.objects.update(last_at=old)
    knocks.write_knocks()
    assert RefusedKnock.objects.count() == 0


def test_of_many_strangers_the_last_are_kept(acme):
    now = timezone.now()
    RefusedKnock.objects.bulk_create(
        RefusedKnock(
            address=f"198.51.{number // 250}.{number % 250}", slug="x", reason="unknown_slug",
            count=1, first_at=now, last_at=now - timedelta(seconds=number),
        )
        for number in range(knocks.MOST_ROWS + 50)
    )  # fmt: skip
    knock(WRONG)
    assert RefusedKnock.objects.count() == knocks.MOST_ROWS
    assert RefusedKnock.objects.filter(reason="wrong_key").exists()
    assert not RefusedKnock.objects.filter(address="198.51.8.49").exists()


def test_the_sentence_names_both_keys(acme):
    key = make_key(acme)
    knock(WRONG, times=14)
    [row] = list_refusals(acme)
    assert row["sentence"].startswith("203.0.113.7 knocked 14 times with a wrong key (…a91f)")
    assert f"the valid key ends in …{key[-4:]}" in row["sentence"]


def test_a_knock_is_no_news_once_the_valid_key_was_seen(acme):
    make_key(acme)
    knock(WRONG)
    assert [connection for connection, _words in find_unmended([acme])] == [acme]
    PbxKey.objects.update(last_seen_at=timezone.now() + timedelta(seconds=1))
    assert find_unmended([acme]) == []


def test_the_right_key_from_a_wrong_address_is_told_even_while_the_pbx_works(acme):
    key = make_key(acme)
    Connection.objects.update(pbx_addresses=["203.0.113.8"])
    knock(key, times=2)
    PbxKey.objects.update(last_seen_at=timezone.now() + timedelta(seconds=1))
    [(_connection, words)] = find_unmended([acme])
    assert "203.0.113.7 knocked 2 times with the right key, but from an address" in words
    assert "make a new one" in words


def test_both_pages_show_it(admin_client, acme):
    knock(WRONG, times=2)
    page = admin_client.get(f"/admin/connector/connection/{acme.pk}/change/")
    assert "knocked 2 times with a wrong key" in page.content.decode()
    assert "knocked 2 times with a wrong key" in admin_client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "198.51.100.1, 10.0.0.1", "198.51.100.1"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, told, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="203.0.113.7", headers={"X-Forwarded-For": told})
    assert show_address(request) == address


def test_hello_answers_who_and_from_where(acme):
    key = make_key(acme)
    client = Client(REMOTE_ADDR="203.0.113.7")
    answer = client.get("/pbx/acme/hello", headers={"X-Api-Key": key})
    assert answer.json()["connection"] == {"slug": "acme", "name": "Acme"}
    assert answer.json()["address"] == "203.0.113.7"
    template = answer.json()["template"]
    assert (template["offered"], template["seen"]) == (VERSION, None)
    said_at = datetime.fromisoformat(answer.json()["time"])
    assert abs(timezone.now() - said_at) < timedelta(minutes=1)
    assert client.get("/pbx/acme/hello").status_code == 401
