"""The sandbox's own clock: tests move it, so that an hour need not be waited for."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class Clock:
    def __init__(self) -> None:
        self.ahead_seconds = 0.0

    def read(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.ahead_seconds

    def read_moment(self) -> datetime:
        return datetime.fromtimestamp(self.read(), UTC)

    def write_moment(self, zone: str) -> str:
        """Now in Zoho's form, ISO 8601 with an offset and without milliseconds."""
        return write_moment(self.read_moment(), zone=zone)


def write_moment(moment: datetime, *, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def read_moment(text: object) -> datetime | None:
    """A moment out of ISO 8601 with an offset; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
