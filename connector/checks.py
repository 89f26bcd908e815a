"""What is checked when the portal starts."""

from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

HINT = (
    "Make one with: python3 -c "
    "'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)


def check_encryption_keys(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Without a usable first key no secret can be stored, without the others none be read."""
    keys = settings.FIELD_ENCRYPTION_KEYS
    if not keys:
        return [Error("FIELD_ENCRYPTION_KEYS is empty.", hint=HINT, id="connector.E001")]
    return [
        Error(
            f"Key {number} of FIELD_ENCRYPTION_KEYS is no key of 32 bytes in base64.",
            hint=HINT,
            id="connector.E002",
        )
        for number, key in enumerate(keys, start=1)
        if not is_usable(key)
    ]


def is_usable(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
