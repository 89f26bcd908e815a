"""Trouble on order: what the next requests get instead of, or on top of, Zoho's answer."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Event, Timer
from typing import Any

from .exchange import Answer, Refusal, Request, answer_html, answer_json
from .shelf import Record

KINDS = (
    "status",  # `status` and `body`, before or after the commit
    "too_many_requests",  # 429
    "invalid_token",  # 401 for a good token
    "html",  # a page where JSON is expected, with `status`
    "truncate",  # commits, then sends half of the JSON
    "cut",  # closes the socket without an answer, before or after the commit
    "hang",  # waits `seconds`, before or after the commit; `commit: never` cuts afterwards
    "commit_late",  # answers `status` at once and commits after `seconds`
    "bad_record",  # refuses the records of which `field` contains `contains`
)
OUTAGE = "<html><body><h1>We will be back soon</h1><p>Zoho is under maintenance.</p></body></html>"


class Cut(Exception):
    """Close the socket without an answer."""


@dataclass
class Fault:
    """`times` requests get it (None: until reset), after `skip` that do not."""

    kind: str
    method: str = ""
    module: str = ""
    path: str = ""  # a regular expression searched for in the path
    times: int | None = 1
    skip: int = 0
    commit: str = "before"  # does the trouble come before | after the commit, or is there never one
    status: int = 500
    body: Any = None
    seconds: float = 0.0
    field: str = "Subject"
    contains: str = ""  # of other kinds: in the request's body
    code: str = "INVALID_DATA"
    message: str = "invalid data"
    details: dict[str, Any] | None = None
    hits: int = 0

    @classmethod
    def read(cls, given: dict[str, Any]) -> "Fault":
        """Raises Refusal that names an unknown kind or key."""
        unknown = set(given) - set(cls.__dataclass_fields__) | {"hits"} & set(given)
        if given.get("kind") not in KINDS or unknown:
            names = {"unknown_keys": sorted(unknown), "kinds": KINDS}
            raise Refusal("INVALID_DATA", "this fault is not known", details=names)
        try:
            re.compile(given.get("path", ""))
        except (re.error, TypeError):
            place = {"api_name": "path"}
            raise Refusal("INVALID_DATA", "no regular expression", details=place) from None
        endless = {"times": None} if given["kind"] == "bad_record" else {}
        return cls(**{**endless, **given})

    def fits(self, request: Request, *, module: str) -> bool:
        return (
            self.method in ("", request.method)
            and self.module in ("", module)
            and re.search(self.path, request.path) is not None
            and (self.kind == "bad_record" or self.contains.encode() in request.body)
        )

    def spend(self) -> bool:
        """Count one request; False while it is to be skipped."""
        if self.skip > 0:
            self.skip -= 1
            return False
        self.hits += 1
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    def __init__(self) -> None:
        self.latency_ms = 0.0
        self.index_delay_seconds = 0.0  # search does not find what changed within this time
        self.credits_left: int | None = None  # told in a header, as Zoho does past half of them
        self.waiting: list[Fault] = []
        self.stopping = Event()  # ends every wait when the sandbox stops

    def describe(self) -> dict[str, Any]:
        return {
            "latency_ms": self.latency_ms,
            "index_delay_seconds": self.index_delay_seconds,
            "faults": [asdict(fault) for fault in self.waiting],
        }

    def take(self, request: Request, *, module: str) -> Fault | None:
        """The first fault that concerns this request; spent ones are dropped."""
        for fault in self.waiting:
            if fault.kind != "bad_record" and fault.fits(request, module=module):
                if not fault.spend():
                    continue
                self._drop_spent()
                return fault
        return None

    def check_record(self, record: Record, *, request: Request, module: str) -> None:
        """Refuse a single record that a `bad_record` describes."""
        for fault in self.waiting:
            text = str(record.get(fault.field) or "")
            if fault.kind != "bad_record" or not fault.fits(request, module=module):
                continue
            if fault.contains in text and fault.spend():
                self._drop_spent()
                details = fault.details or {"api_name": fault.field}
                raise Refusal(fault.code, fault.message, details=details)

    def wait(self, seconds: float) -> None:
        """Raises Cut when the sandbox stops meanwhile."""
        if seconds > 0 and self.stopping.wait(seconds):
            raise Cut

    def apply(self, fault: Fault, commit: Callable[[], Answer]) -> Answer:
        """The answer under this fault; `commit` is what Zoho would have done. Raises Cut."""
        if fault.kind == "commit_late":
            self._commit_later(fault.seconds, commit)
            return make_answer(fault)
        if fault.kind == "hang":
            return self._hang(fault, commit)
        if fault.kind == "truncate":
            answer = commit()
            half = answer.body[: len(answer.body) // 2]
            return Answer(answer.status, half, answer.content_type)
        if fault.commit == "after":
            commit()
        if fault.kind == "cut":
            raise Cut
        return make_answer(fault)

    def _commit_later(self, seconds: float, commit: Callable[[], Answer]) -> None:
        timer = Timer(seconds, lambda: None if self.stopping.is_set() else commit())
        timer.daemon = True
        timer.start()

    def _hang(self, fault: Fault, commit: Callable[[], Answer]) -> Answer:
        answer = commit() if fault.commit == "after" else None
        self.wait(fault.seconds)
        if fault.commit == "never":
            raise Cut
        return answer or commit()

    def _drop_spent(self) -> None:
        self.waiting = [f for f in self.waiting if f.times is None or f.times > 0]


def make_answer(fault: Fault) -> Answer:
    if fault.kind == "html":
        return answer_html(OUTAGE, status=fault.status)
    known = {
        "too_many_requests": Refusal(
            "TOO_MANY_REQUESTS", "You have exceeded the number of requests allowed.", status=429
        ),
        "invalid_token": Refusal("INVALID_TOKEN", "invalid oauth token", status=401),
    }
    internal = Refusal("INTERNAL_ERROR", "Internal Server Error", status=fault.status)
    refusal = known.get(fault.kind, internal)
    body = refusal.as_object() if fault.body is None else fault.body
    if isinstance(body, str):
        return answer_html(body, status=refusal.status)
    return answer_json(body, status=refusal.status)
