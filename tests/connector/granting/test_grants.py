"""Access tokens: renewed once for all, in time, and never against Zoho's limits."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import responses
import time_machine
from django.db import connection as database
from django.utils import timezone
from pytest_django import Settings

from config.secret_files import make_encryption_key
from connector.granting.grants import open_client
from connector.granting.tokens import GrantTokens
from connector.models import Connection, ZohoGrant
from connector.zoho.errors import GrantRefused, Misconfigured, Temporary
from tests.connector.zoho.world import World


def age_grant(*, issued: float = 3600, left: float = 0, **values: Any) -> None:
    """Tokens given `issued` seconds ago, with `left` seconds to go."""
    now = timezone.now()
    ZohoGrant.objects.update(
        access_token_issued_at=now - timedelta(seconds=issued),
        access_token_expires_at=now + timedelta(seconds=left),
        **values,
    )


def count_refreshes(world: World) -> int:
    return world.sandbox.front.log.counts["POST oauth/v2/token"] - 1


def read_token(world: World) -> str:
    return GrantTokens(world.connection.pk).read()


def read_in_thread(connection_id: int) -> str:
    try:
        return GrantTokens(connection_id).read()
    finally:
        database.close()


def test_a_token_that_lives_long_enough_is_used_as_it_is(world: World) -> None:
    world.authorise()
    age_grant(left=90)
    assert read_token(world) == ZohoGrant.objects.get().access_token.reveal()
    assert count_refreshes(world) == 0


def test_a_token_is_renewed_a_minute_before_it_ends(world: World) -> None:
    world.authorise()
    age_grant(left=59)
    old = ZohoGrant.objects.get()
    assert read_token(world) != old.access_token.reveal()
    new = ZohoGrant.objects.get()
    assert new.refresh_token.reveal() == old.refresh_token.reveal()
    assert count_refreshes(world) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_refresh_once(world: World) -> None:
    world.authorise()
    age_grant()
    world.control(latency_ms=300)
    with ThreadPoolExecutor(20) as pool:
        tokens = list(pool.map(read_in_thread, [world.connection.pk] * 20))
    assert len(set(tokens)) == 1
    assert count_refreshes(world) == 1


def test_a_refused_token_is_renewed_and_the_request_repeated(world: World) -> None:
    world.authorise()
    age_grant(issued=120, left=3000)
    world.control(expire_access_tokens=True)
    answer = open_client(world.connection).get("/crm/v8/org")
    assert answer is not None
    assert answer["org"][0]["company_name"] == "Acme Ltd"
    assert count_refreshes(world) == 1


def test_a_young_token_that_is_refused_is_not_renewed(world: World) -> None:
    world.authorise()
    age_grant(issued=30, left=3000)
    world.control(expire_access_tokens=True)
    with pytest.raises(Temporary, match="gave less than a minute ago"):
        open_client(world.connection).get("/crm/v8/org")
    assert count_refreshes(world) == 0


def test_a_token_that_another_has_renewed_is_not_renewed_again(world: World) -> None:
    world.authorise()
    age_grant(issued=120, left=3000)
    GrantTokens(world.connection.pk).report_refused("an older token")
    read_token(world)
    assert count_refreshes(world) == 0


def test_a_revoked_grant_is_marked_and_holds_the_connection(world: World) -> None:
    world.authorise()
    age_grant()
    world.control(revoke_grants=True)
    with pytest.raises(GrantRefused):
        open_client(world.connection).get("/crm/v8/org")
    world.connection.refresh_from_db()
    assert world.connection.grant.state == ZohoGrant.State.REFUSED
    assert world.connection.held_code == "grant_refused"
    assert "Press Authorize" in str(world.connection.held_words)
    assert world.connection.held_at is not None


def test_zoho_is_not_asked_again_after_it_refused_the_grant(world: World) -> None:
    world.authorise()
    age_grant(state=ZohoGrant.State.REFUSED, refused_words="Press Authorize.")
    with pytest.raises(GrantRefused, match="Press Authorize"):
        open_client(world.connection)
    assert count_refreshes(world) == 0


def test_the_ninth_refresh_in_ten_minutes_waits(world: World) -> None:
    world.authorise()
    now = timezone.now()
    moments = [(now - timedelta(seconds=500 - n)).isoformat() for n in range(8)]
    age_grant(refreshed_at_moments=moments)
    with pytest.raises(Temporary) as caught:
        read_token(world)
    assert caught.value.retry_after is not None
    assert 90 < caught.value.retry_after <= 101
    assert count_refreshes(world) == 0


def test_refreshes_older_than_ten_minutes_do_not_count(world: World) -> None:
    world.authorise()
    long_ago = (timezone.now() - timedelta(seconds=601)).isoformat()
    age_grant(refreshed_at_moments=[long_ago] * 8)
    read_token(world)
    assert len(ZohoGrant.objects.get().refreshed_at_moments) == 1


def test_throttling_silences_everybody_for_ten_minutes(world: World) -> None:
    world.authorise()
    age_grant()
    body = {"error": "Access Denied", "error_description": "too many requests"}
    world.control(faults=[{"kind": "status", "status": 400, "path": "/token$", "body": body}])
    for _ in range(2):
        with pytest.raises(Temporary) as caught:
            read_token(world)
        assert caught.value.code == "throttled"
        assert caught.value.retry_after == pytest.approx(600, abs=30)
    assert count_refreshes(world) == 1
    assert ZohoGrant.objects.get().state == ZohoGrant.State.GRANTED


def test_an_outage_of_the_accounts_server_is_temporary_and_not_counted(world: World) -> None:
    world.authorise()
    age_grant()
    world.control(faults=[{"kind": "html", "status": 503, "path": "/token$"}])
    with pytest.raises(Temporary):
        read_token(world)
    grant = ZohoGrant.objects.get()
    assert (grant.state, grant.refreshed_at_moments) == (ZohoGrant.State.GRANTED, [])
    ZohoGrant.objects.update(refresh_claimed_until=timezone.now())
    assert read_token(world)


def test_whoever_waits_for_anothers_refresh_gives_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.authorise()
    soon = timezone.now() + timedelta(seconds=15)
    age_grant(refresh_claim=uuid4(), refresh_claimed_until=soon)
    monkeypatch.setattr("connector.granting.tokens.PATIENCE", 0.3)
    with pytest.raises(Temporary, match="took too long"):
        read_token(world)
    assert count_refreshes(world) == 0


def test_the_claim_of_a_process_that_died_runs_out(world: World) -> None:
    world.authorise()
    age_grant(refresh_claim=uuid4(), refresh_claimed_until=timezone.now())
    read_token(world)
    assert count_refreshes(world) == 1


@pytest.mark.parametrize(
    "answer", [{"error": "invalid_code"}, {"access_token": "late", "expires_in": 3600}]
)
def test_a_refresh_overtaken_by_a_new_consent_writes_nothing(
    world: World, answer: dict[str, Any]
) -> None:
    world.authorise()
    age_grant()

    def consent_meanwhile(request: Any) -> tuple[int, dict[str, str], str]:
        age_grant(left=3600, refresh_claim=uuid4(), access_token="newest")
        return 200, {}, json.dumps(answer)

    with responses.RequestsMock() as faked:
        faked.add_callback("POST", f"{world.sandbox.url}/oauth/v2/token", consent_meanwhile)
        try:
            assert read_token(world) == "newest"
        except GrantRefused:
            assert "error" in answer
    grant = ZohoGrant.objects.get()
    assert (grant.state, grant.access_token.reveal()) == (ZohoGrant.State.GRANTED, "newest")
    assert Connection.objects.get().held_code == ""


def test_a_connection_without_consent_says_what_to_do(world: World) -> None:
    with pytest.raises(Misconfigured, match="Press Authorize"):
        open_client(world.connection)


def test_tokens_go_to_no_address_that_left_the_list(world: World, settings: Settings) -> None:
    world.authorise()
    settings.ZOHO_TRUSTED_URLS = []
    with pytest.raises(Misconfigured, match="no API address"):
        open_client(world.connection)


@pytest.mark.parametrize("left", [3600, 10])
def test_a_missing_key_is_waited_for_ten_minutes_and_then_held(
    world: World, settings: Settings, left: int
) -> None:
    world.authorise()
    age_grant(left=left)
    keys, settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS, [make_encryption_key()]
    began_at = timezone.now()
    for minutes, expected in ((0, Temporary), (9, Temporary), (11, Misconfigured)):
        with time_machine.travel(began_at + timedelta(minutes=minutes), tick=False):
            with pytest.raises(expected) as caught:
                read_token(world)
            assert caught.value.code == "unreadable_secret"
    settings.FIELD_ENCRYPTION_KEYS = keys
    ZohoGrant.objects.update(refresh_claimed_until=None)
    assert read_token(world)
    assert ZohoGrant.objects.get().unreadable_since is None
