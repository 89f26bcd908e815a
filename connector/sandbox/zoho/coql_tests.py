"""The comparisons of the query language, each by the kind of its column."""

import re
from collections.abc import Callable
from typing import Any

from .clock import read_moment
from .coql import Literal
from .schema import Field

Values = tuple[Literal, ...]
Test = Callable[[Any], bool]
KINDS = {
    "textarea": "never",  # multi-line text cannot stand in a condition
    "jsonarray": "never",
    "bigint": "number",
    "integer": "number",
    "currency": "number",
    "datetime": "moment",
    "boolean": "flag",
}


def find_kind(field: Field) -> str:
    return KINDS.get(field.data_type, "text")


def normalise(value: Any, kind: str) -> Any:
    """Something that compares within its kind; None for what does not belong to it."""
    if value is None or value == "":
        return None
    if kind == "moment":
        moment = read_moment(value)
        return moment.timestamp() if moment else None
    if kind == "number":
        return read_number(value)
    if kind == "flag":
        return str(value).lower() == "true"
    return str(value).casefold()


def read_number(value: Any) -> int | float | None:
    """Ids have 16 digits and more, so whole numbers stay whole."""
    try:
        return int(value)
    except ValueError:
        pass
    try:
        return float(value)
    except ValueError:
        return None


def make_order_key(kind: str, read: Callable[[Any], Any]) -> Callable[[Any], tuple[bool, Any]]:
    """Empty values first."""

    def key(record: Any) -> tuple[bool, Any]:
        plain = normalise(read(record), kind)
        return (plain is not None, 0 if plain is None else plain)

    return key


def compare(check: Callable[[Any, Any], bool]) -> Callable[[str, Values], Test]:
    def make(kind: str, values: Values) -> Test:
        wanted = normalise(values[0], kind)

        def test(value: Any) -> bool:
            plain = normalise(value, kind)
            return plain is not None and wanted is not None and check(plain, wanted)

        return test

    return make


at_least = compare(lambda a, b: a >= b)
at_most = compare(lambda a, b: a <= b)


def make_in(kind: str, values: Values) -> Test:
    wanted = {normalise(value, kind) for value in values} - {None}
    return lambda value: normalise(value, kind) in wanted


def make_different(kind: str, values: Values) -> Test:
    wanted = normalise(values[0], kind)
    return lambda value: normalise(value, kind) != wanted


def make_like(kind: str, values: Values) -> Test:
    """`%` stands for anything; case does not matter."""
    parts = [re.escape(part) for part in str(values[0]).split("%")]
    pattern = re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)
    return lambda value: value is not None and pattern.fullmatch(str(value)) is not None


def make_between(kind: str, values: Values) -> Test:
    low, high = at_least(kind, values[:1]), at_most(kind, values[1:])
    return lambda value: low(value) and high(value)


def make_null(kind: str, values: Values) -> Test:
    return lambda value: value in (None, "", [], {})


COMPARERS: dict[str, Callable[[str, Values], Test]] = {
    "=": make_in,
    "!=": make_different,
    "in": make_in,
    "<": compare(lambda a, b: a < b),
    ">": compare(lambda a, b: a > b),
    "<=": at_most,
    ">=": at_least,
    "like": make_like,
    "between": make_between,
    "null": make_null,
}
