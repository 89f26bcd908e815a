"""Bodies that arrive in chunks, without a length: Django would read them as empty."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ChunkedBodies:
    """Gives a chunked request the length that WSGI applications count on (PEP 3333).

    At most `limit` bytes and one are read: Django refuses what is longer by its length.
    """

    def __init__(self, application: WsgiApplication, *, limit: int) -> None:
        self.application = application
        self.limit = limit

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        coding = environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if "chunked" in coding and not environ.get("CONTENT_LENGTH"):
            body = environ["wsgi.input"].read(self.limit + 1)
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return self.application(environ, start_response)
