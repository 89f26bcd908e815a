"""Secrets that the embedded default makes for itself, once, beside its database."""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def make_signing_key() -> str:
    return secrets.token_urlsafe(50)


def make_encryption_key() -> str:
    """Return a key for cryptography's Fernet."""
    return urlsafe_b64encode(os.urandom(32)).decode()


def keep_secret(path: Path, *, make: Callable[[], str]) -> str:
    """Return the secret in this file, made first where it is missing.

    Processes that start at once all get the same one: each writes a file of its own and links it
    to the name; only the first link succeeds, and what is read is never half written.
    """
    try:
        if not path.exists():
            write_once(path, make())
        return path.read_text().strip()
    except OSError as error:
        raise SystemExit(
            f"DATA_DIR must be a directory that this user can write: {error}. "
            "For example: DATA_DIR=/var/lib/patchbay"
        ) from None


def write_once(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
