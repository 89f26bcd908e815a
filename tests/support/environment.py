"""What the portal's processes are told in tests."""

import os
from pathlib import Path

from config.secret_files import make_encryption_key, make_signing_key

OURS = (
    "ALLOWED_HOSTS", "BIND", "CELERY_BROKER_URL", "DATABASE_URL", "EMAIL_URL", "HTTPS_PROXY",
    "PORT", "PUBLIC_URL", "SANDBOX", "TRUSTED_PROXIES", "ZOHO_TRUSTED_URLS", "https_proxy",
)  # fmt: skip


def build_environment(*, data_dir: Path, **values: str) -> dict[str, str]:
    """Return a whole environment that holds none of the developer's own settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith("DJANGO_SUPERUSER_")
    }
    made = {
        "ENV_FILE": os.devnull,
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": make_signing_key(),
        "FIELD_ENCRYPTION_KEYS": make_encryption_key(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return {**kept, **made, **values}
