"""What may happen to an installation, each kind once in every round, in an order by the seed."""

import time
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from tests.faults.world import World

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
    {"kind": "bad_record", "times": 1, "field": "Subject", "code": "INVALID_DATA"},
)
MOST_ROUNDS = 6

Harm = Callable[[], None]


class Scheduler:
    """Harms a world: at least one round, and as long as `goes_on` says, up to MOST_ROUNDS.

    `kinds` are words of which a harm's name has to hold one; `outage` are seconds. With `patience`
    (seconds) the next harm waits until the portal has come one step further under this one.
    """

    def __init__(
        self, world: World, *, outage: float, kinds: Sequence[str] = ("",), patience: float = 0
    ) -> None:
        self.world = world
        self.kinds = kinds
        self.outage = outage
        self.patience = patience
        self.random = Random(world.seed)
        self.done: list[str] = []
        self.delivered = 0

    def harm_while(self, goes_on: Callable[[], bool], *, pause: float) -> None:
        for number in range(MOST_ROUNDS):
            for name, harm in self.plan_round(is_first=not number):
                if number and not goes_on():
                    return
                self.done.append(name)
                harm()
                self.world.clock.end_waits()
                time.sleep(self.random.uniform(0, pause))
                if self.patience and not self.comes_further():
                    # What is left belongs to the dead: its time is over once nobody lives.
                    self.done.append("kill all workers")
                    self.world.restart_workers()

    def comes_further(self) -> bool:
        """Whether something more is delivered in time, or nothing is left to deliver."""
        give_up_at = time.monotonic() + self.patience
        while time.monotonic() < give_up_at:
            now = self.world.count_delivered()
            if now > self.delivered or self.world.is_idle():
                self.delivered = now
                return True
            time.sleep(0.5)
            self.world.clock.end_waits()
        return False

    def plan_round(self, *, is_first: bool) -> list[tuple[str, Harm]]:
        harms = [*self.list_kills(), *self.list_zoho_faults()]
        if is_first and self.outage:
            harms.append(("postgres away", self.stop_database))
        harms = [one for one in harms if any(kind in one[0] for kind in self.kinds)]
        self.random.shuffle(harms)
        return harms

    def list_kills(self) -> list[tuple[str, Harm]]:
        world = self.world
        kills: list[tuple[str, Harm]] = [
            ("kill web", world.restart_web),
            ("kill broker", world.restart_broker),
            *((f"kill {name}", lambda name=name: world.restart(name)) for name in world.workers),
            *((f"kill {name}", lambda name=name: world.restart(name)) for name in world.beats),
            *[("kill all workers", world.restart_workers)] * 2,
        ]
        if world.database:
            kills += [
                ("kill postgres", lambda: self.restart_database(self.random.uniform(1, 3))),
                ("freeze postgres", self.freeze_database),
            ]
        return kills

    def list_zoho_faults(self) -> list[tuple[str, Harm]]:
        orders: list[tuple[str, Harm]] = [
            (name_fault(fault), lambda fault=fault: self.order(fault)) for fault in ZOHO_FAULTS
        ]
        return [*orders, ("revoke the grant", self.revoke_grant)]

    def order(self, fault: dict[str, Any]) -> None:
        module = self.random.choice(("Calls", "Calls", "Tasks"))
        self.world.control(faults=[{"method": "POST", "module": module, **fault}])

    def revoke_grant(self) -> None:
        """Somebody withdraws it at Zoho, and a person authorises anew."""
        self.world.control(revoke_grants=True)
        time.sleep(self.random.uniform(1, 4))
        assert "Acme Ltd" in self.world.customer.authorize().text

    def restart_database(self, seconds: float) -> None:
        assert self.world.database
        self.world.database.kill()
        time.sleep(seconds)
        self.world.database.start()

    def stop_database(self) -> None:
        """Away for minutes; a web process that starts meanwhile takes reports as well."""
        assert self.world.database
        self.world.database.kill()
        time.sleep(self.outage / 2)
        self.world.restart_web()
        time.sleep(self.outage / 2)
        self.world.database.start()

    def freeze_database(self) -> None:
        """It answers nothing, and its connections stay."""
        assert self.world.database
        self.world.database.freeze()
        time.sleep(self.random.uniform(2, 4))
        self.world.database.thaw()


def name_fault(fault: dict[str, Any]) -> str:
    return " ".join(["zoho:", fault["kind"], fault.get("commit", "")]).strip()
