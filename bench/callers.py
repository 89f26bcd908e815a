"""`python -m bench.callers`: first fill, lookups and search, side by side in one run.

A sandbox's Zoho with many people, a real portal on PostgreSQL or SQLite, real HTTP. The ways to
be compared take turns (A B A B), so that whatever else the machine does falls on all of them.
"""

import argparse
import json
import random
import subprocess
import time
from contextlib import suppress
from functools import partial

from bench.load import (
    Round,
    build_requests,
    list_family,
    read_memory,
    run_round,
    take_turns,
)
from bench.portal import Portal, open_portal, say
from config import programs

SAMPLE = """
import json
from connector.models import Connection, MirroredKey, MirroredPerson
from connector.people.reading import read_as
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


def measure_fill(portal: Portal, *, latency_ms: int) -> None:
    zoho = portal.start_zoho(latency_ms=latency_ms)
    portal.set_up("acme")
    started, memory = time.monotonic(), 0.0
    fill = portal.start("fill", programs.run_manage("directory", "sync", "acme"))
    while fill.is_alive():
        memory = max(memory, read_memory(fill.process.pid))
        with suppress(subprocess.TimeoutExpired):
            fill.process.wait(timeout=1)
    seconds = time.monotonic() - started
    said = fill.read_log().splitlines()[-1]
    status = json.loads(portal.manage("directory", "status", "acme", "--json"))
    pages = max(module["pages"] for module in status[0]["modules"])
    ideal = pages * latency_ms / 1000
    zoho.kill()
    say(f"first fill: {said}")
    say(
        f"first fill: {seconds:.1f} s; ideal {ideal:.1f} s ({pages} pages of {latency_ms} ms); "
        f"{ideal / seconds:.0%} of the ideal; peak memory of its processes {memory:.0f} MB"
    )


def fill_directly(portal: Portal, *, people: int) -> None:
    """By SQL. Zoho is there for the authorisation only."""
    zoho = portal.start_zoho(latency_ms=0)
    portal.set_up("acme")
    zoho.kill()
    portal.ask(f"from bench.mirrored import fill_tables; fill_tables({people}); print(0)")


def measure_answers(portal: Portal, *, server: str, rounds: int, seconds: float) -> None:
    sample = portal.ask(SAMPLE)
    ways = build_ways(sample, key=make_key(portal))
    web = portal.start_web(server)
    pids = list_family(web.process.pid)
    say(f"{server}: {sample['people']} people, {sample['keys']} numbers")
    try:
        for connections in (1, 32):
            run = partial(
                run_round, port=portal.port, connections=connections, seconds=seconds, pids=pids
            )
            runs = {name: partial(run, requests) for name, requests in ways.items()}
            tell(take_turns(runs, rounds=rounds), connections=connections)
    finally:
        web.kill()


def make_key(portal: Portal) -> str:
    key: str = portal.ask(
        "import json; from connector.auth import make_key; from connector.models import "
        "Connection; print(json.dumps(make_key(Connection.objects.get())))"
    )
    return key


def build_ways(sample: dict, *, key: str) -> dict[str, list[bytes]]:
    rest = {"organisation": sample["organisation"], "reading": sample["reading"]}
    numbers = sample["numbers"]
    texts = [f"{last} {first}"[: random.Random(first + last).randint(2, 30)]  # noqa: S311
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


def tell(results: dict[str, Round], *, connections: int) -> None:
    for name, one in results.items():
        say(
            f"  {connections:2} connections {name:18} {one.rate:7.0f}/s"
            f"  median {one.median:6.2f} ms  p99 {one.quantile(0.99):7.2f} ms"
            f"  CPU {one.cpu_ms:5.2f} ms  failed {one.tell_failed()}"
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
    parser.add_argument("--servers", default="granian,gunicorn", help="'' for the fill alone")
    parser.add_argument("--direct", action="store_true", help="fill by SQL and ask only")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()

    for database in options.databases.split(","):
        people = 50 if options.direct else options.people
        with open_portal(database, people=people) as portal:
            say(f"== {database}")
            if options.direct:
                fill_directly(portal, people=options.people)
            else:
                measure_fill(portal, latency_ms=options.latency_ms)
            for server in filter(None, options.servers.split(",")):
                measure_answers(
                    portal, server=server, rounds=options.rounds, seconds=options.seconds
                )


if __name__ == "__main__":
    main()
