"""`python -m bench.killing`: reports that were acknowledged before kill -9 of the web server.

Calls come in over several connections while all web processes are killed again and again; at the
end every id that was answered has to be in the database, or in a spool that the next start sweeps.
"""

import argparse
import http.client
import json
import threading
import time
from itertools import count

from bench.accepting import describe_call
from bench.portal import Portal, open_portal, say

STORED = """
import json
from django.conf import settings
from journaling.models import Event
from journaling.spooling.sweep import sweep_spool
sweep_spool()
print(json.dumps([str(pk) for pk in Event.objects.values_list("pk", flat=True)]))
"""
POSTERS = 8


class Poster:
    """Posts another call each time; remembers the ids of those that were taken."""

    def __init__(self, portal: Portal, *, key: str) -> None:
        self.port, self.key = portal.port, key
        self.numbers = count()
        self.taken: list[str] = []
        self.unanswered = 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                self.post_until_cut()
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
                time.sleep(0.05)

    def post_until_cut(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        headers = {"X-Api-Key": self.key, "Content-Type": "application/json"}
        while not self.stopped.is_set():
            body = json.dumps(describe_call(next(self.numbers)))
            connection.request("POST", "/pbx/acme/calls", body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status < http.HTTPStatus.MULTIPLE_CHOICES:
                self.taken.append(json.loads(content)["id"])


def kill_under_load(portal: Portal, *, kills: int, seconds: float) -> None:
    poster = Poster(portal, key=portal.set_up("acme", authorized=False)["acme"])
    threads = [threading.Thread(target=poster.run) for _ in range(POSTERS)]
    web = portal.start_web("granian")
    for thread in threads:
        thread.start()
    for _ in range(kills):
        time.sleep(seconds)
        web.kill()
        web = portal.start_web("granian")
    time.sleep(seconds)
    poster.stopped.set()
    for thread in threads:
        thread.join()
    web.kill()
    lost = set(poster.taken) - set(portal.ask(STORED))
    say(
        f"{kills} times kill -9: {len(poster.taken)} reports acknowledged, {len(lost)} lost; "
        f"{poster.unanswered} tries were not answered"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", default="postgres,sqlite")
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    for database in options.databases.split(","):
        with open_portal(database) as portal:
            say(f"== kill -9 under load, {database}")
            kill_under_load(portal, kills=options.kills, seconds=options.seconds)


if __name__ == "__main__":
    main()
