"""A token source that only counts, and a server that answers badly on purpose, byte by byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from connector.zoho.client import Exchange, ZohoClient

API = "https://www.zohoapis.eu"
Script = Callable[[socket.socket], None]


@dataclass
class CountingTokens:
    """Gives token-1 until it is reported, then token-2, and so on."""

    number: int = 1
    refused: list[str] = field(default_factory=list)

    def read(self) -> str:
        return f"token-{self.number}"

    def report_refused(self, token: str) -> None:
        self.refused.append(token)
        self.number += 1


@pytest.fixture
def tokens() -> CountingTokens:
    return CountingTokens()


@pytest.fixture
def exchanges() -> list[Exchange]:
    return []


@pytest.fixture
def client(tokens: CountingTokens, exchanges: list[Exchange]) -> ZohoClient:
    return ZohoClient(api_url=API, tokens=tokens, on_exchange=exchanges.append)


class RawServer:
    """Reads one request per connection and lets `script` do what it likes with the socket."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=[connection], daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        with connection:
            self.requests.append(connection.recv(65536))
            try:
                self.script(connection)
            except OSError:
                return

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@pytest.fixture
def serve_raw() -> Iterator[Callable[[Script], RawServer]]:
    servers: list[RawServer] = []

    def start(script: Script) -> RawServer:
        servers.append(RawServer(script))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
