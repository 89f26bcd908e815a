"""A wrong setting stops the start with one line that names it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.programs import run_celery, run_manage
from tests.support.environment import build_environment

SHOW = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))
"""
LOAD = [sys.executable, "-c", "import config.settings"]
FIRST_ADMIN = {f"DJANGO_SUPERUSER_{word}" for word in ("USERNAME", "PASSWORD", "EMAIL")}
PUBLIC = {"PUBLIC_URL": "https://portal.example"}


def run(
    command: list[str], *, data_dir: Path, **values: str | None
) -> subprocess.CompletedProcess[str]:
    environment = build_environment(data_dir=data_dir)
    for name, value in values.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def read_settings(*names: str, data_dir: Path, **values: str | None) -> dict[str, object]:
    done = run([sys.executable, "-c", SHOW, *names], data_dir=data_dir, **values)
    assert done.returncode == 0, done.stderr
    shown: dict[str, object] = json.loads(done.stdout)
    return shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://portal.example"),
        ("PUBLIC_URL", "portal.example"),
        ("PUBLIC_URL", "https://portal.example/patchbay"),
        ("PUBLIC_URL", "https://portal.example:port"),
        ("PUBLIC_URL", "https://user:password@portal.example"),
        ("PUBLIC_URL", "https://por tal"),
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("TRUSTED_PROXIES", "-1"),
        ("FAILED_KEYS_PER_MINUTE", "many"),
        ("LOOKUPS_PER_SECOND", "0.5"),
        ("ALLOWED_HOSTS", "https://portal.example"),
        ("ALLOWED_HOSTS", "portal.example:8000"),
        ("ZOHO_TRUSTED_URLS", "http://crm.example"),
        ("ZOHO_TRUSTED_URLS", "https://crm.example,crm"),
        ("DATABASE_URL", "mysql://localhost/patchbay"),
        ("DATABASE_URL", "patchbay.sqlite3"),
        ("DATABASE_URL", "postgres://localhost:port/patchbay"),
        ("CELERY_BROKER_URL", "amqp://localhost"),
        ("EMAIL_URL", "mail.example"),
        ("EMAIL_URL", "smtp://"),
        ("HTTPS_PROXY", "proxy"),
        ("HTTPS_PROXY", "http://proxy.example:port"),
        ("SANDBOX", "maybe"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FALLBACKS", f"{'ab' * 30},short"),
        ("FIELD_ENCRYPTION_KEYS", "no-key"),
        ("DATA_DIR", "/dev/null/data"),
    ],
)
def test_a_malformed_value_stops_the_start_with_one_line(
    tmp_path: Path, name: str, value: str
) -> None:
    done = run(LOAD, data_dir=tmp_path, **{name: value})
    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith(f"{name} ")
    assert f"For example: {name}=" in line


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_a_database_of_ones_own_needs_secrets_of_ones_own(tmp_path: Path, name: str) -> None:
    database = {"DATABASE_URL": "postgres://localhost/patchbay"}
    done = run(LOAD, data_dir=tmp_path, **database, **{name: None})
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"{name} is missing")


def test_the_sandbox_is_refused_under_a_public_address(tmp_path: Path) -> None:
    done = run(LOAD, data_dir=tmp_path, SANDBOX="1", **PUBLIC)
    assert done.returncode == 1
    assert done.stderr.startswith("SANDBOX is on, but PUBLIC_URL is not on this machine")


def test_a_password_in_a_wrong_address_is_not_shown(tmp_path: Path) -> None:
    done = run(LOAD, data_dir=tmp_path, DATABASE_URL="mysql://me:hidden@host/name")
    assert "hidden" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        run_manage("check"),
        run_celery("worker"),
        run_celery("beat"),
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", "0", "config.wsgi"],
    ],
    ids=["manage", "worker", "beat", "web"],
)
def test_every_process_says_so_without_a_traceback(tmp_path: Path, command: list[str]) -> None:
    done = run(command, data_dir=tmp_path, PUBLIC_URL="http://portal.example")
    assert done.returncode != 0
    assert "PUBLIC_URL is 'http://portal.example', but http is allowed" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_an_empty_value_counts_as_absent(tmp_path: Path) -> None:
    shown = read_settings("PORT", "PUBLIC_URL", data_dir=tmp_path, PORT="", PUBLIC_URL=" ")
    assert shown == {"PORT": 8000, "PUBLIC_URL": "http://localhost:8000"}


def test_a_value_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("8123\n")
    assert read_settings("PORT", data_dir=tmp_path, PORT_FILE=str(file)) == {"PORT": 8123}


def test_a_file_of_settings_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("PORT=8123\nBIND=0.0.0.0\n")
    shown = read_settings("PORT", "BIND", data_dir=tmp_path, ENV_FILE=str(file), PORT="8124")
    assert shown == {"PORT": 8124, "BIND": "0.0.0.0"}


def test_a_public_address_makes_the_portal_safe(tmp_path: Path) -> None:
    names = ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_SECURE", "SANDBOX")
    more = ("CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT")
    assert read_settings(
        *names, *more, data_dir=tmp_path, ALLOWED_HOSTS="portal.lan", **PUBLIC
    ) == {
        "ALLOWED_HOSTS": ["portal.example", "portal.lan"],
        "CSRF_TRUSTED_ORIGINS": ["https://portal.example", "https://portal.lan"],
        "SESSION_COOKIE_SECURE": True,
        "SANDBOX": False,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
    }


@pytest.mark.parametrize(
    ("proxies", "header"), [("0", None), ("1", ["HTTP_X_FORWARDED_PROTO", "https"])]
)
def test_the_proxys_header_is_believed_only_behind_a_proxy(
    tmp_path: Path, proxies: str, header: list[str] | None
) -> None:
    shown = read_settings(
        "SECURE_PROXY_SSL_HEADER", data_dir=tmp_path, TRUSTED_PROXIES=proxies, **PUBLIC
    )
    assert shown == {"SECURE_PROXY_SSL_HEADER": header}


def test_the_sandboxs_address_is_trusted_while_the_sandbox_is_on(tmp_path: Path) -> None:
    file = tmp_path / "sandbox" / "zoho-address"
    file.parent.mkdir()
    file.write_text("http://127.0.0.1:40123\n")
    url = "https://crm.example"
    assert read_settings("ZOHO_TRUSTED_URLS", data_dir=tmp_path, ZOHO_TRUSTED_URLS=url) == {
        "ZOHO_TRUSTED_URLS": [url, "http://127.0.0.1:40123"]
    }
    assert read_settings("ZOHO_TRUSTED_URLS", data_dir=tmp_path, SANDBOX="0") == {
        "ZOHO_TRUSTED_URLS": []
    }


def test_a_lookup_waits_for_zoho_for_a_second_and_a_half(tmp_path: Path) -> None:
    name = "LOOKUP_LIVE_SECONDS"
    assert read_settings(name, data_dir=tmp_path)[name] == 1.5
    assert read_settings(name, data_dir=tmp_path, **{name: "0"})[name] == 0


def test_every_variable_is_explained_in_the_example() -> None:
    root = Path(__file__).parent.parent.parent
    source = (root / "config" / "settings.py").read_text()
    example = (root / ".env.example").read_text()
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', source))
    assert {"PUBLIC_URL", "DATA_DIR", "EMAIL_URL", "SANDBOX", "CELERY_BROKER_URL"} <= read
    assert read == set(re.findall(r"^#([A-Z_]+)=", example, flags=re.MULTILINE)) - FIRST_ADMIN
