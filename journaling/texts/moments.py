"""Times and durations as texts: for people in their language, for Zoho in its own shape."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def show_moment(moment: datetime, *, language: str, time_zone: str) -> str:
    """`22 Nov 2026 10:51` in English, `22.11.2026 10:51` in Russian: no day can be a month."""
    local = moment.astimezone(ZoneInfo(time_zone))
    if language == "ru":
        return f"{local:%d.%m.%Y %H:%M}"
    return f"{local.day} {MONTHS[local.month - 1]} {local:%Y %H:%M}"


def show_utc(moment: datetime) -> str:
    """`2026-11-22 10:51:00`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def show_duration(seconds: int) -> str:
    """`01:05`, from an hour on `1:00:05`; nothing when there was none."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes:02}:{rest:02}" if seconds > 0 else ""


def show_timespan(seconds: int) -> str:
    """`00:01:05`, as .NET writes a TimeSpan under a day."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def count_milliseconds(moment: datetime) -> str:
    """Since 1970."""
    return str(int(moment.timestamp() * 1000))


def write_time(moment: datetime, *, time_zone: str) -> str:
    """`2026-11-22T10:51:00+00:00`: Zoho takes an offset and refuses milliseconds."""
    return moment.astimezone(ZoneInfo(time_zone)).isoformat(timespec="seconds")


def write_date(moment: datetime, *, time_zone: str) -> str:
    return moment.astimezone(ZoneInfo(time_zone)).date().isoformat()


def write_duration(seconds: int) -> str:
    """`75:30`: minutes may exceed 59; Zoho refuses a call of no length, so it is a second long."""
    seconds = max(seconds, 1)
    return f"{seconds // 60:02}:{seconds % 60:02}"
