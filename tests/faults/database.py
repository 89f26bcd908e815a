"""A PostgreSQL with fsync that can be killed and started again on the same data."""

import os
import pwd
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from config.addresses import find_free_port
from tests.support.postgres import (
    Postgres,
    build_command,
    find_programs,
    start_server,
    wait_until_ready,
)


class MortalPostgres:
    def __init__(self, place: Path) -> None:
        self.place = place
        self.owner = pwd.getpwnam("nobody").pw_uid if os.getuid() == 0 else None
        self.server = Postgres(find_free_port("127.0.0.1"))
        self.programs = find_programs(readable_by_all=self.owner is not None)
        if self.owner is not None:
            os.chown(place, self.owner, -1)
        self.process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [str(self.programs / "initdb"), "-D", f"{place}/data", "-U", "postgres",
             "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
            check=True, capture_output=True, user=self.owner, cwd=place,
        )  # fmt: skip

    def start(self) -> None:
        """After a kill the old server's children may hold its memory for a moment: try again."""
        command = build_command(
            self.programs / "postgres",
            data=f"{self.place}/data",
            port=self.server.port,
            fsync=True,
        )
        log = self.place / "log"
        for last in (False,) * 20 + (True,):
            self.process = start_server(command, user=self.owner, log=log)
            try:
                wait_until_ready(self.server, process=self.process, log=log)
                return
            except RuntimeError:
                if last:
                    raise

    def kill(self) -> None:
        """kill -9."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def freeze(self) -> None:
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send(signal.SIGCONT)

    def send(self, signum: signal.Signals) -> None:
        """To the server and to the processes that serve its connections."""
        assert self.process
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(one, signum)
