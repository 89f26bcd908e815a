"""The sandbox's Zoho as a real HTTP server: in a thread for tests, or as its own process."""

import socket
import struct
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from signal import SIGINT, SIGTERM, signal
from socketserver import TCPServer
from typing import Any

from .exchange import Answer, Request
from .faults import Cut
from .front import Front
from .organisation import Specification
from .store import Store

MOST_BYTES = 100 * 1024 * 1024
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with kept connections; the buffer lets an answer leave in one piece."""

    protocol_version = "HTTP/1.1"
    server_version = "ZohoSandbox"
    disable_nagle_algorithm = True
    wbufsize = 65536
    server: "Listener"

    def exchange(self) -> None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= MOST_BYTES or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # the body stays unread
            self.send(Answer(413 if length > 0 else 411))
            return
        request = Request.read(
            method=self.command,
            target=self.path,
            headers=self.headers,
            body=self.rfile.read(length),
            base_url=self.server.base_url,
        )
        try:
            self.send(self.server.front.answer(request))
        except Cut:
            self.cut()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = exchange

    def send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.body:
            self.send_header("Content-Type", answer.content_type)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def cut(self) -> None:
        """The peer sees a reset: nothing tells it whether the request was carried out."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)

    def log_message(self, format: str, *args: Any) -> None:
        """The sandbox has a log of its own, /sandbox/log."""


class Listener(ThreadingHTTPServer):
    """Knows its open connections, so that a stop ends the idle ones too."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], front: Front, *, public_url: str | None) -> None:
        super().__init__(address, Handler)
        self.front = front
        self.base_url = (public_url or f"http://{address[0]}:{self.server_port}").rstrip("/")
        self.connections: set[socket.socket] = set()

    def server_bind(self) -> None:
        """Without asking the DNS for the host's full name, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()[:2]

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that went away is no error of the sandbox."""

    def close_connections(self) -> None:
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class ZohoSandbox:
    """Starts, stops and starts again on the same port; the store outlives a stop.

    `data_file` keeps what was delivered over a restart of the process; `public_url` is the
    address that token answers name when it is another than `host` and `port`.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        data_file: str | Path | None = None,
        people: int = 300,
        latency_ms: float = 0,
        *,
        public_url: str | None = None,
        organisations: Sequence[Specification] = (Specification(),),
    ) -> None:
        self.host = host
        self.port = port
        self.public_url = public_url
        self.store = Store(organisations, people=people, data_file=data_file)
        self.front = Front(self.store)
        self.front.faults.latency_ms = latency_ms
        self._listener: Listener | None = None

    @property
    def url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def start(self) -> "ZohoSandbox":
        self.front.faults.stopping.clear()
        listener = Listener((self.host, self.port), self.front, public_url=self.public_url)
        self.port = listener.server_port
        self._listener = listener
        threading.Thread(
            target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """From now on connections are refused; open ones end, waiting answers are dropped."""
        listener, self._listener = self._listener, None
        if listener:
            self.front.faults.stopping.set()
            listener.shutdown()
            listener.server_close()
            listener.close_connections()

    def __enter__(self) -> "ZohoSandbox":
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()


def serve(
    host: str = "127.0.0.1",
    port: int = 8900,
    *,
    data_file: str | Path | None = None,
    people: int = 300,
    latency_ms: float = 0,
    public_url: str | None = None,
    organisations: Sequence[Specification] = (Specification(),),
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is told the address once connections are taken."""
    stop = threading.Event()
    for number in (SIGTERM, SIGINT):
        signal(number, lambda *_: stop.set())
    sandbox = ZohoSandbox(
        host,
        port,
        data_file,
        people,
        latency_ms,
        public_url=public_url,
        organisations=organisations,
    )
    with sandbox:
        ready(sandbox.url)
        stop.wait()
    sandbox.store.close()
