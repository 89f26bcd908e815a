"""A whole installation of which everything may die, and the PBX that reports to it."""

import json
import threading
import time
from collections.abc import Sequence
from typing import Any

import requests

from config import programs
from connector.sandbox.pbx.box import SandboxPbx
from connector.sandbox.pbx.happenings import Call, Chat
from tests.faults.clock import Clock
from tests.faults.database import MortalPostgres
from tests.faults.plays import Report
from tests.flow.customer import OPEN, Customer
from tests.support.portal import Portal
from tests.support.processes import start_process, wait_until

MAKE_FIELD = (
    "from connector.models import Connection;"
    "from journaling.setup.reference_field import make_reference_field;"
    "print(make_reference_field(Connection.objects.get()))"
)
TRY_AGAIN = (
    "from journaling import entries; from journaling.models import Entry;"
    "parked = Entry.objects.filter(state='parked').values_list('pk', flat=True);"
    "print(entries.release(list(parked), by='operator'))"
)


class World:
    """`database` is None for SQLite, which nobody kills: it has no process."""

    def __init__(
        self, portal: Portal, *, database: MortalPostgres | None, seed: int, pace: float
    ) -> None:
        self.portal = portal
        self.database = database
        self.customer = Customer(portal)
        self.clock = Clock(portal)
        self.seed = seed
        self.pace = pace
        self.workers = [f"worker-{number}" for number in range(3 if database else 2)]
        self.beats = ["beat-0", "beat-1"] if database else ["beat-0"]
        self.taken: dict[int, Call | Chat] = {}
        self.posted = 0
        self.refused: list[int] = []

    def start(self, *, with_field: bool) -> None:
        self.portal.start("broker", "zoho", "web")
        self.customer.apply(calls={})
        assert "Acme Ltd" in self.customer.authorize().text
        if with_field:
            assert self.portal.manage("shell", "-c", MAKE_FIELD).stdout.endswith("[]\n")
        self.customer.install_pbx()
        for name in (*self.workers, *self.beats):
            self.start_program(name)

    def start_program(self, name: str) -> None:
        program = programs.plan_worker() if name in self.workers else programs.plan_beat()
        command = [*program.command]
        if name in self.beats:
            command += ["--schedule", str(self.portal.directory / f"{name}-schedule")]
        self.portal.running[name] = start_process(
            command,
            environment=self.portal.environment,
            log=self.portal.directory / f"{name}.log",
        )

    def open_pbx(self) -> SandboxPbx:
        path = self.portal.directory / "sandbox" / f"pbx-{self.customer.slug}.json"
        setup = json.loads(path.read_text())
        here = {"PortalUrl": f"{self.portal.url}/pbx/{self.customer.slug}"}
        return SandboxPbx(setup["template"], here | setup["parameters"], **setup["settings"])

    def start_posting(self, reports: Sequence[Report]) -> threading.Thread:
        poster = threading.Thread(target=self.post, args=(reports,))
        poster.start()
        return poster

    def post(self, reports: Sequence[Report]) -> None:
        """Every report once."""
        pbx = self.open_pbx()
        for report in reports:
            if report.is_late:
                self.clock.pass_settling_time(minutes=10)
                time.sleep(self.pace)
            status = self.post_one(pbx, report)
            self.posted += 1
            if 200 <= status < 300:
                self.taken[id(report.what)] = report.what
            else:
                self.refused.append(status)
            time.sleep(self.pace)

    def post_one(self, pbx: SandboxPbx, report: Report) -> int:
        """Where nothing answered, the proxy in front asks again."""
        status = 0
        give_up_at = time.monotonic() + 60
        while not status and time.monotonic() < give_up_at:
            if isinstance(report.what, Call):
                assert report.leg
                answer = pbx.report_call(report.what, report.leg, match={})
            else:
                answer = pbx.report_chat(report.what, match={})
            status = answer.status if answer else 0
            if not status:
                time.sleep(0.2)
        return status

    def control(self, **wanted: Any) -> None:
        answer = requests.post(f"{self.portal.zoho_url}/sandbox/control", json=wanted, timeout=10)
        assert answer.ok, answer.text

    def restart_web(self) -> None:
        self.portal.kill("web")
        self.portal.start("web")

    def restart_broker(self) -> None:
        self.portal.kill("broker")
        self.portal.start("broker")

    def restart(self, name: str) -> None:
        self.portal.kill(name)
        self.start_program(name)

    def restart_workers(self) -> None:
        """Leases end early, for nobody lives who could hold one."""
        for name in self.workers:
            self.portal.kill(name)
        self.clock.end_leases()
        for name in self.workers:
            self.start_program(name)

    def settle_down(self) -> int:
        """No more harm; a person tries again what Zoho refused. Returns how many those were."""
        self.control(reset=["faults"])
        time.sleep(3)  # what Zoho still writes late
        self.restart_workers()
        self.wait_until_done()
        tried = self.portal.manage("shell", "-c", TRY_AGAIN).stdout
        self.wait_until_done()
        return int(tried.split()[-1])

    def wait_until_done(self) -> None:
        wait_until(self.is_done, what=f"deliveries, seed {self.seed}", seconds=300)

    def count_delivered(self) -> int:
        """Without the portal's own command, which costs seconds of a process."""
        return self.portal.count(
            "select count(*) from journaling_entry"
            " where state = 'delivered' and kind in ('call', 'chat')"
        )

    def is_done(self) -> bool:
        self.clock.pass_settling_time(minutes=10)
        self.clock.end_waits()
        time.sleep(1)
        return self.is_idle()

    def is_idle(self) -> bool:
        """Whether nothing is on its way that the database knows of."""
        return self.portal.count(OPEN) == 0
