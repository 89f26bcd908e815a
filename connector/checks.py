"""What is checked when the portal starts."""

from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning
from django.db import connections

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


def check_trigrams(
    app_configs: Sequence[AppConfig] | None,
    *,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """PostgreSQL splits words into letters by its locale: under C it knows Latin ones only, and a
    search in Cyrillic goes through everybody."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor == "postgresql" and not splits_cyrillic(alias):
            messages.append(
                CheckWarning(
                    "This PostgreSQL database does not know Cyrillic letters, so searching for "
                    "such names is slow.",
                    hint="Make the database with a UTF-8 locale of libc, like LOCALE 'C.UTF-8' or "
                    "'en_US.UTF-8', not with C.",
                    id="connector.W001",
                )
            )
    return messages


def splits_cyrillic(alias: str) -> bool:
    """True also before the first migration, which installs pg_trgm."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return True
        cursor.execute("SELECT cardinality(show_trgm('кот'))")
        return bool(cursor.fetchone()[0])
