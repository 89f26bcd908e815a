"""What waits on this machine's disk beside the database."""

import time
from dataclasses import dataclass

from journaling.spooling.spool import list_files


@dataclass(frozen=True, kw_only=True)
class Spooled:
    reports: int
    oldest_seconds: float


def read_spool() -> Spooled:
    """Every line is a report; a file's name begins with the moment at which it was begun."""
    reports, oldest = 0, 0.0
    for path in list_files():
        try:
            lines = path.read_bytes().count(b"\n")
        except FileNotFoundError:  # stored meanwhile
            continue
        if lines:
            reports += lines
            began_at = int(path.name.partition("-")[0]) / 1e9
            oldest = max(oldest, time.time() - began_at)
    return Spooled(reports=reports, oldest_seconds=oldest)
