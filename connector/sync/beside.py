"""A large module is drafted in a process of its own, beside the fill that reads and stores it.

Reading numbers and writing answers takes most of a fill's time. Done in this process, it would hold
up what else runs here: the next page of Zoho, the other modules, and in a worker the deliveries.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial

from connector.sync.drafting import Draft, Records, Terms, draft_people

DRAFTED_HERE = 5
"""Portions. A small module is done before another process has started."""

Drafting = Callable[[], list[Draft]]
"""Waits for the drafts, or makes them."""


@contextmanager
def draft_beside(terms: Terms) -> Iterator[Callable[[Records], Drafting]]:
    """Yields what begins to draft some records."""
    portions = 0

    def begin(records: Records) -> Drafting:
        nonlocal portions
        portions += 1
        if portions <= DRAFTED_HERE:
            return partial(draft_people, records, terms)
        return process.submit(draft_people, records, terms).result

    # Spawned: a copy of this process would have the locks that its other threads hold.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=leave_with_parent) as process:
        yield begin


def leave_with_parent() -> None:
    """The process ends when the one that started it does, however that ended, and not before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal
    threading.Thread(target=wait_for_end, daemon=True).start()


def wait_for_end() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
