"""`/metrics`: read from the database and the broker at each scrape, so any process may answer."""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

import redis
from django.db import DatabaseError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from connector.counting import tallies
from connector.counting.pulses import read_life
from connector.models import Connection
from journaling.operating import standings
from journaling.operating.broker import QUEUES, read_queues
from journaling.operating.families import counter, gauge, gauges, histogram
from journaling.operating.machines import Machine, list_machines, measure_here

MEASURES: tuple[tuple[str, str, Callable[[Machine], float]], ...] = (
    (
        "disk_free_bytes",
        "Free space where a machine keeps its files",
        attrgetter("free_bytes"),
    ),
    (
        "spool_reports",
        "Reports that wait on a machine's disk for the database",
        attrgetter("spooled_reports"),
    ),
    (
        "spool_oldest_seconds",
        "Age of the oldest of them",
        attrgetter("spool_oldest_seconds"),
    ),
)
OUTCOMES = ("answered", "temporary", "rejected", "misconfigured", "unknown")


class Portal(Collector):
    """Everything the portal knows of itself. Without the database, only what is known without: of
    the disks, this machine's."""

    def collect(self) -> Iterator[Metric]:
        yield from list_broker()
        known: list[Metric] = []
        try:
            known += list_disks(list_machines())
            for listing in (list_counted, list_life, standings.list_standings):
                known += listing()
        except DatabaseError:
            yield from list_disks([measure_here()])
            yield gauge("database_up", "1 while the database answers", 0)
            return
        yield gauge("database_up", "1 while the database answers", 1)
        yield from known


def render_metrics() -> bytes:
    """The text that Prometheus scrapes."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Portal())
    return generate_latest(registry)


def list_disks(machines: Iterable[Machine]) -> Iterator[Metric]:
    measured = [({"machine": machine.name}, machine) for machine in machines]
    for name, words, read in MEASURES:
        yield gauges(name, words, [(row, read(one)) for row, one in measured], labels=["machine"])


def list_broker() -> Iterator[Metric]:
    try:
        queues, up = read_queues(), 1
    except (redis.RedisError, OSError):
        queues, up = [], 0
    yield gauge("broker_up", "1 while the broker answers", up)
    lengths = dict.fromkeys(QUEUES, 0.0) | {queue.name: queue.length for queue in queues}
    yield gauges(
        "queue_length",
        "Messages that no worker has taken yet",
        [({"queue": name}, length) for name, length in lengths.items()],
        labels=["queue"],
    )
    ages = {queue.name: queue.oldest_seconds or 0.0 for queue in queues}
    yield gauges(
        "queue_oldest_seconds",
        "Age of the oldest message in the queue",
        [({"queue": name}, ages.get(name, 0)) for name in QUEUES],
        labels=["queue"],
    )


def list_life() -> list[Metric]:
    life = read_life()
    age = standings.measure_age(life.ticked_at)
    return [
        gauge("workers_alive", "Worker processes that gave a sign of life", len(life.workers)),
        gauge("beat_tick_age_seconds", "Since beat's last tick was run; -1: never", age),
    ]


def list_counted() -> list[Metric]:
    counted = tallies.read()
    slugs = list(Connection.objects.order_by("slug").values_list("slug", flat=True))

    def sum_up(
        name: str, words: str, labels: list[str], zeros: Callable[[str], list[tuple[str, ...]]]
    ) -> Metric:
        known = [row for slug in slugs for row in zeros(slug)]
        return counter(name, words, counted.get(name, []), labels=labels, zeros=known)

    return [
        sum_up("lookups", "Caller lookups answered", ["connection", "status"],
               lambda slug: [(slug, "200")]),
        sum_up("reports", "Reports of the PBX by answer: 202 stored, 200 a repeat",
               ["connection", "kind", "status"],
               lambda slug: [(slug, kind, "202") for kind in ("call", "chat")]),
        sum_up("outcomes", "What Zoho said about records, and its code",
               ["connection", "outcome", "reason"], lambda slug: [(slug, "delivered", "")]),
        sum_up("zoho_requests", "Requests to Zoho", ["connection", "outcome"],
               lambda slug: [(slug, outcome) for outcome in OUTCOMES]),
        sum_up("zoho_throttled", "Requests that Zoho refused as too many", ["connection"],
               lambda slug: [(slug,)]),
        counter("refused_requests", "Requests with a missing or wrong key",
                counted.get("refused_requests", []), labels=["door"],
                zeros=[(door,) for door in ("pbx-calls", "pbx-chats", "pbx-lookup")]),
        counter("limited_requests", "Requests that came too often: questions of a connection, or "
                "with a wrong key", counted.get("limited_requests", []),
                labels=["connection", "limit"],
                zeros=[("", "failed_keys"), *((slug, "lookups") for slug in slugs)]),
        counter("tasks", "Tasks that workers ended", counted.get("tasks", []),
                labels=["task", "outcome"],
                zeros=[("journaling.tick", outcome) for outcome in ("done", "failed")]),
        histogram("lookup_seconds", "How long a lookup's answer took",
                  counted.get("lookup_seconds", [])),
        histogram("zoho_request_seconds", "How long Zoho's answers took",
                  counted.get("zoho_request_seconds", [])),
        histogram("delivery_delay_seconds", "From the end of a call until Zoho had it",
                  counted.get("delivery_delay_seconds", [])),
    ]  # fmt: skip
