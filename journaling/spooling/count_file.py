"""Counts that outlive a kill -9, on a disk that is full: the file is there before it is needed.

Its bytes are overwritten in place, for which a full disk has room. The process that counts holds a
lock on its file; what a dead one left is taken by the next.
"""

import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from journaling.spooling.spool import find_directory

log = logging.getLogger(__name__)

SIZE = 4096
MOST_COUNTS = 150
"""So many fit, with any numbers."""

Counts = dict[int, int]


class CountFile:
    """This process's file."""

    def __init__(self) -> None:
        self.file: BinaryIO | None = None
        self.pid = 0

    def prepare(self) -> None:
        """Make the file while the disk takes one. Raises OSError."""
        if self.file and self.pid == os.getpid():
            return
        directory = find_directory()
        directory.mkdir(mode=0o700, exist_ok=True)
        path = directory / f"{time.time_ns()}-{os.getpid()}.refused"
        draft = path.with_suffix(".new")
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self.file, self.pid = os.fdopen(descriptor, "r+b", buffering=0), os.getpid()
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.write({})
        draft.rename(path)  # locked: nobody takes it for one that was left

    def write(self, counts: Mapping[int, int]) -> None:
        """Raises OSError when the disk does not even take this."""
        if self.file is None or self.pid != os.getpid():
            raise FileNotFoundError("no file was made in time")
        kept = dict(list(counts.items())[:MOST_COUNTS])
        os.pwrite(self.file.fileno(), json.dumps(kept).ljust(SIZE).encode(), 0)
        os.fsync(self.file.fileno())


@contextmanager
def take_left(path: Path) -> Iterator[Counts]:
    """What a dead process counted; empty while it lives. The file goes when the block ends well."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield {}
            return
        yield read_counts(file)
        path.unlink(missing_ok=True)


def read_counts(file: BinaryIO) -> Counts:
    try:
        return {int(pk): int(number) for pk, number in json.loads(file.read()).items()}
    except (ValueError, AttributeError):
        log.error("%s does not say how many reports were refused", file.name)
        return {}


def list_left() -> Iterator[Counts]:
    """What dead processes counted, one after the other."""
    for path in sorted(find_directory().glob("*.refused")):
        with suppress(FileNotFoundError), take_left(path) as counts:
            yield counts


own_counts = CountFile()
