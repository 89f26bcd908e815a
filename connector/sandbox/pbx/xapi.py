"""The API of a PBX as real HTTP: tokens of which one lives at a time, MakeCall, extensions, queues,
the call log.

What a test or a person may look at afterwards: `calls` ordered, `tokens_given`, `refused`.
"""

import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from connector.sandbox.pbx.call_log import CallLog
from connector.sandbox.pbx.happenings import Extension, SandboxQueue

Reply = tuple[int, dict[str, Any]]
PREFIX = "/xapi/v1"


class SandboxXapi:
    """`version` decides the unit of expires_in; `licensed` off answers as PRO does; while `hangs`
    is set nothing is answered but tokens.

    `minutes` is a token's life. Use as a context manager; `url` is the PBX's address.
    """

    def __init__(
        self,
        extensions: list[Extension],
        *,
        queues: Sequence[SandboxQueue] = (),
        call_log: CallLog | None = None,
        client_id: str = "900",
        client_secret: str = "sandbox-key",  # noqa: S107 a key of nothing
        version: str = "20.0.9.100",
        minutes: int = 60,
        port: int = 0,
    ) -> None:
        self.extensions = extensions
        self.queues = list(queues)
        self.call_log = call_log or CallLog()
        self.client = (client_id, client_secret)
        self.version = version
        self.minutes = minutes
        self.port = port
        self.licensed = True
        self.hangs = threading.Event()
        self.live_token = ""
        self.live_until = 0.0
        self.tokens_given = 0
        self.refused = 0
        self.calls: list[dict[str, Any]] = []
        self.lock = threading.Lock()
        self._listener: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self._listener
        return f"http://127.0.0.1:{self._listener.server_port}"

    def __enter__(self) -> "SandboxXapi":
        handler = type("Handler", (XapiHandler,), {"pbx": self})
        self._listener = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._listener.daemon_threads = True
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._listener:
            self._listener.shutdown()
            self._listener.server_close()

    def give_token(self, form: dict[str, str]) -> Reply:
        """A new token; the one before is dead from now on."""
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            return 400, {"error": "invalid_client"}
        with self.lock:
            self.live_token = secrets.token_urlsafe(24)
            self.live_until = time.monotonic() + self.minutes * 60
            self.tokens_given += 1
            token = self.live_token
        counts_seconds = tuple(map(int, self.version.split(".")[:3])) >= (20, 0, 9)
        life = self.minutes * (60 if counts_seconds else 1)
        return 200, {"access_token": token, "expires_in": life, "token_type": "Bearer"}

    def admits(self, header: str) -> bool:
        with self.lock:
            is_live = header == f"Bearer {self.live_token}" and time.monotonic() < self.live_until
            self.refused += not is_live
        return is_live

    def tell_status(self, query: dict[str, str], body: Any) -> Reply:
        return 200, {"FQDN": "pbx.sandbox", "Version": self.version}

    def list_users(self, query: dict[str, str], body: Any) -> Reply:
        rows = [
            {
                "Id": place,
                "Number": extension.number,
                "FirstName": extension.first_name,
                "LastName": extension.last_name,
                "EmailAddress": extension.email,
                "Enabled": True,
            }
            for place, extension in enumerate(self.extensions, start=1)
        ]
        return give_page(rows, query)

    def list_queues(self, query: dict[str, str], body: Any) -> Reply:
        rows = [
            {"Id": place, "Number": one.number, "Name": one.name, "RingTimeout": one.ring_seconds}
            for place, one in enumerate(self.queues, start=1)
        ]
        return give_page(rows, query)

    def list_calls(self, query: dict[str, str], body: Any) -> Reply:
        """`query` holds the function's arguments as well."""
        return give_page(self.call_log.list_between(query["periodFrom"], query["periodTo"]), query)

    def make_call(self, query: dict[str, str], body: Any) -> Reply:
        if body.get("dn") not in {extension.number for extension in self.extensions}:
            words = f"DN {body.get('dn')} does not exist"
            return 422, {"error": {"code": "", "message": words}}
        self.calls.append(body)
        return 200, {"FinalStatus": "Success", "Reason": "NotSpecified", "ReasonText": ""}


def give_page(rows: list[dict[str, Any]], query: dict[str, str]) -> Reply:
    skipped, most = int(query.get("$skip", 0)), int(query.get("$top", 100))
    return 200, {"value": rows[skipped : skipped + most]}


def read_function(path: str) -> tuple[str, dict[str, str]]:
    """/X/Pbx.Get(a=1,b='c') -> the path without arguments, and these."""
    found = re.fullmatch(r"(.+)\((.*)\)", unquote(path))
    if not found:
        return path, {}
    return found[1], dict(part.split("=", 1) for part in found[2].split(",") if "=" in part)


ROUTES: dict[tuple[str, str], Callable[[SandboxXapi, dict[str, str], Any], Reply]] = {
    ("GET", f"{PREFIX}/SystemStatus"): SandboxXapi.tell_status,
    ("GET", f"{PREFIX}/Users"): SandboxXapi.list_users,
    ("GET", f"{PREFIX}/Queues"): SandboxXapi.list_queues,
    ("GET", f"{PREFIX}/ReportCallLogData/Pbx.GetCallLogData"): SandboxXapi.list_calls,
    ("POST", f"{PREFIX}/Users/Pbx.MakeCall"): SandboxXapi.make_call,
}


class XapiHandler(BaseHTTPRequestHandler):
    pbx: SandboxXapi

    def answer(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, arguments = read_function(address.path)
        self.send(*self.route(path, query=query | arguments, raw=raw))

    do_GET = do_POST = answer

    def route(self, path: str, *, query: dict[str, str], raw: bytes) -> Reply:
        if (self.command, path) == ("POST", "/connect/token"):
            return self.pbx.give_token({k: v[0] for k, v in parse_qs(raw.decode()).items()})
        handle = ROUTES.get((self.command, path))
        if handle is None or not self.pbx.licensed:
            return 404, {}
        while self.pbx.hangs.is_set():
            time.sleep(0.02)
        if not self.pbx.admits(self.headers.get("Authorization", "")):
            return 401, {}
        return handle(self.pbx, query, json.loads(raw) if raw else {})

    def send(self, status: int, payload: dict[str, Any]) -> None:
        body = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """`calls` and the counters tell what happened."""
