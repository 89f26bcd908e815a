"""Signs of life: the clock's last tick, and each worker's own word that it lives."""

import os
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from connector.models import Pulse

TICK = "tick"
WORKER = "worker"
WEB = "web"
EXTENSION = "extension"
"""When the browser extension was last downloaded."""
ALIVE_FOR = timedelta(seconds=35)
"""A worker speaks every ten seconds; a busy machine may let it miss two."""
TICKING_FOR = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=1)
NOTED_EVERY = timedelta(seconds=4)

_ended: deque[tuple[float, bool]] = deque(maxlen=20_000)
_noting = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Life:
    """What keeps the corridor moving: the workers that live, and when beat's clock last ticked."""

    workers: list[Pulse]
    ticked_at: datetime | None

    @property
    def is_ticking(self) -> bool:
        return bool(self.ticked_at and self.ticked_at > timezone.now() - TICKING_FOR)


def note_pulse(name: str, facts: dict[str, Any] | None = None) -> None:
    """Keep that this lives; more often than every few seconds nothing is written."""
    now = timezone.now()
    row = Pulse.objects.filter(name=name)
    if not row.filter(at__gt=now - NOTED_EVERY).exists():
        Pulse.objects.update_or_create(name=name, defaults={"at": now, "facts": facts or {}})


def find_pulse(name: str) -> datetime | None:
    pulse = Pulse.objects.filter(name=name).first()
    return pulse.at if pulse else None


def note_process(kind: str, *, facts: dict[str, Any]) -> None:
    """This process lives; told every ten seconds."""
    note_pulse(f"{kind}@{socket.gethostname()}:{os.getpid()}", facts=facts)
    Pulse.objects.filter(
        name__startswith=f"{kind}@", at__lt=timezone.now() - FORGOTTEN_AFTER
    ).delete()


def note_task(*, failed: bool) -> None:
    with _noting:
        _ended.append((time.time(), failed))


def sum_tasks() -> dict[str, int]:
    """Tasks of the last minute and failures of the last hour, of this process."""
    now = time.time()
    with _noting:
        ended = list(_ended)
    return {
        "tasks_last_minute": sum(at > now - 60 for at, _failed in ended),
        "failures_last_hour": sum(failed and at > now - 3600 for at, failed in ended),
    }


def read_life() -> Life:
    alive = Pulse.objects.filter(
        name__startswith=f"{WORKER}@", at__gt=timezone.now() - ALIVE_FOR
    ).order_by("name")
    tick = Pulse.objects.filter(name=TICK).first()
    return Life(workers=list(alive), ticked_at=tick.at if tick else None)
