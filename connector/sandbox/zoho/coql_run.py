"""Answers a parsed query out of the store. Never late, unlike search."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .coql import Condition, Pair, Query, parse_query, refuse_query
from .coql_tests import COMPARERS, find_kind, make_order_key
from .exchange import Answer, Refusal, answer_json, answer_nothing
from .organisation import Organisation
from .reading import show_value
from .schema import MODULES, Field
from .shelf import Record
from .visit import Visit

Test = Callable[[Record], bool]
MOST_BY_OFFSET = 10_000
USER_FIELDS = {"email": "email", "full_name": "name", "name": "name"}


def run_query(visit: Visit) -> Answer:
    """POST /coql {"select_query": ".."}; 204 when nothing is found."""
    visit.require("ZohoCRM.coql")
    text = visit.request.read_json().get("select_query")
    if not isinstance(text, str):
        place = {"api_name": "select_query", "json_path": "$.select_query"}
        raise Refusal("MANDATORY_NOT_FOUND", "required field not found", details=place)
    query = parse_query(text)
    if query.module not in MODULES:
        raise refuse_query("module name given seems to be invalid", module=query.module)
    visit.require_module(query.module, "READ")
    if query.offset + query.limit > MOST_BY_OFFSET:
        raise Refusal("LIMIT_EXCEEDED", "offset is too large", details={"limit": MOST_BY_OFFSET})
    return answer_rows(Run(visit.organisation, query))


@dataclass(frozen=True)
class Column:
    """How a column is shown, what is compared, and as which kind: text, number, moment, flag."""

    show: Callable[[Record], Any]
    read: Callable[[Record], Any]
    kind: str


def answer_rows(run: "Run") -> Answer:
    query = run.query
    columns = {name: run.find_column(name) for name in dict.fromkeys(["id", *query.columns])}
    records = run.select()
    rows = records[query.offset : query.offset + query.limit]
    if not rows:
        return answer_nothing()
    data = [{name: column.show(record) for name, column in columns.items()} for record in rows]
    more = len(records) > query.offset + query.limit
    return answer_json({"data": data, "info": {"count": len(data), "more_records": more}})


class Run:
    """One query over one organisation: finds columns and turns conditions into tests."""

    def __init__(self, organisation: Organisation, query: Query) -> None:
        self.organisation = organisation
        self.query = query
        self.shelf = organisation.shelves[query.module]

    def select(self) -> list[Record]:
        records = list(filter(self.make_test(self.query.where), self.shelf))
        for name, descending in reversed(self.query.order or [("id", False)]):
            column = self.find_column(name)
            key = make_order_key(column.kind, column.read)
            records.sort(key=key, reverse=descending)
        return records

    def find_field(self, name: str, *, module: str) -> Field:
        if name == "id":
            return Field("id", "bigint")
        field = self.organisation.shelves[module].fields.get(name)
        if field is None:
            raise refuse_query("column given seems to be invalid", column_name=name)
        return field

    def find_column(self, name: str) -> Column:
        """Lookups are shown as {"name", "id"} and compared by id."""
        if "." in name:
            return self.join_column(name)
        if name == "$se_module":
            return make_plain(lambda record: record.get("$se_module"), kind="text")
        field = self.find_field(name, module=self.query.module)
        if name == "id":
            return make_plain(lambda record: record["id"], kind="number")

        def show(record: Record) -> Any:
            return show_value(self.organisation, field, record)

        if field.lookup or field.data_type == "parent":
            return Column(show, lambda record: (record.get(name) or {}).get("id"), "number")
        return Column(show, show, find_kind(field))

    def join_column(self, name: str) -> Column:
        """`Owner.id`, `Created_By.email`, `Who_Id.Last_Name`, `Account_Name.Phone` .."""
        first, part = name.split(".", 1)
        field = self.find_field(first, module=self.query.module)
        if part == "id" and field.lookup:
            return make_plain(lambda record: (record.get(first) or {}).get("id"), kind="number")
        if field.data_type == "ownerlookup" and part in USER_FIELDS:
            users, key = self.organisation.users, USER_FIELDS[part]
            return make_plain(lambda r: users[r[first]["id"]].refer()[key], kind="text")
        if field.lookup not in MODULES:
            raise refuse_query("column given seems to be invalid", column_name=name)
        target = self.find_field(part, module=field.lookup)
        shelf = self.organisation.shelves[field.lookup]

        def show(record: Record) -> Any:
            found = shelf.get((record.get(first) or {}).get("id"))
            return show_value(self.organisation, target, found) if found else None

        return make_plain(show, kind=find_kind(target))

    def make_test(self, condition: Condition | Pair) -> Test:
        if isinstance(condition, Condition):
            return self.make_simple_test(condition)
        left, right = self.make_test(condition.left), self.make_test(condition.right)
        if condition.word == "and":
            return lambda record: left(record) and right(record)
        return lambda record: left(record) or right(record)

    def make_simple_test(self, condition: Condition) -> Test:
        name = condition.column
        column = self.find_column(name)
        if column.kind == "never":
            raise refuse_query("column is not comparable", column_name=name)
        read = column.read
        test = COMPARERS[condition.operator.removeprefix("not ")](column.kind, condition.values)
        if condition.operator.startswith("not "):
            return lambda record: not test(read(record))
        return lambda record: test(read(record))


def make_plain(read: Callable[[Record], Any], *, kind: str) -> Column:
    return Column(read, read, kind)
