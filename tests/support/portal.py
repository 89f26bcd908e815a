"""The portal as it runs at a customer's: web, worker, beat and broker as real processes."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg

from config import addresses, programs
from config.supervisor import Program
from config.valkey import find_socket
from tests.support.environment import build_environment
from tests.support.processes import Running, start_process, wait_until

HOST = "127.0.0.1"
PROGRAMS = ("broker", "web", "worker", "beat")
DATABASE_FILE = "patchbay.sqlite3"


@dataclass
class Portal:
    """One portal: `start`, `stop` and `kill` its programs by name, `manage` runs a command in it.

    The names are broker, web, worker, beat and zoho (the sandbox at `zoho_url`, which is trusted).
    """

    directory: Path
    environment: dict[str, str]
    port: int
    zoho_port: int
    running: dict[str, Running] = field(default_factory=dict)

    @classmethod
    def plan(cls, *, directory: Path, database_url: str, **values: str) -> Self:
        """Lay out a portal on free ports; without a database's address it has its own SQLite."""
        port, zoho_port = addresses.find_free_port(HOST), addresses.find_free_port(HOST)
        told = {
            "PORT": str(port),
            "PUBLIC_URL": f"http://localhost:{port}",
            "ZOHO_TRUSTED_URLS": f"http://{HOST}:{zoho_port}",
            "DATABASE_URL": database_url,
            "SUPERVISED": "1",
            **values,
        }
        environment = build_environment(data_dir=directory, **told)
        return cls(directory, environment, port, zoho_port)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def zoho_url(self) -> str:
        return f"http://{HOST}:{self.zoho_port}"

    def start(self, *names: str) -> None:
        """Start these programs, one after the other, and wait until broker and web serve."""
        for name in names or PROGRAMS:
            self.running[name] = start_process(
                self.plan_program(name).command,
                environment=self.environment,
                log=self.directory / f"{name}.log",
            )
            try:
                wait_until(lambda: self.serves(name), what=name)  # noqa: B023  done at once
            except AssertionError as error:
                raise AssertionError(f"{error}\n{self.read_log(name)}") from None

    def serves(self, name: str) -> bool:
        """Tell whether others can talk to it by now; worker and beat answer nobody."""
        match name:
            case "broker":
                return addresses.is_listening(find_socket(self.directory))
            case "web":
                return addresses.is_healthy(host=HOST, port=self.port)
            case "zoho":
                return not addresses.is_port_free(host=HOST, port=self.zoho_port)
        return True

    def plan_program(self, name: str) -> Program:
        match name:
            case "broker":
                return programs.plan_broker(self.directory)
            case "web":
                return programs.plan_web(host=HOST, port=self.port)
            case "worker":
                return programs.plan_worker()
            case "beat":
                return programs.plan_beat()
            case "zoho":
                return programs.plan_sandbox(port=self.zoho_port)
        raise KeyError(name)

    def stop(self, name: str) -> int:
        return self.running[name].stop()

    def kill(self, name: str) -> None:
        self.running[name].kill()

    def read_log(self, name: str) -> str:
        return self.running[name].read_log()

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `manage.py WORDS` in this portal and return its exit code and output."""
        done = subprocess.run(
            programs.run_manage(*words), env=self.environment, capture_output=True, text=True
        )
        if check and done.returncode:
            raise AssertionError(f"manage.py {' '.join(words)}: {done.stderr}{done.stdout}")
        return done

    def count(self, query: str) -> int:
        """The one number that a SELECT gives, sooner than any command; -1: database is away."""
        url = self.environment["DATABASE_URL"]
        if not url:
            with closing(sqlite3.connect(self.directory / DATABASE_FILE, timeout=30)) as lite:
                return int(lite.execute(query).fetchone()[0])
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(url, connect_timeout=2) as other,
        ):
            [number] = other.execute(query.encode()).fetchone() or [-1]
            return int(number)
        return -1

    def kill_all(self) -> None:
        for running in self.running.values():
            running.kill()


@contextmanager
def lay_out_portal(*, directory: Path, database_url: str, **values: str) -> Iterator[Portal]:
    """Yield a portal of which nothing runs yet; whatever was started is gone at the end."""
    portal = Portal.plan(directory=directory, database_url=database_url, **values)
    try:
        yield portal
    finally:
        portal.kill_all()
