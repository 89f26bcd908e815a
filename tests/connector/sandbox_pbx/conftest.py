"""A portal that writes down what a PBX asks and answers what a test says."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Portal:
    """`answers` by path: a status and a body; `posted` holds path, headers and body as text."""

    url: str = ""
    answers: dict[str, tuple[int, object]] = field(default_factory=dict)
    posted: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    def list_bodies(self, path: str) -> list[Any]:
        return [json.loads(body) for asked, _, body in self.posted if asked == path]


@pytest.fixture
def portal() -> Iterator[Portal]:
    known = Portal()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            known.posted.append((self.path, dict(self.headers), body))
            status, answer = known.answers.get(self.path, (202, {"id": "1"}))
            text = answer if isinstance(answer, str) else json.dumps(answer)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    known.url = f"http://127.0.0.1:{server.server_port}"
    yield known
    server.shutdown()
    server.server_close()
