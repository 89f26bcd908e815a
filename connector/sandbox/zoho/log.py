"""What was asked of the sandbox: the latest requests one by one, all of them as counters."""

import json
from collections import Counter, deque
from typing import Any

from .clock import Clock
from .crm import ROOT, split_path
from .exchange import Request

KEPT = 20_000


class Log:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.requests: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()

    def note(self, request: Request, *, fault: str | None) -> dict[str, Any]:
        """Called on arrival; `status` is filled in later and stays None for a cut connection.

        What the accounts server is told never stands in the log.
        """
        name = name_resource(request.path)
        self.counts[f"{request.method} {name}"] += 1
        entry = {
            "at": self.clock.read_moment().isoformat(timespec="milliseconds"),
            "method": request.method,
            "path": request.path,
            "query": {} if name.startswith("oauth/") else dict(request.query),
            "module": name,
            "status": None,
            "records": count_records(request),
            "fault": fault,
        }
        self.requests.append(entry)
        return entry

    def clear(self) -> None:
        self.requests.clear()
        self.counts.clear()


def name_resource(path: str) -> str:
    """The address without ids: Calls, Contacts/search, Leads/Attachments, coql, oauth/v2/token."""
    if not path.startswith(ROOT):
        return path.strip("/")
    return "/".join(part for part in split_path(path) if not part.isdecimal())


def count_records(request: Request) -> int:
    """How many records a body carries."""
    if request.method not in ("POST", "PUT") or b'"data"' not in request.body:
        return 0
    try:
        data = json.loads(request.body)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0
    return len(data) if isinstance(data, list) else 0
