"""`python -m bench.delay`: how long a call takes into Zoho when nothing is wrong.

Calls come in one after the other through the web server; a delay is what passes from a report's
arrival to Zoho's answer about its record. The aim: settling time + 10 s for each of them.
"""

import argparse
import json
import statistics
import time
from itertools import count

import psycopg
import requests

from bench.accepting import describe_call
from bench.portal import Portal, open_portal, say
from config import programs
from config.valkey import find_socket
from tests.support.processes import wait_until

LATENCY_MS = 300
MOST_SECONDS = 10
SETTLE = """
import json
from journaling.models import JournalSettings
print(json.dumps(JournalSettings.objects.get().settle_seconds))
"""
DELAYS = """
SELECT extract(epoch FROM e.delivered_at - r.received_at)::float
FROM journaling_entry e JOIN journaling_event r ON r.entry_id = e.id WHERE e.state = 'delivered'
"""


def measure(portal: Portal, *, calls: int, pause: float) -> None:
    started = [portal.start_zoho(latency_ms=LATENCY_MS)]
    key = portal.set_up("acme")["acme"]
    portal.manage("directory", "sync", "acme")
    settle = portal.ask(SETTLE)
    started.append(portal.start_web("granian"))
    started.append(portal.start("broker", programs.plan_broker(portal.directory).command))
    wait_until(find_socket(portal.directory).exists, what="the broker")
    started.append(portal.start("worker", programs.plan_worker().command))
    beat = [*programs.plan_beat().command, "--schedule", str(portal.directory / "schedule")]
    started.append(portal.start("beat", beat))
    post_calls(portal, key=key, calls=calls, pause=pause)
    delays: list[float] = []
    with psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as database:

        def all_delivered() -> bool:
            time.sleep(0.5)
            delays[:] = [row[0] for row in database.execute(DELAYS)]
            return len(delays) >= calls

        wait_until(all_delivered, seconds=settle + 120, what="the calls in Zoho")
    say(
        f"{calls} calls, one every {pause:g} s, settling time {settle} s: in Zoho after "
        f"{statistics.median(delays):.1f} s in the middle, {max(delays):.1f} s at most "
        f"(aim {settle + MOST_SECONDS} s)"
    )
    for one in started:
        one.kill()


def post_calls(portal: Portal, *, key: str, calls: int, pause: float) -> None:
    numbers = count()
    for _call in range(calls):
        answer = requests.post(
            f"http://127.0.0.1:{portal.port}/pbx/acme/calls",
            data=json.dumps(describe_call(next(numbers))),
            headers={"X-Api-Key": key, "Content-Type": "application/json"},
            timeout=60,
        )
        assert answer.ok, answer.text
        time.sleep(pause)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--pause", type=float, default=1.0)
    options = parser.parse_args()
    with open_portal("postgres") as portal:
        measure(portal, calls=options.calls, pause=options.pause)


if __name__ == "__main__":
    main()
