"""What is checked when the portal starts."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from pytest_django import Settings

from tests.support.portal import Portal
from tests.support.postgres import Postgres

GOOD = Fernet.generate_key().decode()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([GOOD], []),
        ([], ["connector.E001"]),
        ([GOOD, "short"], ["connector.E002"]),
        (["é" * 44, GOOD], ["connector.E002"]),
    ],
)
def test_unusable_encryption_keys_are_found_at_the_start(
    settings: Settings, keys: list[str], expected: list[str]
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = keys
    found = [str(message.id) for message in run_checks()]
    assert [name for name in found if name.startswith("connector.")] == expected


def test_a_database_that_knows_no_cyrillic_is_named_at_the_start(
    postgres: Postgres, make_portal: Callable[..., Portal]
) -> None:
    name = f"latin_{uuid4().hex}"
    postgres.execute("CREATE DATABASE {} TEMPLATE template0 LOCALE 'C'", name)
    portal = make_portal(database="sqlite")
    portal.environment["DATABASE_URL"] = postgres.url(name)
    try:
        portal.manage("migrate", "--verbosity", "0")
        told = portal.manage("check", "--database", "default").stderr
    finally:
        postgres.drop_database(name)
    assert "connector.W001" in told


@pytest.mark.django_db
def test_the_tests_own_database_knows_cyrillic() -> None:
    assert run_checks(databases=["default"]) == []
