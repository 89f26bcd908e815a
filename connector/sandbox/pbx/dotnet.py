"""Values as .NET prints them, since 3CX's expressions are .NET underneath."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from connector.sandbox.pbx.errors import EngineError


@dataclass(frozen=True)
class Unknown:
    """A variable that the engine does not know: printed as it stood, unusable otherwise."""

    name: str


Value = str | int | float | bool | datetime | timedelta | Unknown | None


@dataclass(frozen=True, kw_only=True)
class Culture:
    """What differs between the countries a PBX stands in."""

    short_date: str
    short_time: str
    date_separator: str = "/"
    time_separator: str = ":"
    am: str = "AM"
    pm: str = "PM"


CULTURES = {
    "en-GB": Culture(short_date="dd/MM/yyyy", short_time="HH:mm"),
    "en-US": Culture(short_date="M/d/yyyy", short_time="h:mm tt"),
    "es-US": Culture(short_date="M/d/yyyy", short_time="h:mm tt", am="a.m.", pm="p.m."),
    "de-AT": Culture(short_date="dd.MM.yyyy", short_time="HH:mm", date_separator="."),
    "ru-RU": Culture(short_date="dd.MM.yyyy", short_time="HH:mm", date_separator="."),
    "ja-JP": Culture(short_date="yyyy/MM/dd", short_time="HH:mm"),
    "fi-FI": Culture(
        short_date="d.M.yyyy", short_time="H.mm", date_separator=".", time_separator="."
    ),
}
PARTS = re.compile(r"'[^']*'|\"[^\"]*\"|\\.|y+|M+|d+|H+|h+|m+|s+|f+|t+|z+|[:/]|.", re.DOTALL)
FIXED = re.compile(r"[Ff](\d{0,2})")
NAMED_FORMATS = {"s": "yyyy-MM-ddTHH:mm:ss", "u": "yyyy-MM-dd HH:mm:ssZ"}


def show(value: Value, culture: Culture) -> str:
    """The value's text without a format; null is nothing."""
    match value:
        case None:
            return ""
        case Unknown(name):
            return f"[{name}]"
        case datetime():
            return format_moment(value, f"{culture.short_date} {culture.short_time}", culture)
        case timedelta():
            return format_span(value)
        case _:
            return str(value)


def format_moment(moment: datetime, pattern: str, culture: Culture) -> str:
    """A .NET custom format; `:` and `/` become the culture's own signs, as they do there."""
    if pattern in NAMED_FORMATS:
        pattern = NAMED_FORMATS[pattern].replace(":", "':'")
    return "".join(_format_part(moment, part, culture) for part in PARTS.findall(pattern))


def _format_part(moment: datetime, part: str, culture: Culture) -> str:
    length = len(part)
    numbers = {
        "M": moment.month,
        "d": moment.day,
        "H": moment.hour,
        "h": moment.hour % 12 or 12,
        "m": moment.minute,
        "s": moment.second,
    }
    sign = part[0]
    if sign in numbers and length <= 2:
        return str(numbers[sign]).zfill(length)
    half = culture.pm if moment.hour >= 12 else culture.am
    texts = {
        "y": f"{moment.year:04}" if length > 2 else f"{moment.year % 100:02}",
        "f": f"{moment.microsecond:06}".ljust(7, "0")[:length],
        "t": half if length > 1 else half[:1],
        ":": culture.time_separator,
        "/": culture.date_separator,
        "'": part[1:-1],
        '"': part[1:-1],
        "\\": part[1:],
    }
    if sign in "Mdz" and length > 2:
        raise EngineError(f"The sandbox does not print {part}")
    return texts.get(sign, part)


def format_span(span: timedelta) -> str:
    """A TimeSpan's constant form: [d.]hh:mm:ss."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return (f"{days}." if days else "") + f"{hours:02}:{minutes:02}:{seconds:02}"


def format_number(number: float, pattern: str) -> str:
    """Fixed-point formats only: F0, F1, F2."""
    found = FIXED.fullmatch(pattern)
    if not found:
        raise EngineError("Format specifier was invalid.")
    step = Decimal(1).scaleb(-int(found[1] or 2))
    return str(Decimal(str(number)).quantize(step, ROUND_HALF_UP))
