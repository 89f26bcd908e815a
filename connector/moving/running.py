"""Does anything of the portal run on this database or in this DATA_DIR?"""

import fcntl
import time
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from connector.counting.pulses import ALIVE_FOR, TICK, WEB, WORKER
from connector.models import Pulse

PATIENCE = 13
"""A process gives a sign of life every ten seconds."""


def find_running() -> str:
    """The name of a process that runs, or "". Waits for a moment where one ran lately."""
    if is_supervised():
        return "make run"
    before = read_signs()
    give_up_at = time.monotonic() + PATIENCE
    while before and time.monotonic() < give_up_at:
        time.sleep(1)
        for name, at in read_signs().items():
            if name not in before or at > before[name]:
                return name
    return ""


def read_signs() -> dict[str, datetime]:
    recent = Pulse.objects.filter(
        Q(name=TICK) | Q(name__startswith=f"{WORKER}@") | Q(name__startswith=f"{WEB}@"),
        at__gt=timezone.now() - ALIVE_FOR,
    )
    return dict(recent.values_list("name", "at"))


def is_supervised() -> bool:
    """Whether `make run` holds its lock on DATA_DIR."""
    path = settings.DATA_DIR / "up.lock"
    if not path.exists():
        return False
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
