"""What waits in the broker: the lengths of Celery's queues and their oldest messages.

Asked with LLEN and LINDEX, since an empty queue has no key; kombu pushes on the left and workers
take from the right. Redis and Valkey answer alike.
"""

import json
import time
from dataclasses import dataclass

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

QUEUES = ("celery",)
SECONDS = 2


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One queue: its length, and seconds since its oldest message was sent (None: unknown)."""

    name: str
    length: int
    oldest_seconds: float | None


def open_broker() -> redis.Redis:
    """A client that gives up soon; kombu writes a socket's database as `virtual_host`."""
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    return redis.Redis.from_url(
        url.replace("virtual_host=", "db="),
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def read_queues() -> list[Waiting]:
    """Raises redis.RedisError or OSError while the broker is away."""
    with open_broker() as client:
        return [read_queue(client, name) for name in QUEUES]


def read_queue(client: redis.Redis, name: str) -> Waiting:
    oldest = client.lindex(name, -1)
    return Waiting(
        name=name,
        length=int(client.llen(name)),
        oldest_seconds=measure_age(oldest) if oldest else None,
    )


def measure_age(message: bytes | str) -> float | None:
    try:
        return max(time.time() - float(json.loads(message)["headers"]["sent_at"]), 0)
    except (ValueError, KeyError, TypeError):
        return None


def find_trouble() -> str:
    """Why the broker does not answer, or nothing."""
    try:
        with open_broker() as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return str(error) or type(error).__name__
    return ""
