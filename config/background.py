"""What a process does beside its work, each in a thread of its own: adding up, giving signs."""

import logging
import threading
import time
from collections.abc import Callable, Mapping

from django.db import connections
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


def start_background(chores: Mapping[str, float]) -> None:
    """Run these functions (dotted names -> seconds between two runs) until the process ends."""
    for name, seconds in chores.items():
        thread = threading.Thread(
            target=repeat, args=(import_string(name), seconds), name=name, daemon=True
        )
        thread.start()


def repeat(chore: Callable[[], None], seconds: float) -> None:
    while True:
        run_chore(chore)
        time.sleep(seconds)


def run_chore(chore: Callable[[], None]) -> None:
    """Trouble is logged and never ends the thread; no connection is kept meanwhile."""
    try:
        chore()
    except Exception as error:
        log.warning("%s: %s", getattr(chore, "__qualname__", chore), error)
    finally:
        connections.close_all()
