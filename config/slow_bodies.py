"""Bodies that arrive slowly, or never: they must not keep the PBX's reports out."""

import logging
from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from config.chunked import WsgiApplication

log = logging.getLogger(__name__)

# Behind these doors a key is checked before anything is read.
KEY_FIRST = "/pbx/"


class SlowBodies:
    """Lets at most `places` requests read their bodies at a time, the PBX's not among them.

    A request has a thread of the web server to itself before its body is there, and no time limit
    while it reads: a few dozen senders that say nothing would hold every thread. Forms that have
    arrived are read in no time, so people meet a refusal only while somebody attacks.
    """

    def __init__(self, application: WsgiApplication, *, places: int) -> None:
        self.application = application
        self.places = BoundedSemaphore(places)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(KEY_FIRST):
            environ["wsgi.input"] = PlacedBody(environ["wsgi.input"], places=self.places)
        return self.application(environ, start_response)


class PlacedBody:
    """Reads only while there is a place; Django takes OSError for a body that was cut off."""

    def __init__(self, source: Any, *, places: BoundedSemaphore) -> None:
        self.source = source
        self.places = places

    def read(self, size: int = -1) -> bytes:
        return self.take_place(self.source.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self.take_place(self.source.readline, size)

    def take_place(self, read: Callable[[int], bytes], size: int) -> bytes:
        if not self.places.acquire(blocking=False):
            log.warning("Too many bodies arrive slowly; one more was refused")
            raise OSError("too many bodies arrive slowly")
        try:
            return read(size)
        finally:
            self.places.release()
