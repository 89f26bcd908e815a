"""Reads Zoho's query language: select .. from .. where .. order by .. limit .. offset ..

Zoho takes two conditions side by side and wants more of them grouped in pairs,
`((a and b) and c)`: https://www.zoho.com/crm/developer/docs/api/v8/COQL-Overview.html
"""

import re
from dataclasses import dataclass, field

from .exchange import Refusal

TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:\\.|''|[^'\\])*'|"(?:\\.|[^"\\])*")
    | (?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d|Z))?)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,)
    | (?P<word>[$A-Za-z_][\w$.]*)
    )""",
    re.VERBOSE | re.DOTALL,
)
COMPARISONS = ("=", "!=", "<>", "<", ">", "<=", ">=")
MOST_ROWS = 2000
MOST_COLUMNS = 50
DEFAULT_ROWS = 200
Literal = str | float | bool


@dataclass(frozen=True)
class Condition:
    """`operator` is a comparison, or in, like, between, null, each perhaps after `not `."""

    column: str
    operator: str
    values: tuple[Literal, ...] = ()


@dataclass(frozen=True)
class Pair:
    word: str  # and | or
    left: "Condition | Pair"
    right: "Condition | Pair"


@dataclass
class Query:
    columns: list[str]
    module: str
    where: Condition | Pair
    order: list[tuple[str, bool]] = field(default_factory=list)  # column, descending?
    limit: int = DEFAULT_ROWS
    offset: int = 0


def parse_query(text: str) -> Query:
    """Raises INVALID_QUERY with the place at which the reading stopped."""
    tokens, at = [], 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if found is None:
            raise refuse_query("unexpected character", near=text[at : at + 20])
        tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
        at = found.end()
    return QueryReader(tokens).read()


def refuse_query(reason: str, **details: object) -> Refusal:
    return Refusal("INVALID_QUERY", "invalid query formed", details={"reason": reason, **details})


class QueryReader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens

    def read(self) -> Query:
        self.demand("select")
        columns = self.read_columns()
        self.demand("from")
        module = self.take_word()
        self.demand("where")
        query = Query(columns, module, self.read_conditions())
        if self.skip("order"):
            self.demand("by")
            query.order = self.read_order()
        if self.skip("limit"):
            query.limit = self.take_number(most=MOST_ROWS)
            if self.skip(","):
                query.offset, query.limit = query.limit, self.take_number(most=MOST_ROWS)
        if self.skip("offset"):
            query.offset = self.take_number(most=100_000)
        if self.tokens:
            raise refuse_query("the query should end here", near=self.tokens[0][1])
        return query

    def read_columns(self) -> list[str]:
        columns = [self.take_word()]
        while self.skip(","):
            columns.append(self.take_word())
        if len(columns) > MOST_COLUMNS:
            raise refuse_query("too many columns", limit=MOST_COLUMNS)
        return columns

    def read_conditions(self) -> Condition | Pair:
        """One condition, or two joined by and / or; a third needs brackets around a pair."""
        left = self.read_operand()
        word = self.peek().lower()
        if word not in ("and", "or"):
            return left
        self.tokens.pop(0)
        pair = Pair(word, left, self.read_operand())
        if self.peek().lower() in ("and", "or"):
            raise refuse_query("group conditions in pairs", near=self.peek())
        return pair

    def read_operand(self) -> Condition | Pair:
        if not self.skip("("):
            return self.read_condition()
        inner = self.read_conditions()
        self.demand(")")
        return inner

    def read_condition(self) -> Condition:
        column = self.take_word()
        if self.skip("is"):
            denied = "not " if self.skip("not") else ""
            self.demand("null")
            return Condition(column, f"{denied}null")
        denied = "not " if self.skip("not") else ""
        operator = self.peek().lower()
        if operator in COMPARISONS and not denied:
            self.tokens.pop(0)
            return Condition(column, operator.replace("<>", "!="), (self.take_value(),))
        if operator not in ("in", "like", "between"):
            raise refuse_query("operator expected", near=operator)
        self.tokens.pop(0)
        return Condition(column, f"{denied}{operator}", self.read_values(operator))

    def read_values(self, operator: str) -> tuple[Literal, ...]:
        if operator == "like":
            return (self.take_value(),)
        if operator == "between":
            low = self.take_value()
            self.demand("and")
            return (low, self.take_value())
        self.demand("(")
        values = [self.take_value()]
        while self.skip(","):
            values.append(self.take_value())
        self.demand(")")
        return tuple(values)

    def read_order(self) -> list[tuple[str, bool]]:
        order = []
        while True:
            column = self.take_word()
            descending = self.skip("desc")
            if not descending:
                self.skip("asc")
            order.append((column, descending))
            if not self.skip(","):
                return order

    def peek(self) -> str:
        return self.tokens[0][1] if self.tokens else ""

    def skip(self, word: str) -> bool:
        if not self.tokens or self.tokens[0][0] == "text" or self.peek().lower() != word:
            return False
        self.tokens.pop(0)
        return True

    def demand(self, word: str) -> None:
        if not self.skip(word):
            raise refuse_query(f"{word} expected", near=self.peek())

    def take_word(self) -> str:
        if not self.tokens or self.tokens[0][0] != "word":
            raise refuse_query("name expected", near=self.peek())
        return self.tokens.pop(0)[1]

    def take_number(self, *, most: int) -> int:
        if not self.tokens or self.tokens[0][0] != "number" or not self.peek().isdecimal():
            raise refuse_query("number expected", near=self.peek())
        number = int(self.tokens.pop(0)[1])
        if number > most:
            raise refuse_query("number too large", near=str(number), limit=most)
        return number

    def take_value(self) -> Literal:
        kind, text = self.tokens.pop(0) if self.tokens else ("", "")
        if kind == "text":
            return re.sub(r"\\(.)|''", lambda m: m[1] or "'", text[1:-1])
        if kind == "word" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind in ("number", "moment"):
            return text
        raise refuse_query("value expected", near=text)
