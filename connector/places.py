"""How many threads may wait for somebody else at once, in all and for each of them."""

import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class NoPlace(Exception):
    """Everything is taken; nobody waits for a place."""


class Places:
    def __init__(self, *, most: int, most_each: int) -> None:
        self.most = most
        self.most_each = most_each
        self.taken: Counter[Hashable] = Counter()
        self.lock = threading.Lock()

    @contextmanager
    def take(self, key: Hashable) -> Iterator[None]:
        """Raises NoPlace at once."""
        with self.lock:
            if self.taken.total() >= self.most or self.taken[key] >= self.most_each:
                raise NoPlace
            self.taken[key] += 1
        try:
            yield
        finally:
            with self.lock:
                self.taken[key] -= 1
                self.taken += Counter()  # drops what is zero
