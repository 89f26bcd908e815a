"""Each machine's own disk and spool: its processes tell of them with their signs of life."""

import os
import shutil
import socket
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.conf import settings
from django.utils import timezone

from connector.counting.pulses import ALIVE_FOR, WEB, WORKER, note_process, sum_tasks
from connector.models import Pulse
from journaling.operating.spooled import read_spool

LEAST_FREE_BYTES = 1_000_000_000
SPOOLED_FOR_SECONDS = 60
"""Web processes empty their spool every two seconds while the database answers."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """DATA_DIR of one machine. Containers that share it have the same `disk` (the file system's
    own id and the directory's number in it); copies of one virtual machine may have so too."""

    name: str
    disk: str
    place: str
    free_bytes: int
    spooled_reports: int
    spool_oldest_seconds: float

    @property
    def is_full(self) -> bool:
        return self.free_bytes < LEAST_FREE_BYTES

    @property
    def is_stuck(self) -> bool:
        return self.spooled_reports > 0 and self.spool_oldest_seconds > SPOOLED_FOR_SECONDS


def note_web() -> None:
    """This web process lives; whoever copies the database away wants to know."""
    note_process(WEB, facts=describe_here())


def note_worker() -> None:
    """This worker process lives; told every ten seconds, whatever the broker does."""
    note_process(WORKER, facts=sum_tasks() | describe_here())


def describe_here() -> dict[str, Any]:
    """Whoever cannot read the disk lives all the same."""
    with suppress(OSError):
        return {"machine": asdict(measure_here())}
    return {}


def measure_here() -> Machine:
    """Raises OSError when the disk cannot be read."""
    place, spool = settings.DATA_DIR, read_spool()
    return Machine(
        name=socket.gethostname(),
        disk=f"{os.statvfs(place).f_fsid:x}-{place.stat().st_ino:x}",
        place=str(place),
        free_bytes=shutil.disk_usage(place).free,
        spooled_reports=spool.reports,
        spool_oldest_seconds=spool.oldest_seconds,
    )


def list_machines() -> list[Machine]:
    """This one as it is now, the others as they said last; by name. None whose disk cannot be
    read: what else is wrong is still to be told."""
    machines = {machine.name: machine for machine in read_others()}
    with suppress(OSError):
        here = measure_here()
        machines[here.name] = here
    return [machines[name] for name in sorted(machines)]


def read_others() -> Iterable[Machine]:
    """Of each process that lives, the newest last."""
    alive = Pulse.objects.filter(at__gt=timezone.now() - ALIVE_FOR).order_by("at", "pk")
    names = {field.name for field in fields(Machine)}
    for facts in alive.values_list("facts", flat=True):
        told = facts.get("machine") or {}
        if told.keys() == names:  # another version may tell other things
            yield Machine(**told)


def group_by_disk(machines: Iterable[Machine]) -> dict[str, list[Machine]]:
    """What is one disk is told once."""
    found: dict[str, list[Machine]] = defaultdict(list)
    for machine in machines:
        found[machine.disk].append(machine)
    return dict(found)
