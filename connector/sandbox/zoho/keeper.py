"""The file that lets a restarted sandbox still know what was delivered to it."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .shelf import Record, Shelf

TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS records (
    zgid TEXT, module TEXT, id TEXT, deleted INTEGER, body TEXT,
    PRIMARY KEY (zgid, module, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, body TEXT);
"""


class Keeper:
    """Every change is written before the request is answered, all of one request at once."""

    def __init__(self, path: str | Path) -> None:
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript(TABLES)
        self._written: dict[str, str] = {}

    def save(self, *, shelves: dict[tuple[str, str], Shelf], states: dict[str, Any]) -> None:
        bodies = {name: json.dumps(state) for name, state in states.items()}
        news = {n: body for n, body in bodies.items() if self._written.get(n) != body}
        rows = [row for key, shelf in shelves.items() for row in list_rows(key, shelf)]
        if not rows and not news:
            return
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany("REPLACE INTO records VALUES (?, ?, ?, ?, ?)", rows)
            self._database.executemany("REPLACE INTO state VALUES (?, ?)", list(news.items()))
        self._written.update(news)
        for shelf in shelves.values():
            shelf.changed.clear()

    def load_state(self, name: str) -> Any | None:
        found = self._database.execute("SELECT body FROM state WHERE name = ?", (name,))
        row = found.fetchone()
        return json.loads(row[0]) if row else None

    def load_records(self, *, zgid: str, module: str, deleted: bool) -> Iterator[Record]:
        rows = self._database.execute(
            "SELECT body FROM records WHERE zgid = ? AND module = ? AND deleted = ? ORDER BY id",
            (zgid, module, deleted),
        )
        return (json.loads(body) for (body,) in rows)

    def forget(self, zgid: str) -> None:
        """Empty an organisation; what it holds afterwards is saved anew."""
        self._database.execute("DELETE FROM records WHERE zgid = ?", (zgid,))
        self._written.clear()

    def close(self) -> None:
        self._database.close()


def list_rows(key: tuple[str, str], shelf: Shelf) -> Iterator[tuple[str, str, str, bool, str]]:
    """The changed records as rows of the file; `key` is (zgid, module)."""
    for record_id in shelf.changed:
        living = shelf.records.get(record_id)
        body = json.dumps(living or shelf.deleted[record_id])
        yield (*key, record_id, living is None, body)
