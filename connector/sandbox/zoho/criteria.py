r"""The criteria of a search: `((Field:op:value)and(Field:op:value))`.

`equals` on text is contains-like since v7 and takes special characters loosely; on pick lists
and ids it is exact. A backslash stands before `( ) ,` and `\` in a value.
"""

import re
from collections.abc import Callable

from .exchange import Refusal
from .schema import Field
from .shelf import Record

Test = Callable[[Record], bool]
OPERATORS = ("equals", "not_equal", "starts_with", "in")
MOST_CONDITIONS = 10
MOST_LENGTH = 3000
MOST_VALUES = 100
EXACT_TYPES = (
    "picklist", "lookup", "ownerlookup", "multi_module_lookup", "boolean", "datetime", "date",
    "integer", "bigint", "currency",
)  # fmt: skip
TOKEN = re.compile(r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<word>(?:\\.|[^()\\])+))", re.DOTALL)


def parse_criteria(text: str, fields: dict[str, Field]) -> Test:
    """A test for records. Raises INVALID_QUERY for anything Zoho would not understand."""
    if len(text) > MOST_LENGTH:
        raise refuse_query("criteria is too long")
    tokens = [(m.lastgroup or "", m[m.lastgroup or 0]) for m in TOKEN.finditer(text)]
    if "".join(re.sub(r"\s", "", word) for _, word in tokens) != re.sub(r"\s", "", text):
        raise refuse_query("unexpected character")
    parser = Parser(tokens, fields)
    test = parser.read_group() if tokens[:1] == [("open", "(")] else parser.read_condition()
    if parser.tokens or parser.conditions > MOST_CONDITIONS:
        raise refuse_query("too many conditions" if not parser.tokens else "unbalanced brackets")
    return test


class Parser:
    def __init__(self, tokens: list[tuple[str, str]], fields: dict[str, Field]) -> None:
        self.tokens = tokens
        self.fields = fields
        self.conditions = 0

    def take(self, kind: str) -> str:
        if not self.tokens or self.tokens[0][0] != kind:
            raise refuse_query("unbalanced brackets")
        return self.tokens.pop(0)[1]

    def read_group(self) -> Test:
        """`(condition)` or `(group and group or group ...)`, read from left to right."""
        self.take("open")
        if self.tokens and self.tokens[0][0] == "word":
            test = self.read_condition()
            self.take("close")
            return test
        test = self.read_group()
        while self.tokens and self.tokens[0][0] == "word":
            test = join(test, self.take("word").strip().lower(), self.read_group())
        self.take("close")
        return test

    def read_condition(self) -> Test:
        name, _, rest = self.take("word").strip().partition(":")
        operator, _, value = rest.partition(":")
        while operator != "in" and self.tokens and self.tokens[0][0] == "open":
            raise refuse_query("brackets in a value need a backslash")
        self.conditions += 1
        column, _, part = name.partition(".")
        field = self.fields.get(column)
        if name != "id" and (field is None or part not in ("", "id")):
            raise refuse_query("the field is not available for search", api_name=name)
        if operator not in OPERATORS:
            raise refuse_query("invalid operator", operator=operator)
        exact = field is None or field.data_type in EXACT_TYPES
        return make_test(column, operator, value, exact=exact)


def join(left: Test, word: str, right: Test) -> Test:
    if word == "and":
        return lambda record: left(record) and right(record)
    if word == "or":
        return lambda record: left(record) or right(record)
    raise refuse_query("and / or expected", found=word)


def make_test(name: str, operator: str, value: str, *, exact: bool) -> Test:
    parts = re.split(r"(?<!\\),", value) if operator == "in" else [value]
    values = [re.sub(r"\\(.)", r"\1", part).strip() for part in parts]
    if len(values) > MOST_VALUES:
        raise refuse_query("too many values")
    if operator == "starts_with":
        return lambda record: loosen(read_plain(record, name)).startswith(loosen(values[0]))
    if operator == "not_equal":
        return lambda record: read_plain(record, name).casefold() != values[0].casefold()
    if exact or operator == "in":
        wanted = {value.casefold() for value in values}
        return lambda record: read_plain(record, name).casefold() in wanted
    loose = loosen(values[0])
    return lambda record: loose in loosen(read_plain(record, name))


def read_plain(record: Record, name: str) -> str:
    value = record.get(name)
    if isinstance(value, dict):
        value = value["id"]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def loosen(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def refuse_query(reason: str, **details: object) -> Refusal:
    return Refusal("INVALID_QUERY", "invalid query formed", details={"reason": reason, **details})
