"""`python -m bench.delivering`: many waiting calls, by as few requests to Zoho as there can be.

Web is not needed: the calls are stored and settled beforehand, and become due at one moment. Beside
it: the same records sent one by one, each connection in a thread of its own, for some seconds.
"""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import redis
import requests

from bench.load import list_family, read_cpu
from bench.portal import Portal, open_portal, say
from config import programs
from config.valkey import find_socket
from tests.support.processes import wait_until

LATENCY_MS = 300
ONE_BY_ONE_SECONDS = 6
STORE = """
import json
from datetime import timedelta
from django.utils import timezone
from connector.models import Connection
from journaling.ingest import describe_event
from journaling.models import Entry, Event
from journaling.settle import settle_connection
now = timezone.now()
for connection in Connection.objects.order_by("pk"):
    events = []
    for number in range({each}):
        at = now - timedelta(days=1, seconds=97 * number)
        body = {{"type": "Inbound", "direction": "Inbound", "number": "+441632960011",
            "agent": str(100 + number % 40), "queue": "", "seconds": "60",
            "start": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "end": (at + timedelta(seconds=60)).strftime("%Y-%m-%dT%H:%M:%SZ")}}
        events.append(describe_event(connection=connection, kind="call",
            body=json.dumps(body).encode(), template_version="2", received_at=now))
    Event.objects.bulk_create(events, batch_size=500)
    settle_connection(connection.pk)
waiting = Entry.objects.filter(state__in=["settling", "waiting"])
waiting.update(next_attempt_at=now + timedelta(days=1))
print(json.dumps(waiting.count()))
"""
START = """
UPDATE journaling_entry SET next_attempt_at = now() WHERE state IN ('settling', 'waiting')
"""
DELIVERED = "SELECT count(*) FROM journaling_entry WHERE state = 'delivered'"
RESULT = """
SELECT count(*), extract(epoch FROM (SELECT max(delivered_at) FROM journaling_entry) - min(sent_at))
FROM journaling_attempt WHERE method = 'POST' AND path LIKE '%/Calls'
"""


def deliver(portal: Portal, *, calls: int, connections: int, workers: int) -> None:
    slugs = [f"pbx{number}" for number in range(connections)]
    zoho = portal.start_zoho(latency_ms=0)
    portal.set_up(*slugs)
    portal.manage("directory", "sync", slugs[0])
    stored = portal.ask(STORE.format(each=calls // connections))
    started = [portal.start("broker", programs.plan_broker(portal.directory).command)]
    wait_until(find_socket(portal.directory).exists, what="the broker")
    running = [
        portal.start(f"worker{number}", [*programs.plan_worker().command, "-n", f"w{number}@bench"])
        for number in range(workers)
    ]
    beat = [*programs.plan_beat().command, "--schedule", str(portal.directory / "schedule")]
    started.append(portal.start("beat", beat))
    control(portal, latency_ms=LATENCY_MS)
    queue = redis.Redis(unix_socket_path=str(find_socket(portal.directory)))
    wait_until(lambda: count_tasks(queue), what="the worker's first tick")
    time.sleep(6)
    with psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as database:
        roots = {
            "workers": [one.process.pid for one in running],
            "PostgreSQL": [find_postmaster(database)],
            "Zoho": [zoho.process.pid],
        }
        cpu = {name: read_families(pids) for name, pids in roots.items()}
        before, began = count_tasks(queue), time.monotonic()
        database.execute(START)
        wait_until(lambda: ask(database, DELIVERED)[0] >= stored, seconds=900)
        took, tasks = time.monotonic() - began, count_tasks(queue) - before
        spent = {name: (read_families(roots[name]) - cpu[name]) * 1000 / stored for name in cpu}
        requests_sent, seconds = ask(database, RESULT)
    ideal = -(-stored // connections // 100) * LATENCY_MS / 1000
    say(
        f"{stored} calls, {connections} connections, {workers} workers, {LATENCY_MS} ms: "
        f"{seconds:.1f} s from the first request to the last record (ideal {ideal:.1f} s); "
        f"{requests_sent / stored * 1000:.1f} insert requests per 1,000 calls; "
        f"{tasks} tasks within {took:.0f} s; CPU of a call: "
        + ", ".join(f"{name} {cost:.2f} ms" for name, cost in spent.items())
    )
    send_one_by_one(portal, calls=stored, connections=connections)
    for one in (*started, *running, zoho):
        one.kill()


def ask(database: psycopg.Connection[Any], question: str) -> tuple[Any, ...]:
    time.sleep(0.1)  # asked again and again, while the two cores have other work
    return database.execute(question).fetchone() or ()


def read_families(roots: list[int]) -> float:
    return read_cpu([pid for root in roots for pid in list_family(root)])


def find_postmaster(database: psycopg.Connection[Any]) -> int:
    return int(str(ask(database, "SELECT pg_read_file('postmaster.pid')")[0]).split()[0])


def send_one_by_one(portal: Portal, *, calls: int, connections: int) -> None:
    tokens = requests.post(portal.url + "/sandbox/grant", json={}, timeout=60).json()
    headers = {"Authorization": f"Zoho-oauthtoken {tokens['access_token']}"}
    give_up_at = time.monotonic() + ONE_BY_ONE_SECONDS
    call = {
        "Subject": "Call", "Call_Type": "Inbound", "Call_Start_Time": "2026-11-20T09:00:00+00:00",
        "Call_Duration": "1:00",
    }  # fmt: skip

    def send(_number: int) -> int:
        done = 0
        with requests.Session() as session:
            while time.monotonic() < give_up_at:
                answer = session.post(
                    f"{portal.url}/crm/v8/Calls", headers=headers, json={"data": [call]}, timeout=60
                )
                assert answer.status_code == 201, answer.text
                done += 1
        return done

    with ThreadPoolExecutor(connections) as pool:
        done = sum(pool.map(send, range(connections)))
    say(
        f"one request per call: {done / ONE_BY_ONE_SECONDS:.1f} calls a second, thus "
        f"{calls / done * ONE_BY_ONE_SECONDS:.0f} s for {calls}"
    )


def control(portal: Portal, **wanted: float) -> None:
    answer = requests.post(f"{portal.url}/sandbox/control", json=wanted, timeout=60)
    assert answer.ok, answer.text


def count_tasks(queue: redis.Redis) -> int:
    """Tasks published so far: each is one LPUSH."""
    stats = json.loads(json.dumps(queue.info("commandstats")))
    return int(stats.get("cmdstat_lpush", {}).get("calls", 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with open_portal("postgres") as portal:
        deliver(
            portal, calls=options.calls, connections=options.connections, workers=options.workers
        )


if __name__ == "__main__":
    main()
