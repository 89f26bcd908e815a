"""A portal of one bench: its processes, and a sandbox's Zoho beside it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from config import programs
from config.addresses import find_free_port, is_healthy
from tests.support.environment import build_environment
from tests.support.postgres import run_postgres
from tests.support.processes import Running, start_process, wait_until

SET_UP = """
import json, requests
from datetime import timedelta
from django.utils import timezone
from connector.auth import make_key
from connector.granting.grants import fetch_organisation_facts, open_client
from connector.models import Connection, ZohoGrant, ZohoOrganisation
from journaling.models import JournalSettings
url, keys = "{url}", {{}}
organisation = ZohoOrganisation.objects.create(zgid="20061000001", name="Acme Ltd",
    edition="enterprise")
for slug in {slugs}:
    connection = Connection.objects.create(slug=slug, name=slug, country="GB", data_centre="own",
        accounts_url=url, api_url=url, crm_url=url, client_id="1000.SANDBOX",
        client_secret="sandbox-secret")
    JournalSettings.objects.create(connection=connection)
    keys[slug] = make_key(connection)
    if not {authorized}:
        continue
    tokens = requests.post(url + "/sandbox/grant", json={{}}, timeout=60).json()
    now = timezone.now()
    ZohoGrant.objects.create(connection=connection, organisation=organisation, user_zoho_id="1",
        user_name="I", user_email="i@acme.example", accounts_url=url, api_url=url, granted_at=now,
        access_token=tokens["access_token"], refresh_token=tokens["refresh_token"],
        access_token_issued_at=now, access_token_expires_at=now + timedelta(hours=1))
    fetch_organisation_facts(connection, open_client(connection))
print(json.dumps(keys))
"""


class Portal:
    def __init__(self, directory: Path, *, database_url: str, people: int = 300) -> None:
        self.directory = directory
        self.people = people
        self.port, self.zoho_port = find_free_port("127.0.0.1"), find_free_port("127.0.0.1")
        self.url = f"http://127.0.0.1:{self.zoho_port}"
        self.environment = build_environment(
            data_dir=directory,
            DATABASE_URL=database_url,
            PORT=str(self.port),
            PUBLIC_URL=f"http://localhost:{self.port}",
            ZOHO_TRUSTED_URLS=self.url,
            DJANGO_SETTINGS_MODULE="bench.settings",
            PYTHONPATH=str(Path(__file__).resolve().parent.parent),
            SUPERVISED="1",
        )

    def manage(self, *words: str) -> str:
        done = subprocess.run(  # noqa: S603
            programs.run_manage(*words), env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stderr + done.stdout)
        return done.stdout

    def ask(self, script: str) -> Any:
        """Run a script in the portal; its last line is JSON."""
        return json.loads(self.manage("shell", "-c", script).splitlines()[-1])

    def set_up(self, *slugs: str, authorized: bool = True) -> dict[str, str]:
        """Connections of one organisation; returns each one's API key."""
        script = SET_UP.format(url=self.url, slugs=list(slugs), authorized=authorized)
        keys: dict[str, str] = self.ask(script)
        return keys

    def start_zoho(self, *, latency_ms: int) -> Running:
        words = ("--people", str(self.people), "--latency-ms", str(latency_ms))
        command = [*programs.plan_sandbox(port=self.zoho_port).command, *words]
        zoho = self.start("zoho", command)
        wait_until(lambda: "serves" in zoho.read_log(), seconds=600, what="the sandbox")
        return zoho

    def start_web(self, server: str) -> Running:
        command = programs.plan_web(host="127.0.0.1", port=self.port).command
        if server == "gunicorn":
            command = [
                *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
                *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"),
                *("--workers", str(os.cpu_count()), "--threads", "8", "--keep-alive", "60"),
            ]
        web = self.start(server, command)
        wait_until(lambda: is_healthy(host="127.0.0.1", port=self.port), seconds=120, what=server)
        return web

    def start(self, name: str, command: list[str]) -> Running:
        log = self.directory / f"{name}.log"
        return start_process(command, environment=self.environment, log=log)


@contextmanager
def open_portal(database: str, *, people: int = 300) -> Iterator[Portal]:
    """On an empty `postgres` (fsync on) or `sqlite`."""
    with ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="patchbay-bench-"))
        postgres = database == "postgres"
        url = stack.enter_context(run_postgres(fsync=True)).url() if postgres else ""
        portal = Portal(Path(place), database_url=url, people=people)
        portal.manage("migrate", "--verbosity", "0")
        yield portal


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201
