"""Bodies that arrive in chunks, without a length: Django would read them as empty."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ChunkedBodies:
    """Gives a chunked request the length that WSGI applications count on (PEP 3333).

    Nothing is read before the application asks for it: whoever has no key costs no memory.
    """

    def __init__(self, application: WsgiApplication, *, limit: int) -> None:
        self.application = application
        self.limit = limit

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        coding = environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if "chunked" in coding and not environ.get("CONTENT_LENGTH"):
            environ["wsgi.input"] = ChunkedBody(environ["wsgi.input"], limit=self.limit)
            environ["CONTENT_LENGTH"] = str(self.limit)
        return self.application(environ, start_response)


class ChunkedBody:
    """Read as a whole at the first question, up to `limit` bytes; more raise RequestDataTooBig."""

    def __init__(self, source: Any, *, limit: int) -> None:
        self.source = source
        self.limit = limit
        self.whole: BytesIO | None = None

    def read(self, size: int = -1) -> bytes:
        return self.fetch().read(size)

    def readline(self, size: int = -1) -> bytes:
        return self.fetch().readline(size)

    def fetch(self) -> BytesIO:
        if self.whole is None:
            content = self.source.read(self.limit + 1)
            if len(content) > self.limit:
                raise RequestDataTooBig
            self.whole = BytesIO(content)
        return self.whole
