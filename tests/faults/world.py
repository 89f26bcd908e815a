"""A whole installation that a seeded scheduler hurts: everything in it may die."""

import json
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import requests

from config import programs
from connector.sandbox.pbx.box import SandboxPbx
from connector.sandbox.pbx.happenings import Call, Chat, Extension
from connector.sandbox.pbx.plays import mix_plays
from tests.faults.database import MortalPostgres
from tests.flow.customer import Customer
from tests.support.portal import Portal
from tests.support.processes import start_process, wait_until

WORKERS = ("worker-1", "worker-2", "worker-3")
BEATS = ("beat-1", "beat-2")
STAFF = (
    Extension(number="101", email="ann@acme.example"),
    Extension(number="102", email="ben@acme.example"),
)
ZOHO_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "too_many_requests"},
    {"kind": "status", "status": 500, "commit": "before"},
    {"kind": "status", "status": 500, "commit": "after"},
    {"kind": "commit_late", "status": 500, "seconds": 2},
    {"kind": "cut", "commit": "before"},
    {"kind": "cut", "commit": "after"},
    {"kind": "hang", "seconds": 3, "commit": "after"},
    {"kind": "invalid_token"},
    {"kind": "html", "status": 200, "commit": "after"},
    {"kind": "truncate"},
)
AGE_LEASES = (
    "update journaling_lane set claimed_until = claimed_until - interval '5 minutes'",
    "update journaling_entry set claimed_until = claimed_until - interval '5 minutes'",
)
AGE_WAITS = (
    "update connector_zohoorganisation set waits_until = null",
    "update journaling_entry set next_attempt_at = now()"
    " where state in ('unknown', 'waiting') and next_attempt_at > now()",
)


class World:
    """`database` is None for SQLite, which nobody kills: it has no process."""

    def __init__(self, portal: Portal, *, database: MortalPostgres | None, seed: int) -> None:
        self.portal = portal
        self.database = database
        self.customer = Customer(portal)
        self.random = random.Random(seed)
        self.seed = seed
        self.done: list[str] = []
        self.taken: list[Call | Chat] = []
        self.refused: list[int] = []

    def start(self) -> None:
        self.portal.start("broker", "zoho", "web")
        self.customer.apply()
        assert "Acme Ltd" in self.customer.authorize().text
        self.customer.install_pbx()
        for name in (*WORKERS, *BEATS):
            self.start_program(name)

    def start_program(self, name: str) -> None:
        program = programs.plan_worker() if name in WORKERS else programs.plan_beat()
        environment = self.portal.environment
        command = [*program.command]
        if name in BEATS:
            command += ["--schedule", str(self.portal.directory / f"{name}-schedule")]
        self.portal.running[name] = start_process(
            command, environment=environment, log=self.portal.directory / f"{name}.log"
        )

    def open_pbx(self) -> SandboxPbx:
        path = self.portal.directory / "sandbox" / f"pbx-{self.customer.slug}.json"
        setup = json.loads(path.read_text())
        here = {"PortalUrl": f"{self.portal.url}/pbx/{self.customer.slug}"}
        return SandboxPbx(setup["template"], here | setup["parameters"], **setup["settings"])

    def post(self, *, calls: int, chats: int) -> None:
        """Every report once. Where nothing answered, the proxy in front asks again."""
        pbx = self.open_pbx()
        now = datetime.now(UTC).replace(microsecond=0)
        plays = list(mix_plays(STAFF, calls=calls, chats=chats, seed=self.seed, now=now))
        plays = drop_coincidences(plays)
        random.Random(self.seed).shuffle(plays)
        for one in plays:
            self.post_one(pbx, one)
            time.sleep(0.05)

    def post_one(self, pbx: SandboxPbx, one: Call | Chat) -> None:
        status = 0
        give_up_at = time.monotonic() + 60
        while not status and time.monotonic() < give_up_at:
            if isinstance(one, Call):
                answer = pbx.report_call(one, one.legs[0], match={})
            else:
                answer = pbx.report_chat(one, match={})
            status = answer.status if answer else 0
            if not status:
                time.sleep(0.2)
        if 200 <= status < 300:
            self.taken.append(one)
        else:
            self.refused.append(status)

    def hurt_while_posting(self, *, calls: int, chats: int, pause: float) -> None:
        """All kinds of harm at least once, in an order that the seed decides."""
        poster = threading.Thread(target=self.post, kwargs={"calls": calls, "chats": chats})
        poster.start()
        for name, harm in self.plan_harm():
            self.done.append(name)
            harm()
            time.sleep(self.random.uniform(0, pause))
        poster.join()

    def plan_harm(self) -> list[tuple[str, Callable[[], None]]]:
        harms: list[tuple[str, Callable[[], None]]] = [
            ("kill web", self.restart_web),
            ("kill broker", self.restart_broker),
            *((f"kill {name}", lambda name=name: self.restart_worker(name)) for name in WORKERS),
            *(
                (f"zoho: {fault['kind']}", lambda fault=fault: self.order(fault))
                for fault in ZOHO_FAULTS
            ),
        ]
        if self.database:
            harms += [("kill postgres", self.restart_database)] * 2
        self.random.shuffle(harms)
        return harms

    def order(self, fault: dict[str, Any]) -> None:
        module = self.random.choice(("Calls", "Calls", "Tasks"))
        wanted = {"faults": [{"method": "POST", "module": module, **fault}]}
        requests.post(f"{self.portal.zoho_url}/sandbox/control", json=wanted, timeout=10)

    def restart_web(self) -> None:
        self.portal.kill("web")
        self.portal.start("web")

    def restart_broker(self) -> None:
        self.portal.kill("broker")
        self.portal.start("broker")

    def restart_worker(self, name: str) -> None:
        self.portal.kill(name)
        self.start_program(name)

    def restart_database(self) -> None:
        assert self.database
        self.database.kill()
        time.sleep(self.random.uniform(1, 3))
        self.database.start()

    def settle_down(self) -> None:
        """No more harm. Leases are aged only while no worker lives who could hold one."""
        requests.post(
            f"{self.portal.zoho_url}/sandbox/control", json={"reset": ["faults"]}, timeout=10
        )
        time.sleep(3)  # what Zoho still writes late
        for name in WORKERS:
            self.portal.kill(name)
        self.age(*AGE_LEASES)
        for name in WORKERS:
            self.start_program(name)
        wait_until(self.is_done, what=f"deliveries, seed {self.seed}", seconds=120)

    def is_done(self) -> bool:
        self.age(*AGE_WAITS)
        time.sleep(2)
        status = self.customer.read_status()
        return not status["waiting"] and not status["sending"]

    def age(self, *statements: str) -> None:
        if self.database is None:
            return
        with psycopg.connect(self.portal.environment["DATABASE_URL"], autocommit=True) as other:
            for statement in statements:
                other.execute(statement.encode())


def drop_coincidences(plays: list[Call | Chat]) -> list[Call | Chat]:
    """Without calls that chance lets look like the parts of a transfer: the portal joins those."""
    kept: list[Call | Chat] = []
    for one in plays:
        if not any(touch(one, other) for other in kept):
            kept.append(one)
    return kept


def touch(one: Call | Chat, other: Call | Chat) -> bool:
    if not isinstance(one, Call) or not isinstance(other, Call) or one.number != other.number:
        return False
    first, second = sorted((one.legs[0], other.legs[0]), key=lambda leg: leg.started_at)
    return abs((second.started_at - first.ended_at).total_seconds()) <= 5
