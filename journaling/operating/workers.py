"""The workers as they answer for themselves, through the broker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import kombu.exceptions
import redis
from celery import current_app

SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Running:
    task: str
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One worker process: its queues, how many tasks it runs at once, and which it runs now."""

    name: str
    queues: list[str]
    concurrency: int
    running: list[Running]


def ask_workers() -> list[Worker]:
    """Every worker that answers within a second, also one that has given no sign of life yet."""
    try:
        stats: dict[str, Any] = current_app.control.inspect(timeout=SECONDS).stats() or {}
        if not stats:
            return []
        found = current_app.control.inspect(
            destination=list(stats), timeout=SECONDS, limit=len(stats)
        )
        queues, active = found.active_queues() or {}, found.active() or {}
    except (redis.RedisError, kombu.exceptions.KombuError, OSError):
        return []
    return [
        Worker(
            name=name,
            queues=[queue["name"] for queue in queues.get(name) or []],
            concurrency=int(facts.get("pool", {}).get("max-concurrency") or 0),
            running=[read_running(task) for task in active.get(name) or []],
        )
        for name, facts in sorted(stats.items())
    ]


def read_running(task: Mapping[str, Any]) -> Running:
    started = task.get("time_start")
    since = datetime.fromtimestamp(started, tz=UTC) if started else None
    return Running(task=str(task.get("name", "")), since=since)
