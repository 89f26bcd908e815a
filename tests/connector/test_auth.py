"""The API keys of a PBX: which connection they open, and how one replaces another."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connections
from django.db import connection as database
from django.utils import timezone

from connector.auth import find_connection, forget_connections, make_key, note_key_seen
from connector.models import Connection, PbxKey

pytestmark = pytest.mark.django_db
CountQueries = Callable[[int], AbstractContextManager[Any]]
START = "2026-11-02T09:00:00Z"
HOUR = 3600


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    forget_connections()
    yield
    forget_connections()


@pytest.fixture
def acme() -> Connection:
    return Connection.objects.create(slug="acme", name="Acme")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def use(connection: Connection, key: str) -> bool:
    if find_connection(connection.slug, key) is None:
        return False
    note_key_seen(connection=connection, key=key)
    return True


def refuse_queries(*_args: Any) -> Any:
    raise OperationalError("the server is away")


def test_a_key_has_256_bits_and_only_its_digest_is_kept(acme: Connection) -> None:
    key = make_key(acme)
    stored = PbxKey.objects.get()
    assert key.startswith("pbk_")
    assert len(key.removeprefix("pbk_")) == 43
    assert stored.digest == hashlib.sha256(key.encode()).hexdigest()
    assert stored.last_four == key[-4:]


def test_a_key_opens_its_own_connection_only(acme: Connection) -> None:
    other = Connection.objects.create(slug="other", name="Other")
    key, other_key = make_key(acme), make_key(other)
    assert find_connection("acme", key) == acme
    assert find_connection("other", other_key) == other
    assert find_connection("acme", other_key) is None


@pytest.mark.parametrize("key", ["", "pbk_", "pbk_" + "A" * 43, "ключ", "\udcff", "x" * 100_000])
def test_a_wrong_key_opens_nothing(acme: Connection, key: str) -> None:
    make_key(acme)
    assert find_connection("acme", key) is None


def test_an_unknown_slug_and_a_wrong_key_cost_the_same_queries(
    acme: Connection, django_assert_num_queries: CountQueries
) -> None:
    key = make_key(acme)
    find_connection("acme", key)
    for slug, wrong in (("nobody", key), ("acme", "pbk_wrong")):
        with django_assert_num_queries(1):
            assert find_connection(slug, wrong) is None


def test_a_key_that_was_valid_a_moment_ago_costs_no_query(
    acme: Connection, clock: time_machine.Traveller, django_assert_num_queries: CountQueries
) -> None:
    key = make_key(acme)
    find_connection("acme", key)
    clock.shift(4.9)
    with django_assert_num_queries(0):
        assert find_connection("acme", key) == acme


def test_a_revoked_key_dies_within_five_seconds(
    acme: Connection, clock: time_machine.Traveller
) -> None:
    key = make_key(acme)
    find_connection("acme", key)
    acme.pbx_keys.update(expires_at=timezone.now())
    clock.shift(5)
    assert find_connection("acme", key) is None


def test_a_deleted_connection_is_closed_within_five_seconds(
    acme: Connection, clock: time_machine.Traveller
) -> None:
    key = make_key(acme)
    find_connection("acme", key)
    acme.delete()
    clock.shift(5)
    assert find_connection("acme", key) is None


def test_a_clock_set_back_does_not_prolong_a_revoked_key(
    acme: Connection, clock: time_machine.Traveller
) -> None:
    key = make_key(acme)
    find_connection("acme", key)
    acme.pbx_keys.all().delete()
    clock.shift(-HOUR)
    assert find_connection("acme", key) is None


def test_a_key_made_a_moment_ago_opens_at_once(acme: Connection) -> None:
    find_connection("acme", make_key(acme))
    assert find_connection("acme", make_key(acme)) == acme


def test_while_the_database_is_away_only_a_remembered_key_may_open(
    acme: Connection, clock: time_machine.Traveller
) -> None:
    key = make_key(acme)
    find_connection("acme", key)
    clock.shift(HOUR)
    with database.execute_wrapper(refuse_queries):
        assert find_connection("acme", key, allow_stale=True) == acme
        assert find_connection("acme", "pbk_wrong", allow_stale=True) is None
        with pytest.raises(OperationalError):
            find_connection("acme", key)
        with pytest.raises(OperationalError):
            find_connection("nobody", key, allow_stale=True)


def test_the_old_key_stays_valid_until_the_new_one_has_been_seen_for_a_day(
    acme: Connection, clock: time_machine.Traveller
) -> None:
    old = make_key(acme)
    new = make_key(acme)
    clock.shift(48 * HOUR)
    assert use(acme, old)
    assert use(acme, new)
    clock.shift(23.9 * HOUR)
    assert use(acme, new)
    clock.shift(5)
    assert use(acme, old)
    clock.shift(HOUR)
    assert use(acme, new)
    clock.shift(5)
    assert not use(acme, old)
    assert use(acme, new)


def test_a_new_key_that_was_only_tried_out_ends_nothing(
    acme: Connection, clock: time_machine.Traveller
) -> None:
    old = make_key(acme)
    use(acme, make_key(acme))
    for _ in range(5):
        clock.shift(24 * HOUR)
        assert use(acme, old)


def test_of_three_keys_the_oldest_expires_at_once(acme: Connection) -> None:
    first, second, third = make_key(acme), make_key(acme), make_key(acme)
    assert find_connection("acme", first) is None
    assert find_connection("acme", second) == acme
    assert find_connection("acme", third) == acme


def test_the_key_that_the_pbx_uses_survives_two_new_ones(acme: Connection) -> None:
    used = make_key(acme)
    use(acme, used)
    never_entered, newest = make_key(acme), make_key(acme)
    assert find_connection("acme", used) == acme
    assert find_connection("acme", never_entered) is None
    assert find_connection("acme", newest) == acme


def test_an_expired_key_does_not_come_back_with_a_new_one(acme: Connection) -> None:
    old = make_key(acme)
    acme.pbx_keys.update(expires_at=timezone.now())
    make_key(acme)
    assert find_connection("acme", old) is None


def test_the_use_of_a_key_is_noted_once_a_minute(
    acme: Connection, clock: time_machine.Traveller, django_assert_num_queries: CountQueries
) -> None:
    key = make_key(acme)
    note_key_seen(connection=acme, key=key)
    first_seen_at = timezone.now()
    clock.shift(59)
    with django_assert_num_queries(0):
        note_key_seen(connection=acme, key=key)
    clock.shift(1)
    note_key_seen(connection=acme, key=key)
    stored = PbxKey.objects.get()
    assert stored.first_seen_at == first_seen_at
    assert stored.last_seen_at == timezone.now()


def test_a_database_that_is_away_does_not_disturb_the_caller(
    acme: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    key = make_key(acme)
    with database.execute_wrapper(refuse_queries):
        note_key_seen(connection=acme, key=key)
    assert "not noted" in caplog.text
    assert key not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_many_threads_may_ask_at_once(acme: Connection) -> None:
    key = make_key(acme)

    def ask(number: int) -> bool:
        forget_connections()
        opened = find_connection("acme", key if number % 2 else "pbk_wrong") == acme
        note_key_seen(connection=acme, key=key)
        connections.close_all()
        return opened

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert list(pool.map(ask, range(200))) == [number % 2 == 1 for number in range(200)]
