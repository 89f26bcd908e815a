"""Times and durations as 3CX writes them. Local date texts are never read here."""

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# .NET puts the PBX's own time separator where the format says `:`, a full stop in Finland.
ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d)[:.](\d\d)[:.](\d\d)(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)",
    re.ASCII | re.IGNORECASE,
)
MILLISECONDS = re.compile(r"\d{12,13}", re.ASCII)
NUMBER = re.compile(r"(\d{1,7})(?:[.,]\d*)?", re.ASCII)
# A .NET TimeSpan: [days.]hours:minutes:seconds[.fraction]; 3CX's own text is mm:ss.
CLOCK = re.compile(r"(?:(\d{1,2})\.)?(?:(\d{1,3}):)?(\d{1,4})[:.](\d\d)(?:[.,]\d{1,9})?", re.ASCII)
# Longer than any call: such a figure is a mistake, not a duration.
LONGEST_SECONDS = 7 * 86_400
# An unset .NET DateTime is the year 1.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def parse_moment(text: str) -> datetime | None:
    """ISO 8601 with an offset, or milliseconds since 1970, as UTC; None for everything else."""
    bare = text.strip()
    try:
        moment = _parse_milliseconds(bare) or _parse_iso(bare)
    except (ValueError, OverflowError):
        return None
    return moment if moment and moment >= EARLIEST else None


def _parse_milliseconds(text: str) -> datetime | None:
    return EPOCH + timedelta(milliseconds=int(text)) if MILLISECONDS.fullmatch(text) else None


def _parse_iso(text: str) -> datetime | None:
    found = ISO.fullmatch(text)
    if not found:
        return None
    day, hours, minutes, seconds, offset = found.groups()
    return datetime.fromisoformat(f"{day}T{hours}:{minutes}:{seconds}{offset.upper()}").astimezone(
        UTC
    )


def parse_seconds(text: str) -> int | None:
    """Whole seconds from `65`, `65.4`, `01:05`, `0:01:05` or `1.00:01:05`; None otherwise."""
    bare = text.strip()
    if found := NUMBER.fullmatch(bare):
        seconds = int(found[1])
    elif found := CLOCK.fullmatch(bare):
        days, hours, minutes, rest = (int(part or 0) for part in found.groups())
        seconds = days * 86_400 + hours * 3_600 + minutes * 60 + rest
    else:
        return None
    return seconds if seconds <= LONGEST_SECONDS else None
