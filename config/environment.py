"""Reads the portal's variables: from the environment, a NAME_FILE beside it, or `.env`."""

import base64
import binascii
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config.secret_files import keep_secret, make_encryption_key, make_signing_key

DATABASE_EXAMPLE = "postgres://patchbay:secret@localhost:5432/patchbay"
DATABASE_SCHEMES = ("postgres", "postgresql", "sqlite")
BROKER_SCHEMES = ("redis", "rediss", "redis+socket")
FERNET_KEY_BYTES = 32
SIGNING_KEY_EXAMPLE = "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"
ENCRYPTION_KEY_EXAMPLE = "$(head -c 32 /dev/urandom | base64 | tr +/ -_)"
SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
HOST_NAME = re.compile(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:.]+\]|\*")


def refuse(name: str, wrong: str, *, example: str) -> NoReturn:
    """Stop the start with one line; SystemExit passes through Django, Celery and granian."""
    raise SystemExit(f"{name} {wrong}. For example: {name}={example}")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Environment:
    """The variables, each read by the kind of value it holds; an empty value counts as absent."""

    def __init__(self, env_file: Path) -> None:
        environ.Env.read_env(env_file)
        self.env = environ.FileAwareEnv()
        self.variables = self.env.ENVIRON

    def text(self, name: str, default: str = "") -> str:
        try:
            return str(self.variables.get(name, "")).strip() or default
        except (OSError, UnicodeDecodeError) as error:
            refuse(f"{name}_FILE", f"cannot be read: {error}", example=f"/run/secrets/{name}")

    def items(self, name: str) -> list[str]:
        return [item.strip() for item in self.text(name).split(",") if item.strip()]

    def number(self, name: str, *, default: int, lowest: int, highest: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
            refuse(
                name, f"is {value!r}, not a number from {lowest} to {highest}", example=str(default)
            )
        return int(value)

    def seconds(self, name: str, *, default: float, highest: int) -> float:
        value = self.text(name, str(default))
        if not SECONDS.fullmatch(value) or float(value) > highest:
            refuse(name, f"is {value!r}, not seconds from 0 to {highest}", example=str(default))
        return float(value)

    def switch(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
            refuse(name, f"is {value!r}, neither 1 nor 0", example="1")
        return value in {"1", "true", "yes", "on"}

    def origin(self, name: str, *, default: str) -> str:
        """Return `scheme://host[:port]`: https anywhere, http only on loopback."""
        value = self.text(name, default).rstrip("/")
        example = "https://portal.example"
        problem = find_url_problem(value)
        if problem:
            refuse(name, f"is {value!r}, {problem}", example=example)
        if value != "{0.scheme}://{0.netloc}".format(urlsplit(value)):
            refuse(name, f"is {value!r}; it must end after the host and port", example=example)
        return value.lower()

    def urls(self, name: str, *, example: str) -> list[str]:
        values = [value.rstrip("/") for value in self.items(name)]
        for value in values:
            problem = find_url_problem(value)
            if problem:
                refuse(name, f"holds {value!r}, {problem}", example=example)
        return values

    def hosts(self, name: str) -> list[str]:
        values = self.items(name)
        for value in values:
            if not HOST_NAME.fullmatch(value):
                refuse(
                    name,
                    f"holds {value!r}, which is not a bare host name (no scheme, port or path)",
                    example="portal.example,10.0.0.5",
                )
        return [value.lower() for value in values]

    def proxy(self, name: str) -> str:
        value = self.text(name) or self.text(name.lower())
        schemes = {"http", "https", "socks5", "socks5h"}
        if value and (urlsplit(value).scheme not in schemes or not find_host(value)):
            refuse(name, "is not the address of a proxy", example="http://proxy.example:3128")
        return value

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        value = self.text(name, default)
        if urlsplit(value).scheme not in DATABASE_SCHEMES or "://" not in value:
            refuse(name, "must begin with postgres:// or sqlite:///", example=DATABASE_EXAMPLE)
        try:
            return dict(self.env.db_url_config(value))
        except (ImproperlyConfigured, ValueError):
            refuse(name, "is not an address of a database", example=DATABASE_EXAMPLE)

    def broker(self, name: str, *, default: str) -> str:
        value = self.text(name, default)
        parts = urlsplit(value)
        if parts.scheme not in BROKER_SCHEMES or not (parts.netloc or parts.path):
            refuse(
                name,
                f"must begin with {'://, '.join(BROKER_SCHEMES)}://",
                example="redis://localhost:6379/0",
            )
        return value

    def email(self, name: str) -> dict[str, Any]:
        """Return Django's EMAIL_ settings; without a value mail goes nowhere."""
        value = self.text(name, "dummymail://")
        wrong, example = (
            "is not an address of a mail server",
            "smtp+tls://user:password@mail.example:587",
        )
        try:
            found = dict(self.env.email_url_config(value))
        except (ImproperlyConfigured, KeyError, ValueError):
            refuse(name, wrong, example=example)
        if value.startswith("smtp") and not find_host(value):
            refuse(name, wrong, example=example)
        return found

    def sender(self, name: str, *, host: str) -> str:
        """Return who the portal's mail is from: the mail account, else a name at its own host."""
        user = unquote(urlsplit(self.text(name)).username or "")
        return user if "@" in user else f"patchbay@{host}"

    def directory(self, name: str, *, default: Path) -> Path:
        """Return a directory, made where it is missing; a relative one starts at the project."""
        path = (default.parent / self.text(name, str(default))).resolve()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            refuse(name, f"cannot be made: {error}", example="/var/lib/patchbay")
        return path

    def secret_key(self, name: str, *, made_in: Path | None) -> str:
        value = self.text(name)
        if not value and made_in:
            value = keep_secret(made_in / name.lower(), make=make_signing_key)
        if not is_signing_key(value):
            refuse(name, "is missing or shorter than 50 characters", example=SIGNING_KEY_EXAMPLE)
        return value

    def former_keys(self, name: str) -> list[str]:
        """Return signing keys of before, separated by commas: they read and never write."""
        values = self.items(name)
        if not all(is_signing_key(value) for value in values):
            wrong = "must be former values of SECRET_KEY, separated by commas"
            refuse(name, wrong, example=SIGNING_KEY_EXAMPLE)
        return values

    def fernet_keys(self, name: str, *, made_in: Path | None) -> list[str]:
        """Return the keys in their order: the first one writes, all of them read."""
        values = self.items(name)
        if not values and made_in:
            values = [keep_secret(made_in / name.lower(), make=make_encryption_key)]
        if not values:
            refuse(name, "is missing", example=ENCRYPTION_KEY_EXAMPLE)
        if not all(is_fernet_key(value) for value in values):
            wrong = "must be keys of 32 bytes in base64, separated by commas"
            refuse(name, wrong, example=ENCRYPTION_KEY_EXAMPLE)
        return values


def is_signing_key(value: str) -> bool:
    return len(value) >= 50 and len(set(value)) >= 5


def find_url_problem(value: str) -> str:
    """Return why this is no address the portal may use, or nothing."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "which is not an address"
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return "which is not an address like https://host"
    if not is_host(host):
        return "whose host name is none"
    if parts.scheme == "http" and not is_loopback(host):
        return "but http is allowed on this machine only (localhost); use https"
    return ""


def is_host(host: str) -> bool:
    """Tell whether a host of an address (IPv6 without its brackets) is written like one."""
    return bool(HOST_NAME.fullmatch(f"[{host}]" if ":" in host else host)) and host[0] != "."


def find_host(value: str) -> str:
    """Return the host of an address, "" where it or the port is none."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return host


def is_fernet_key(value: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(value.encode())) == FERNET_KEY_BYTES
    except (binascii.Error, ValueError):
        return False
