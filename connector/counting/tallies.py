"""Counts what happens in this process; the sums of all processes stand in the database.

Counting touches memory only, so that it may stand on the ringing path. `flush` adds what has come
together to the database; every process does so each few seconds (see config.background).
"""

import json
import threading
from collections import Counter, defaultdict

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from connector.models import Tally

BUCKETS: dict[str, tuple[float, ...]] = {
    "lookup_seconds": (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8),
    "zoho_request_seconds": (0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
    "delivery_delay_seconds": (15, 30, 60, 120, 300, 900, 3600, 14400, 86400),
}
"""Upper ends of each histogram's buckets, in seconds."""

Key = tuple[str, str]

_counted: defaultdict[Key, float] = defaultdict(float)
_counting = threading.Lock()
_flushing = threading.Lock()


def count(name: str, number: float = 1, **labels: str) -> None:
    with _counting:
        _counted[name, write_labels(labels)] += number


def observe(name: str, *durations: float) -> None:
    """Put durations, in seconds, into their buckets of a histogram."""
    ends = BUCKETS[name]
    buckets = Counter(next((end for end in ends if took <= end), "+Inf") for took in durations)
    for end, number in buckets.items():
        count(name, number, le=str(end))
    if durations:
        count(name, sum(durations), le="sum")


def write_labels(labels: dict[str, str]) -> str:
    return json.dumps(labels, sort_keys=True)


def flush() -> None:
    """Add this process's counts to the database; while it is away they are kept for later."""
    with _flushing:
        with _counting:
            taken = dict(_counted)
            _counted.clear()
        try:
            write(taken)
        except DatabaseError:
            with _counting:
                for key, number in taken.items():
                    _counted[key] += number


def write(taken: dict[Key, float]) -> None:
    """One transaction; rows in one order in every process, so that none waits for another."""
    rows = sorted(taken.items())
    with transaction.atomic():
        for (name, labels), number in rows:
            add(name, labels, number)


def add(name: str, labels: str, number: float) -> None:
    row = Tally.objects.filter(name=name, labels=labels)
    if row.update(value=F("value") + number):
        return
    try:
        with transaction.atomic():
            Tally.objects.create(name=name, labels=labels, value=number)
    except IntegrityError:  # another process was first
        row.update(value=F("value") + number)


def read() -> dict[str, list[tuple[dict[str, str], float]]]:
    """By name: (labels, value) of everything that any process has counted."""
    flush()
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for tally in Tally.objects.order_by("name", "labels"):
        found.setdefault(tally.name, []).append((json.loads(tally.labels), tally.value))
    return found
