"""Who may report, known before the database is asked: for the time when it cannot be.

Every web process reads the digests of all keys when it starts and now and then. They are kept in
a file too, so that a process that starts while the database is away knows them as well.
"""

import json
import logging
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.db.models import Q
from django.utils import timezone

from connector.auth import Digests, keep_locks
from connector.models import Connection, PbxKey

log = logging.getLogger(__name__)

FILE_NAME = "known-keys.json"
SECRETS = {"client_secret"}


def remember_keys() -> None:
    """Read all valid keys and keep them, in memory and in the file. Raises the database's error."""
    read_at = time.time()
    known = list_connections()
    keep_locks(known, read_at=read_at)
    text = json.dumps(
        [
            {
                "connection": serializers.serialize("json", [connection], fields=list_columns()),
                "digests": [[digest, end and end.isoformat()] for digest, end in digests],
            }
            for connection, digests in known
        ]
    )
    try:
        write_file(text)
    except OSError as error:
        log.warning("%s cannot be written: %s", find_file(), error)


def recall_keys() -> None:
    """Take what the file says; without one nothing is known."""
    try:
        rows = json.loads(find_file().read_text())
    except (OSError, ValueError):
        return
    known: list[tuple[Connection, Digests]] = []
    for row in rows:
        [found] = serializers.deserialize("json", row["connection"])
        connection: Any = found.object
        digests = [
            (key, datetime.fromisoformat(end) if end else None) for key, end in row["digests"]
        ]
        known.append((connection, tuple(digests)))
    # Old enough to be asked for at once where the database answers.
    keep_locks(known, read_at=0)


def list_connections() -> list[tuple[Connection, Digests]]:
    valid = PbxKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
    digests: dict[int, list[tuple[str, datetime | None]]] = {}
    for pk, digest, end in valid.values_list("connection_id", "digest", "expires_at"):
        digests.setdefault(pk, []).append((digest, end))
    connections = Connection.objects.select_related("journal").in_bulk(digests)
    return [(connections[pk], tuple(digests[pk])) for pk in connections]


def list_columns() -> list[str]:
    return [
        column.name for column in Connection._meta.concrete_fields if column.name not in SECRETS
    ]


def find_file() -> Path:
    return Path(settings.DATA_DIR) / FILE_NAME


def write_file(text: str) -> None:
    path = find_file()
    if path.exists() and path.read_text() == text:
        return
    fresh = path.with_suffix(f".{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
