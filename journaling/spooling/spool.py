"""Where reports stand while the database is away: one fsynced file for each process.

A report is one line of JSON. The process that writes a file holds a lock on it, so that nobody
else takes it; a lock ends with its process. What a kill -9 left is stored by the next sweep. A line
without its end was never acknowledged.
"""

import base64
import fcntl
import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SpooledReport:
    """A report as it arrived, with the id that the PBX was told."""

    event_id: uuid.UUID
    connection_id: int
    kind: str
    body: bytes
    template_version: str
    received_at: datetime
    is_reduced: bool = False

    def write(self) -> bytes:
        line = {
            "id": str(self.event_id),
            "connection": self.connection_id,
            "kind": self.kind,
            "version": self.template_version,
            "received_at": self.received_at.isoformat(),
            "body": base64.b64encode(self.body).decode(),
            "reduced": self.is_reduced,
        }
        return json.dumps(line).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> "SpooledReport":
        """Raises ValueError or KeyError for a line that a dying machine left unfinished."""
        found = json.loads(line)
        return cls(
            event_id=uuid.UUID(found["id"]),
            connection_id=found["connection"],
            kind=found["kind"],
            body=base64.b64decode(found["body"]),
            template_version=found["version"],
            received_at=datetime.fromisoformat(found["received_at"]),
            is_reduced=found.get("reduced", False),
        )


class Spool:
    """This process's file, made when it is first needed."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.file: BinaryIO | None = None
        self.pid = 0

    def append(self, report: SpooledReport) -> None:
        """Raises OSError when the disk does not take it; then nothing was stored."""
        line = report.write()
        with self.guard:
            if self.file is None or self.pid != os.getpid():
                self.file, self.pid = make_file(), os.getpid()
            end = self.file.tell()
            try:
                write_whole(self.file, line)
                os.fsync(self.file.fileno())
            except OSError:
                self.take_back(end)
                raise

    def take_back(self, end: int) -> None:
        """Half a line must not stand before the next one."""
        file, self.file = self.file, None
        if file is None:
            return
        try:
            with file:
                os.ftruncate(file.fileno(), end)
        except OSError as error:
            log.error("the spool cannot be shortened: %s", error)

    def release(self) -> None:
        """Let sweeps have the file; the next report begins another one."""
        with self.guard:
            file, self.file = self.file, None
            if file is not None and self.pid == os.getpid():
                file.close()


def write_whole(file: BinaryIO, line: bytes) -> None:
    """A full disk takes a part without a word; only the next write says so."""
    rest = memoryview(line)
    while rest:
        rest = rest[file.write(rest) :]


def find_directory() -> Path:
    return Path(settings.DATA_DIR) / "spool"


def make_file() -> BinaryIO:
    directory = find_directory()
    directory.mkdir(mode=0o700, exist_ok=True)
    while True:
        path = directory / f"{time.time_ns()}-{os.getpid()}.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        file = os.fdopen(descriptor, "wb", buffering=0)
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            sync_directory(directory)
            return file
        file.close()  # a sweep found it before it was locked, and deleted it as empty


def sync_directory(directory: Path) -> None:
    """A new name survives a power cut only once its directory is on the disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def list_files() -> list[Path]:
    """Oldest first."""
    return sorted(find_directory().glob("*.jsonl"))


@contextmanager
def take_file(path: Path) -> Iterator[BinaryIO | None]:
    """The file, locked; None while its process writes to it or another sweep reads it."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file if os.fstat(file.fileno()).st_nlink else None


def list_reports(file: BinaryIO) -> Iterator[SpooledReport]:
    """In order of arrival."""
    for line in file:
        try:
            yield SpooledReport.read(line)
        except (ValueError, KeyError):
            log.warning("%s ends in an unfinished line, which was never acknowledged", file.name)


own_spool = Spool()
