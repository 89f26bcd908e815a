"""The lines of a dump, each checked on its way."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connector.moving.layout import FORMAT, FaultyFile


@dataclass(frozen=True, kw_only=True)
class Header:
    """`keys` are the names of the encryption keys (connector.moving.dumping.name_key)."""

    purpose: str
    made_at: datetime
    migrations: frozenset[tuple[str, str]]
    keys: frozenset[str]


class Table:
    """One table: its rows may be read once, in order; afterwards `count` is how many."""

    def __init__(self, label: str, columns: list[str], lines: Iterator[Any]) -> None:
        self.label = label
        self.columns = columns
        self.lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[list[Any]]:
        """Raises FaultyFile unless as many rows came as the file itself says."""
        for line in self.lines:
            if isinstance(line, list):
                self.count += 1
                yield line
                continue
            if line.get("rows") != self.count:
                raise FaultyFile(f"{self.label} has {self.count} rows, not {line.get('rows')}")
            return


class DumpFile:
    """An open dump: `header`, then `list_tables` once. Every trouble is a FaultyFile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = self.read_lines()
        self.header = self.read_header()

    def read_lines(self) -> Iterator[Any]:
        try:
            with gzip.open(self.path, "rb") as file:
                for line in file:
                    yield json.loads(line)
        except (OSError, EOFError, zlib.error, ValueError) as error:
            raise FaultyFile(f"{self.path} cannot be read: {error}") from None

    def read_header(self) -> Header:
        line = next(self.lines, None)
        if not isinstance(line, dict) or line.get("patchbay") != FORMAT:
            raise FaultyFile(f"{self.path} is no dump or backup that this version can read")
        return Header(
            purpose=line["purpose"],
            made_at=datetime.fromisoformat(line["made_at"]),
            migrations=frozenset((app, name) for app, name in line["migrations"]),
            keys=frozenset(line["keys"]),
        )

    def list_tables(self) -> Iterator[Table]:
        """Raises FaultyFile for a file without its end."""
        total = 0
        for line in self.lines:
            if line.get("end"):
                if line.get("rows") != total:
                    raise FaultyFile(f"{self.path} has {total} rows, not {line.get('rows')}")
                return
            table = Table(line["table"], line["columns"], self.lines)
            yield table
            total += table.count
        raise FaultyFile(f"{self.path} is not whole: its end is missing")
