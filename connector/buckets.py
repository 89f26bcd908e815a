"""How often somebody may come, counted in this process's memory: no broker, no database."""

import threading
from collections import OrderedDict
from collections.abc import Hashable


class Buckets:
    """A token bucket for each key, and of no more than `most` keys: the one not heard of for the
    longest is forgotten first.

    All that is kept of a bucket is the moment at which it will be full again (the generic cell
    rate algorithm), so nothing has to fill it.
    """

    def __init__(self, *, most: int) -> None:
        self.most = most
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable, *, size: int, seconds: float, now: float) -> float:
        """Take one of `size` tokens, which come back within `seconds`; `now` is of a clock that
        nobody sets.

        Returns 0, or in how many seconds there will be one.
        """
        each = seconds / size
        with self._lock:
            full_at = max(self._full_at.get(key, now), now)
            wait = full_at - now - (size - 1) * each
            if wait <= 0:
                full_at += each
            self._full_at[key] = full_at
            self._full_at.move_to_end(key)
            if len(self._full_at) > self.most:
                self._full_at.popitem(last=False)
        return max(wait, 0.0)

    def forget_all(self) -> None:
        with self._lock:
            self._full_at.clear()
