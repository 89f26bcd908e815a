"""Other work while Zoho answers.

Only the exchange itself moves to a thread of its own: whoever waits keeps its database connection
and its transactions, and reads the access token before.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Answer = TypeVar("Answer")
Work = Callable[[], None]


class Meanwhile:
    """How a client waits for an exchange: idle, unless there is work for this one."""

    def __init__(self) -> None:
        self.work: Work | None = None
        # One thread for all exchanges, so that the connection to Zoho is kept.
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="zoho")

    @contextmanager
    def doing(self, work: Work | None) -> Iterator[None]:
        """The first exchange inside is waited for by doing `work`, which must not raise."""
        self.work = work
        try:
            yield
        finally:
            self.work = None

    def wait(self, exchange: Callable[[], Answer]) -> Answer:
        """What the exchange returns or raises."""
        work, self.work = self.work, None
        if work is None:
            return exchange()
        answer = self.pool.submit(exchange)
        work()
        return answer.result()

    def close(self) -> None:
        self.pool.shutdown()
