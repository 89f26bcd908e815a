"""A limit for the whole of an HTTP exchange, however slowly the other side trickles.

The time-outs of `requests` start anew with every byte. Here a timer shuts the socket down, and
nothing is sent on a connection that came about too late.
"""

import math
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

RUNNING = threading.local()


class Deadline:
    """One thread's limit; `passed` stays true once the time is over."""

    def __init__(self, *, ends_at: float = math.inf) -> None:
        self.ends_at = ends_at
        self.passed = False
        self.lock = threading.Lock()
        self.socket: Any = None

    @property
    def left(self) -> float:
        """Seconds, never below zero."""
        return max(0.0, self.ends_at - time.monotonic())

    def watch(self, connection: HTTPConnection) -> None:
        with self.lock:
            if self.passed:
                raise ConnectTimeoutError(connection, "no time is left for this request")
            self.socket = connection.sock

    def cut(self) -> None:
        with self.lock:
            self.passed = True
            # Past SSLSocket's own method, which takes the reader's TLS state away.
            raw = getattr(self.socket, "socket", self.socket)
            if raw is not None and raw.fileno() >= 0:
                shut(raw)


def shut(raw: socket.socket) -> None:
    try:
        socket.socket.shutdown(raw, socket.SHUT_RDWR)
    except OSError:
        return  # closed by the other side in the meantime


@contextmanager
def limit_time(seconds: float) -> Iterator[Deadline]:
    """Every exchange of this thread through a DeadlineAdapter ends within `seconds`.

    Inside another limit whatever ends first holds.
    """
    outer = find_limit()
    seconds = min(seconds, outer.left) if outer else seconds
    deadline = Deadline(ends_at=time.monotonic() + seconds)
    timer = threading.Timer(seconds, deadline.cut)
    timer.daemon = True
    timer.start()
    RUNNING.deadline = deadline
    try:
        yield deadline
    finally:
        timer.cancel()
        RUNNING.deadline = outer


def find_limit() -> Deadline | None:
    """The limit that this thread is under."""
    return getattr(RUNNING, "deadline", None)


def watch_connection(connection: HTTPConnection) -> None:
    deadline = find_limit()
    if deadline and connection.sock is not None:
        deadline.watch(connection)


class LimitedHTTP(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        watch_connection(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        watch_connection(self)  # a connection that is used again
        super().request(*args, **kwargs)


class LimitedHTTPS(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        watch_connection(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        watch_connection(self)
        super().request(*args, **kwargs)


class LimitedHTTPPool(HTTPConnectionPool):
    ConnectionCls = LimitedHTTP


class LimitedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = LimitedHTTPS


POOLS = {"http": LimitedHTTPPool, "https": LimitedHTTPSPool}


class DeadlineAdapter(HTTPAdapter):
    """Repeats nothing by itself: a repeated POST would make a second record."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager


def measure_ms(started: float) -> int:
    """Milliseconds since `started`, a value of time.monotonic()."""
    return round((time.monotonic() - started) * 1000)
