"""`python -m bench.accepting`: taking a report of a call, beside the shortest view that could.

That view checks the same JSON and inserts one row of the same table by the ORM: no key, nothing is
normalised, a repeat is stored twice. The two take turns; every report is another call.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import psycopg

from bench.load import Round, build_requests, list_family, run_round, take_turns
from bench.portal import Portal, open_portal, say

PATHS = ("/bench/insert", "/pbx/acme/calls")
ENOUGH = 6_000
"""Bodies of one round; more than any server here takes in it."""
ERROR = re.compile(r"^[\w.]+Error: .*$", re.MULTILINE)
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
STARTED_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def write_bodies(numbers: Iterator[int]) -> list[bytes]:
    return [json.dumps(describe_call(next(numbers))).encode() for _ in range(ENOUGH)]


def describe_call(number: int) -> dict[str, str]:
    """As the template posts it; each number is another call."""
    started = STARTED_AT + timedelta(seconds=number)
    return {
        "type": "Inbound",
        "direction": "Inbound",
        "number": f"+44163{number % 10_000_000:07}",
        "name": "Ada Lane",
        "agent": str(100 + number % 50),
        "agent_email": f"agent{number % 50}@acme.example",
        "queue": "800",
        "entity_id": "5000000000000123",
        "entity_type": "Contacts",
        "start": started.strftime(MOMENT),
        "end": (started + timedelta(seconds=61)).strftime(MOMENT),
        "seconds": "61",
    }


def measure(portal: Portal, *, server: str, connections: int, rounds: int, seconds: float) -> None:
    key = portal.ask(
        "import json; from connector.auth import make_key; from connector.models import "
        "Connection; print(json.dumps(make_key(Connection.objects.get())))"
    )
    web = portal.start_web(server)
    pids, numbers = list_family(web.process.pid), count(hash(server) % 1000 * 1_000_000)

    def run(path: str, *, connections: int, seconds: float) -> Round:
        requests = build_requests(path, write_bodies(numbers), key=key)
        return run_round(
            requests, port=portal.port, connections=connections, seconds=seconds, pids=pids
        )

    try:
        runs = {
            path: partial(run, path, connections=connections, seconds=seconds) for path in PATHS
        }
        results = take_turns(runs, rounds=rounds)
        for path in PATHS if portal.environment["DATABASE_URL"] else ():
            before = count_statements(portal)
            done = run(path, connections=1, seconds=1)
            statements = (count_statements(portal) - before) / len(done.took)
            say(f"  {server:8} {path:16} {statements:.2f} statements a request")
    finally:
        web.kill()
    tell(results, server=server, connections=connections)
    for line, number in Counter(ERROR.findall(web.read_log())).most_common(3):
        say(f"  {server:8} {number} times in its log: {line}")


def count_statements(portal: Portal) -> int:
    """Each is a transaction of its own here. An idle PostgreSQL tells its count after 10 s."""
    time.sleep(11)
    with psycopg.connect(portal.environment["DATABASE_URL"]) as database:
        row = database.execute("SELECT sum(xact_commit) FROM pg_stat_database").fetchone()
    return int(row[0]) if row else 0


def tell(results: dict[str, Round], *, server: str, connections: int) -> None:
    for path, one in results.items():
        say(
            f"  {server:8} {connections:2} connections {path:16} {one.rate:6.0f}/s"
            f"  median {one.median:6.2f} ms  p99 {one.quantile(0.99):7.2f} ms"
            f"  CPU {one.cpu_ms:5.2f} ms  failed {one.tell_failed()}"
        )
    plain, ours = results[PATHS[0]], results[PATHS[1]]
    say(f"  {server:8} a call: {ours.rate / plain.rate:.2f} of the plain view's rate, "
        f"{ours.cpu_ms / plain.cpu_ms:.2f} of its CPU")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", default="postgres,sqlite")
    parser.add_argument("--servers", default="granian,gunicorn")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    for database in options.databases.split(","):
        with open_portal(database) as portal:
            say(f"== accepting, {database}")
            portal.set_up("acme", authorized=False)
            for server in options.servers.split(","):
                measure(
                    portal,
                    server=server,
                    connections=options.connections,
                    rounds=options.rounds,
                    seconds=options.seconds,
                )


if __name__ == "__main__":
    main()
