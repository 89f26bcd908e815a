"""`python -m bench.restarting`: how long a report waits while the web server is restarted.

This process holds the listening socket, as systemd does with docs/ops/systemd, and restarts the
instances that share it one after the other, each after the one before said that it serves. Reports
come in evenly all the time, each on a connection of its own.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests

from bench.accepting import describe_call
from bench.portal import Portal, open_portal, say

COUNT = "from journaling.models import Event; print(Event.objects.count())"
# The number of the process is known only inside it.
RUN = 'exec 3<&"$HELD"; LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" -m config.web_server --workers 2'
START_SECONDS = 120


class Instance:
    """One `config.web_server`, as its unit runs it."""

    def __init__(self, portal: Portal, name: str, *, held: socket.socket) -> None:
        self.portal, self.held = portal, held
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.settimeout(START_SECONDS)
        self.place = portal.directory / f"{name}.notify"
        self.notices.bind(str(self.place))

    def start(self) -> None:
        facts = {"HELD": str(self.held.fileno()), "NOTIFY_SOCKET": str(self.place)}
        self.process = subprocess.Popen(  # noqa: S603
            ["bash", "-c", RUN, sys.executable],  # noqa: S607
            env=self.portal.environment | facts,
            pass_fds=[self.held.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[1],
        )
        assert self.notices.recv(100) == b"READY=1"

    def restart(self) -> None:
        self.stop()
        self.drop_notices()
        self.start()

    def drop_notices(self) -> None:
        """Each worker said that it serves; systemd heeds the first."""
        self.notices.setblocking(False)
        try:
            while self.notices.recv(100):
                pass
        except BlockingIOError:
            self.notices.settimeout(START_SECONDS)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


@dataclass
class Poster:
    """Posts so many calls a second, whether or not the earlier ones were answered."""

    url: str
    key: str
    rate: float
    first: int = 0
    waits: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        began_at = time.monotonic()
        threads: list[threading.Thread] = []
        while not self.stopped.is_set():
            thread = threading.Thread(target=self.post, args=(self.first + len(threads),))
            thread.start()
            threads.append(thread)
            self.stopped.wait(max(began_at + len(threads) / self.rate - time.monotonic(), 0))
        for thread in threads:
            thread.join()

    def post(self, number: int) -> None:
        body, began_at = json.dumps(describe_call(number)), time.monotonic()
        headers = {"X-Api-Key": self.key, "Content-Type": "application/json"}
        try:
            answer = requests.post(self.url, body, headers=headers, timeout=60, verify=False)  # noqa: S501
        except requests.RequestException as error:
            self.refused.append(str(error))
            return
        if answer.ok:
            self.waits.append(time.monotonic() - began_at)
        else:
            self.refused.append(str(answer.status_code))


def measure(portal: Portal, *, instances: int, restarts: int, rate: float, url: str) -> None:
    key = portal.set_up("acme", authorized=False)["acme"]
    with socket.create_server(("127.0.0.1", portal.port), backlog=1024) as held:
        running = [Instance(portal, f"web-{number}", held=held) for number in range(instances)]
        for instance in running:
            instance.start()
        quiet = Poster(url, key, rate)
        listen(quiet, seconds=5)
        poster = Poster(url, key, rate, first=1_000_000)
        thread = threading.Thread(target=poster.run)
        thread.start()
        for _ in range(restarts):
            for instance in running:
                instance.restart()
        poster.stopped.set()
        thread.join()
        tell(f"{instances} instances, no restart", quiet)
        tell(f"{instances} instances, each restarted {restarts} times", poster)
        taken = len(quiet.waits) + len(poster.waits)
        say(f"{taken} taken, {portal.manage('shell', '--no-imports', '-c', COUNT).strip()} stored")
        for instance in running:
            instance.stop()


def listen(poster: Poster, *, seconds: float) -> None:
    threading.Timer(seconds, poster.stopped.set).start()
    poster.run()


def tell(name: str, poster: Poster) -> None:
    waits = sorted(poster.waits)
    median, late = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    say(
        f"{name}: {len(waits)} reports, {len(poster.refused)} refused {poster.refused[:2]};"
        f" wait: median {median:.3f} s, 99 of 100 {late:.2f} s, longest {waits[-1]:.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--instances", type=int, default=2)
    parser.add_argument("--restarts", type=int, default=3)
    parser.add_argument("--rate", type=float, default=20, help="calls a second")
    parser.add_argument("--url", help="a proxy in front, which asks 127.0.0.1:$PORT")
    chosen = parser.parse_args()
    with open_portal(chosen.database) as portal:
        portal.environment["PYTHONDONTWRITEBYTECODE"] = ""
        if chosen.url:
            portal.port = int(os.environ["PORT"])
        url = f"{chosen.url or f'http://127.0.0.1:{portal.port}'}/pbx/acme/calls"
        measure(
            portal, instances=chosen.instances, restarts=chosen.restarts, rate=chosen.rate, url=url
        )


if __name__ == "__main__":
    main()
