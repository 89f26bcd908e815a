"""The database gets one second: a report of the PBX does not wait longer for it.

PostgreSQL bounds a statement, but neither a dead network nor a stopped server. So a thread watches
what runs under `limit_database` and shuts the socket down; the waiting call then fails at once.
SQLite waits for its lock in our own process and is told how long.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections

REST_SECONDS = 1.0
"""After a failure nobody asks the database again for this long."""
POLL_SECONDS = 0.1
SQLITE_WAIT_MS = 900
SQLITE_USUAL_MS = 5000


class Limit:
    """One use of the database that has to end at `over_at`, a value of time.monotonic()."""

    def __init__(self, database: Any, *, over_at: float) -> None:
        self.database = database
        self.over_at = over_at
        self.was_cut = False

    @property
    def is_over(self) -> bool:
        """Also shortly before the end: no second try would fit in."""
        return self.was_cut or time.monotonic() > self.over_at - 0.2


_running: dict[int, Limit] = {}
_guard = threading.Lock()
_work = threading.Event()
_watcher_pid = 0
_away_until = 0.0


def is_away() -> bool:
    """Whether the database failed a moment ago."""
    return time.monotonic() < _away_until


def note_away() -> None:
    """Remember that the database does not answer, and drop this thread's connection to it."""
    global _away_until
    _away_until = time.monotonic() + REST_SECONDS
    drop_connection()


def forget_away() -> None:
    """The database answers again."""
    global _away_until
    _away_until = 0.0


def drop_connection() -> None:
    """The next query opens a new one. Inside a transaction the connection stays as it is."""
    if not connection.in_atomic_block:
        connection.close()


@contextmanager
def limit_database() -> Iterator[Limit]:
    """What this thread asks the database within the block fails after about a second."""
    # The wrapper itself: `connection` would be another one for the watching thread.
    limit = Limit(
        connections[DEFAULT_DB_ALIAS], over_at=time.monotonic() + settings.DATABASE_SECONDS
    )
    if connection.vendor == "sqlite":
        with limit_waiting(limit):
            yield limit
        return
    watch()
    me = threading.get_ident()
    with _guard:
        _running[me] = limit
    _work.set()
    try:
        yield limit
    finally:
        with _guard:
            _running.pop(me, None)


@contextmanager
def limit_waiting(limit: Limit) -> Iterator[None]:
    set_sqlite_wait(SQLITE_WAIT_MS)
    try:
        yield
    finally:
        if limit.database.connection is not None:
            set_sqlite_wait(SQLITE_USUAL_MS)


def set_sqlite_wait(milliseconds: int) -> None:
    """Past Django's cursor, which would take a tenth of storing a report for it."""
    connection.ensure_connection()
    connection.connection.execute(f"PRAGMA busy_timeout = {milliseconds}").close()


def watch() -> None:
    """Start the watching thread, once in each process; a fork begins without it."""
    global _watcher_pid
    if _watcher_pid == os.getpid():
        return
    with _guard:
        if _watcher_pid != os.getpid():
            _watcher_pid = os.getpid()
            threading.Thread(target=cut_what_is_over, name="database-limit", daemon=True).start()


def cut_what_is_over() -> None:
    while True:
        _work.wait()
        _work.clear()
        while _running:
            time.sleep(POLL_SECONDS)
            with _guard:
                for limit in list(_running.values()):
                    if time.monotonic() > limit.over_at and not limit.was_cut:
                        cut(limit)


def cut(limit: Limit) -> None:
    """End the exchange with PostgreSQL as if the network had."""
    limit.was_cut = True
    raw = limit.database.connection
    if raw is None or raw.closed:
        return
    try:
        with socket.socket(fileno=os.dup(raw.pgconn.socket)) as twin:
            twin.shutdown(socket.SHUT_RDWR)
    except (OSError, AttributeError):
        return  # it ended by itself in the meantime
