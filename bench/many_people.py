"""`python -m bench.many_people`: lookups and searches among many people against few.

Both portals run at once and take turns. Their people are made by SQL, not read from Zoho.
"""

import argparse
from contextlib import ExitStack
from functools import partial

from bench.callers import SAMPLE, build_ways, fill_directly, make_key
from bench.load import Round, list_family, run_round, take_turns
from bench.portal import Portal, open_portal, say

CONNECTIONS = (1, 32)
PATHS = ("/pbx/acme/lookup", "/pbx/acme/search")


def compare(few: Portal, many: Portal, *, server: str, rounds: int, seconds: float) -> None:
    portals = {"few": few, "many": many}
    ways = {
        name: build_ways(portal.ask(SAMPLE), key=make_key(portal))
        for name, portal in portals.items()
    }
    webs = {name: portal.start_web(server) for name, portal in portals.items()}
    try:
        for connections in CONNECTIONS:
            runs = {
                (path, name): partial(
                    run_round,
                    ways[name][path],
                    port=portal.port,
                    connections=connections,
                    seconds=seconds,
                    pids=list_family(webs[name].process.pid),
                )
                for path in PATHS
                for name, portal in portals.items()
            }
            results = take_turns(runs, rounds=rounds)
            for path in PATHS:
                tell(path, results[path, "few"], results[path, "many"], connections=connections)
    finally:
        for web in webs.values():
            web.kill()


def tell(path: str, few: Round, many: Round, *, connections: int) -> None:
    say(
        f"  {connections:2} connections {path}: median {few.median:.2f} and {many.median:.2f} ms "
        f"({many.median / few.median:.2f}), p99 {few.quantile(0.99):.2f} and "
        f"{many.quantile(0.99):.2f} ms, CPU {few.cpu_ms:.2f} and {many.cpu_ms:.2f} ms "
        f"({many.cpu_ms / few.cpu_ms:.2f}); failed {few.tell_failed()}, {many.tell_failed()}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--databases", default="postgres,sqlite")
    parser.add_argument("--server", default="granian")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()

    for database in options.databases.split(","):
        with ExitStack() as stack:
            few, many = (stack.enter_context(open_portal(database, people=50)) for _ in range(2))
            say(f"== {database}: {options.few} and {options.many} people")
            fill_directly(few, people=options.few)
            fill_directly(many, people=options.many)
            compare(
                few, many, server=options.server, rounds=options.rounds, seconds=options.seconds
            )


if __name__ == "__main__":
    main()
