"""Writing the whole database into one file, as of one moment, in little memory."""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from connector.moving.layout import FORMAT, choose_models, list_columns, write_line
from connector.moving.schema import list_models

CHUNK = 2000
LEVEL = 3
Purpose = Literal["dump", "backup"]


@dataclass(frozen=True, kw_only=True)
class Dumped:
    path: Path
    rows: int


def dump(path: Path, *, purpose: Purpose) -> Dumped:
    """The file appears under its name only when it is whole and on the disk; readable by its owner
    alone. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=LEVEL) as file:
                rows = 0
                for line, is_row in list_lines(purpose):
                    file.write(line)
                    rows += is_row
            raw.flush()
            os.fsync(raw.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return Dumped(path=path, rows=rows)


def list_lines(purpose: Purpose) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether it is a row."""
    total = 0
    with hold_snapshot():
        yield write_line(describe(purpose)), False
        for model in choose_models(list_models()):
            count = 0
            names = [field.attname for field in list_columns(model)]
            yield write_line({"table": model._meta.label, "columns": names}), False
            for row in read_rows(model, names):
                yield write_line(row), True
                count += 1
            yield write_line({"rows": count}), False
            total += count
    yield write_line({"end": True, "rows": total}), False


def describe(purpose: Purpose) -> dict[str, Any]:
    return {
        "patchbay": FORMAT,
        "purpose": purpose,
        "made_at": timezone.now(),
        "database": connection.vendor,
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
        "keys": [name_key(key) for key in settings.FIELD_ENCRYPTION_KEYS],
    }


def name_key(key: str) -> str:
    """Tells keys apart without telling them."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def read_rows(model: type[models.Model], names: list[str]) -> Iterator[tuple[Any, ...]]:
    rows = model._base_manager.order_by("pk").values_list(*names)
    return rows.iterator(chunk_size=CHUNK)


@contextmanager
def hold_snapshot() -> Iterator[None]:
    """Everything is read as of one moment; nobody who writes has to wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Not atomic(): the settings make it BEGIN IMMEDIATE, which keeps writers out.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
