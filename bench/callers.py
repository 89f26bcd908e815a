"""`python -m bench.callers`: first fill, lookups and search, side by side in one run.

A sandbox's Zoho with many people, a real portal on PostgreSQL or SQLite, real HTTP. The ways to
be compared take turns (A B A B), so that whatever else the machine does falls on all of them.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.load import Round, build_requests, list_family, run_round
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
from connector.grants import fetch_organisation_facts, open_client
from connector.models import Connection, ZohoGrant, ZohoOrganisation
from journaling.models import JournalSettings
url = "{url}"
connection = Connection.objects.create(slug="acme", name="Acme", country="GB", data_centre="own",
    accounts_url=url, api_url=url, crm_url=url, client_id="1000.SANDBOX",
    client_secret="sandbox-secret")
JournalSettings.objects.create(connection=connection)
organisation = ZohoOrganisation.objects.create(zgid="20061000001", name="Acme Ltd")
tokens = requests.post(url + "/sandbox/grant", json={{}}, timeout=60).json()
now = timezone.now()
ZohoGrant.objects.create(connection=connection, organisation=organisation, user_zoho_id="1",
    user_name="I", user_email="i@acme.example", accounts_url=url, api_url=url, granted_at=now,
    access_token=tokens["access_token"], refresh_token=tokens["refresh_token"],
    access_token_issued_at=now, access_token_expires_at=now + timedelta(hours=1))
fetch_organisation_facts(connection, open_client(connection))
print(json.dumps({{"key": make_key(connection)}}))
"""
SAMPLE = """
import json
from connector.models import Connection, MirroredKey, MirroredPerson
from connector.reading import read_as
connection = Connection.objects.select_related("grant").get()
numbers = list(MirroredKey.objects.filter(key__startswith="+").order_by("tail")
    .values_list("key", flat=True)[:20000:10])
names = list(MirroredPerson.objects.exclude(first_name="").order_by("zoho_id")
    .values_list("first_name", "last_name")[:60000:60])
print(json.dumps({"organisation": connection.grant.organisation_id,
    "reading": read_as(connection).digest, "numbers": numbers, "names": names,
    "people": MirroredPerson.objects.count(),
    "keys": MirroredKey.objects.filter(key__startswith="+").count()}))
"""


class Portal:
    """One portal of this run and the sandbox's Zoho beside it."""

    def __init__(self, directory: Path, *, database_url: str, people: int) -> None:
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
            CELERY_BROKER_URL="redis://127.0.0.1:1/0",
            DJANGO_SETTINGS_MODULE="bench.settings",
            PYTHONPATH=str(Path(__file__).resolve().parent.parent),
        )

    def manage(self, *words: str) -> str:
        done = subprocess.run(  # noqa: S603
            programs.run_manage(*words), env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stderr + done.stdout)
        return done.stdout

    def ask(self, script: str) -> dict:
        answer: dict = json.loads(self.manage("shell", "-c", script).splitlines()[-1])
        return answer

    def start_zoho(self, *, latency_ms: int) -> Running:
        words = ("--people", str(self.people), "--latency-ms", str(latency_ms))
        command = [*programs.plan_sandbox(port=self.zoho_port).command, *words]
        zoho = start_process(command, environment=self.environment, log=self.directory / "zoho.log")
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
        log = self.directory / f"{server}.log"
        web = start_process(command, environment=self.environment, log=log)
        wait_until(lambda: is_healthy(host="127.0.0.1", port=self.port), seconds=120, what=server)
        return web


def measure_fill(portal: Portal, *, latency_ms: int, say: Callable[[str], None]) -> None:
    zoho = portal.start_zoho(latency_ms=latency_ms)
    portal.ask(SET_UP.format(url=portal.url))
    started = time.monotonic()
    said = portal.manage("directory", "sync", "acme").splitlines()[-1]
    seconds = time.monotonic() - started
    status = json.loads(portal.manage("directory", "status", "acme", "--json"))
    pages = max(module["pages"] for module in status[0]["modules"])
    ideal = pages * latency_ms / 1000
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    zoho.kill()
    say(f"first fill: {said}")
    say(
        f"first fill: {seconds:.1f} s; ideal {ideal:.1f} s ({pages} pages of {latency_ms} ms); "
        f"{ideal / seconds:.0%} of the ideal; peak memory of any child {memory:.0f} MB"
    )


def measure_answers(
    portal: Portal, *, server: str, rounds: int, seconds: float, say: Callable[[str], None]
) -> None:
    sample = portal.ask(SAMPLE)
    key = portal.ask(
        "import json; from connector.auth import make_key; from connector.models import "
        "Connection; print(json.dumps({'key': make_key(Connection.objects.get())}))"
    )["key"]
    ways = build_ways(sample, key=key)
    web = portal.start_web(server)
    pids = list_family(web.process.pid)
    say(f"{server}: {sample['people']} people, {sample['keys']} numbers")
    try:
        for connections in (1, 32):
            results = {name: Round() for name in ways}
            for number in range(rounds + 1):
                for name, requests in ways.items():
                    done = run_round(
                        requests,
                        port=portal.port,
                        connections=connections,
                        seconds=seconds,
                        pids=pids,
                    )
                    if number:  # the first round only warms up
                        results[name].add(done)
            tell(results, connections=connections, say=say)
    finally:
        web.kill()


def build_ways(sample: dict, *, key: str) -> dict[str, list[bytes]]:
    rest = {"organisation": sample["organisation"], "reading": sample["reading"]}
    numbers = sample["numbers"]
    texts = [f"{last} {first}"[: random.Random(first + last).randint(4, 30)]  # noqa: S311
             for first, last in sample["names"]]  # fmt: skip
    bodies: dict[str, list[dict]] = {
        "/bench/constant": [{}],
        "/bench/exact": [{"number": number, **rest} for number in numbers],
        "/pbx/acme/lookup": [{"number": n, "direction": "Inbound"} for n in numbers],
        "/pbx/acme/search": [{"text": text} for text in texts],
    }
    return {
        path: build_requests(path, [json.dumps(one).encode() for one in many], key=key)
        for path, many in bodies.items()
    }


def tell(results: dict[str, Round], *, connections: int, say: Callable[[str], None]) -> None:
    for name, one in results.items():
        say(
            f"  {connections:2} connections {name:18} {one.rate:7.0f}/s"
            f"  median {one.median:6.2f} ms  p99 {one.quantile(0.99):7.2f} ms"
            f"  CPU {one.cpu_ms:5.2f} ms  failed {one.failed}"
        )
    exact, lookup = results["/bench/exact"], results["/pbx/acme/lookup"]
    constant, search = results["/bench/constant"], results["/pbx/acme/search"]
    say(
        f"  {connections:2} connections lookup: {lookup.rate / exact.rate:.2f} of one SELECT's "
        f"rate, {lookup.cpu_ms / exact.cpu_ms:.2f} of its CPU, "
        f"{lookup.median / constant.median:.2f} of a constant's median; search: p99 "
        f"{search.quantile(0.99) / lookup.quantile(0.99):.2f} of lookup's"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--latency-ms", type=int, default=100)
    parser.add_argument("--databases", default="postgres,sqlite")
    parser.add_argument("--servers", default="granian,gunicorn")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()

    def say(words: str) -> None:
        print(words, flush=True)  # noqa: T201

    for database in options.databases.split(","):
        with ExitStack() as stack:
            place = stack.enter_context(tempfile.TemporaryDirectory(prefix="patchbay-bench-"))
            postgres = database == "postgres"
            url = stack.enter_context(run_postgres(fsync=True)).url() if postgres else ""
            portal = Portal(Path(place), database_url=url, people=options.people)
            portal.manage("migrate", "--verbosity", "0")
            say(f"== {database}")
            measure_fill(portal, latency_ms=options.latency_ms, say=say)
            for server in options.servers.split(","):
                measure_answers(
                    portal,
                    server=server,
                    rounds=options.rounds,
                    seconds=options.seconds,
                    say=say,
                )


if __name__ == "__main__":
    main()
