from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from connector.models import DialSettings, XapiToken
from connector.threecx.xapi import XapiError, count_lifetime, list_users
from connector.xapi_tokens import ask_pbx
from tests.support.builders import build_connection

pytestmark = pytest.mark.django_db(transaction=True)


def read_users(settings: DialSettings):
    return ask_pbx(settings, lambda url, token: list_users(url, token=token))


def test_one_token_serves_all_threads(with_xapi, pbx):
    def read() -> int:
        try:
            return len(read_users(DialSettings.objects.get(connection=with_xapi)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        found = [future.result() for future in [pool.submit(read) for _ in range(16)]]
    assert found == [1] * 16
    assert (pbx.tokens_given, pbx.refused) == (1, 0)


def test_a_token_that_another_client_ended_is_renewed_once(with_xapi, pbx):
    settings = with_xapi.dialling
    read_users(settings)
    pbx.give_token({"client_id": "900", "client_secret": "sandbox-key"})
    [user] = read_users(settings)
    assert (user.extension, user.email) == ("101", "ann@acme.example")
    assert (pbx.tokens_given, pbx.refused) == (3, 1)


@pytest.mark.parametrize("version", ["20.0.8.77", "20.0.9.1", "20.1.0.3"])
def test_a_token_lives_an_hour_whatever_the_versions_unit(with_xapi, pbx, version):
    pbx.version = version
    read_users(with_xapi.dialling)
    expires_at = XapiToken.objects.get().expires_at
    assert expires_at is not None
    assert timedelta(minutes=58) < expires_at - timezone.now() <= timedelta(minutes=60)


def test_an_unknown_version_counts_seconds():
    assert count_lifetime(60, version="") == 60
    assert count_lifetime(60, version="18.0.3") == 3600


def test_a_wrong_key_is_told(with_xapi):
    DialSettings.objects.update(xapi_client_secret="wrong")
    with pytest.raises(XapiError, match="Client ID and key"):
        read_users(DialSettings.objects.get())


def test_knowing_the_client_id_alone_gives_no_token(with_xapi, pbx):
    """Another customer's administrator may type this PBX's address and Client ID."""
    read_users(with_xapi.dialling)
    stranger = DialSettings.objects.create(
        connection=build_connection("stranger", pbx_url=pbx.url),
        way="xapi", xapi_client_id="900", xapi_client_secret="guessed",
    )  # fmt: skip
    with pytest.raises(XapiError, match="Client ID and key"):
        read_users(stranger)


def test_the_key_is_encrypted_in_the_database(with_xapi):
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT xapi_client_secret FROM connector_dialsettings")
        assert "sandbox-key" not in cursor.fetchone()[0]
