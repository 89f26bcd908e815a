"""From the file to what it wants of each connection; nothing is compared or stored here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from journaling.connection_file.document import (
    Node,
    SequenceNode,
    get_line,
    is_null,
    list_pairs,
    read_document,
)
from journaling.connection_file.problems import FileRefused, Problem
from journaling.connection_file.schema import (
    KEYS_BY_PATH,
    ROW_KEYS,
    SECRET_PATHS,
    SECTIONS,
    list_names,
)
from journaling.connection_file.secret_sources import read_secret
from journaling.connection_file.values import read_value, refuse_unknown

TOP = ["connections", "defaults"]


@dataclass(frozen=True)
class Given:
    """A value of the file and its line."""

    value: Any
    line: int


@dataclass(frozen=True)
class Row:
    """One item of `agents` or `queues`: its texts and numbers by key."""

    values: dict[str, Any]
    line: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the file says of one connection, `defaults` included; keys left out are absent."""

    slug: str
    line: int
    values: dict[str, Given] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)


@dataclass
class Reader:
    """Walks the tree and collects every problem, so that one run shows them all."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def read_connections(self, top: Node) -> list[Wanted]:
        places = {key.value: node for key, node in self.walk(top, place=_("the file"), known=TOP)}
        if "connections" not in places or is_null(places["connections"]):
            words = _("“connections:” is missing or empty; write {} if no connection is meant")
            self.problems.append(Problem(get_line(places.get("connections", top)), words))
            return []
        shared = Wanted(slug="", line=0)
        if "defaults" in places:
            shared = self.read_wanted(places["defaults"], slug="", line=0)
        pairs = list_pairs(places["connections"], name="connections", problems=self.problems)
        own = [self.read_wanted(node, slug=key.value, line=get_line(key)) for key, node in pairs]
        return [merge(shared, wanted) for wanted in own]

    def read_wanted(self, node: Node, *, slug: str, line: int) -> Wanted:
        wanted = Wanted(slug=slug, line=line)
        for key, value in self.walk(node, place=slug or "defaults", known=list_names("")):
            if key.value in ROW_KEYS:
                wanted.rows[key.value] = self.read_rows(value, kind=key.value)
            elif key.value in SECTIONS:
                self.read_section(value, section=key.value, into=wanted.values)
            else:
                self.read_key(value, path=key.value, into=wanted.values)
        return wanted

    def read_section(self, node: Node, *, section: str, into: dict[str, Given]) -> None:
        for key, value in self.walk(node, place=section, known=list_names(section)):
            self.read_key(value, path=f"{section}.{key.value}", into=into)

    def read_key(self, node: Node, *, path: str, into: dict[str, Given]) -> None:
        try:
            if path in SECRET_PATHS:
                value = read_secret(node, folder=self.folder)
            else:
                value = read_value(node, KEYS_BY_PATH[path].field)
        except Problem as problem:
            self.problems.append(Problem(problem.line, f"{path}: {problem.words}"))
        else:
            into[path] = Given(value, get_line(node))

    def read_rows(self, node: Node, *, kind: str) -> list[Row]:
        if not isinstance(node, SequenceNode):
            words = _("%s must be a list; write [] for none") % kind
            self.problems.append(Problem(get_line(node), words))
            return []
        return [self.read_row(item, kind=kind) for item in node.value]

    def read_row(self, node: Node, *, kind: str) -> Row:
        row = Row({}, get_line(node))
        keys = {key.name: key for key in ROW_KEYS[kind]}
        for key, value in self.walk(node, place=kind, known=list(keys)):
            try:
                row.values[key.value] = read_value(value, keys[key.value].field)
            except Problem as problem:
                words = f"{kind}.{key.value}: {problem.words}"
                self.problems.append(Problem(problem.line, words))
        return row

    def walk(self, node: Node, *, place: str, known: list[str]) -> Iterator[tuple[Node, Node]]:
        """Yield the known keys of a group; unknown ones become problems."""
        for key, value in list_pairs(node, name=place, problems=self.problems):
            if key.value in known:
                yield key, value
            else:
                self.problems.append(refuse_unknown(key, place=place, known=known))


def read_file(path: Path) -> list[Wanted]:
    """Read what a file wants; raises FileRefused with every problem that reading finds."""
    reader = Reader(path.parent)
    wanted = reader.read_connections(read_document(path))
    if reader.problems:
        raise FileRefused(path, reader.problems)
    return wanted


def merge(shared: Wanted, own: Wanted) -> Wanted:
    """Lay a connection's keys over the defaults; free groups merge, lists replace."""
    values = {**shared.values, **own.values}
    for path in shared.values.keys() & own.values.keys():
        if isinstance(values[path].value, dict):
            both = {**shared.values[path].value, **own.values[path].value}
            values[path] = Given(both, own.values[path].line)
    rows = {**shared.rows, **own.rows}
    return Wanted(slug=own.slug, line=own.line, values=values, rows=rows)
