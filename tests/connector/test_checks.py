"""What is checked when the portal starts."""

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from pytest_django import Settings

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
