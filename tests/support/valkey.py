"""A real Valkey server for tests, on a unix socket of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from config.addresses import is_listening
from config.programs import plan_broker
from config.valkey import find_socket
from tests.support.environment import build_environment
from tests.support.processes import Running, start_process, wait_until


@dataclass
class Valkey:
    """The server of one directory; what it stored is there again after kill and start."""

    directory: Path
    running: Running | None = None

    @property
    def url(self) -> str:
        """The broker's address, as in CELERY_BROKER_URL."""
        return f"redis+socket://{find_socket(self.directory)}"

    def connect(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(find_socket(self.directory)))

    def start(self) -> None:
        self.running = start_process(
            plan_broker(self.directory).command,
            environment=build_environment(data_dir=self.directory),
            log=self.directory / "valkey-output.log",
        )
        wait_until(lambda: is_listening(find_socket(self.directory)), what="Valkey")

    def kill(self) -> None:
        if self.running:
            self.running.kill()


@contextmanager
def run_valkey(directory: Path) -> Iterator[Valkey]:
    server = Valkey(directory)
    server.start()
    try:
        yield server
    finally:
        server.kill()
