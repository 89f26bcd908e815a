"""The methods that expressions may call on a value."""

from collections.abc import Callable
from datetime import datetime, timedelta

from connector.sandbox.pbx.dotnet import (
    Culture,
    Unknown,
    Value,
    format_moment,
    format_number,
    format_span,
)
from connector.sandbox.pbx.errors import EngineError

Method = Callable[..., Value]

TEXT_METHODS: dict[str, Method] = {
    "Replace": lambda text, old, new: text.replace(old, new),
    "Substring": lambda text, start, length=None: _cut(text, start, length),
    "ToUpper": lambda text: text.upper(),
    "ToLower": lambda text: text.lower(),
    "Trim": lambda text: text.strip(),
    "Contains": lambda text, part: part in text,
    "StartsWith": lambda text, part: text.startswith(part),
    "EndsWith": lambda text, part: text.endswith(part),
    "get_Length": lambda text: len(text),
    "ToString": lambda text: text,
}
SPAN_METHODS: dict[str, Method] = {
    "get_TotalSeconds": lambda span: span.total_seconds(),
    "get_TotalMinutes": lambda span: span.total_seconds() / 60,
    "get_TotalHours": lambda span: span.total_seconds() / 3600,
    "ToString": lambda span: format_span(span),
}


def call_method(value: Value, name: str, arguments: list[str], culture: Culture) -> Value:
    """The method's result; EngineError when the value has no such method or the call fails."""
    if value is None or isinstance(value, Unknown):
        raise EngineError("Object reference not set to an instance of an object.")
    method = _find_method(value, name, culture)
    try:
        return method(value, *arguments)
    except (TypeError, ValueError, IndexError):
        raise EngineError(f"No overload of {name} takes these arguments.") from None


def _find_method(value: Value, name: str, culture: Culture) -> Method:
    methods: dict[str, Method] = {}
    match value:
        case str():
            methods = TEXT_METHODS
        case timedelta():
            methods = SPAN_METHODS
        case datetime():
            methods = {"ToString": lambda moment, form: format_moment(moment, form, culture)}
        case float() | int():
            methods = {"ToString": lambda number, form="F2": format_number(number, form)}
    if name not in methods:
        raise EngineError(f"Unknown function: {name}")
    return methods[name]


def _cut(text: str, start: str, length: str | None) -> str:
    begin = int(start)
    end = len(text) if length is None else begin + int(length)
    if not 0 <= begin <= end <= len(text):
        raise IndexError
    return text[begin:end]
