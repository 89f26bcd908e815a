"""Real processes of a test: started, watched, killed; none outlives the test run."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.orphans import die_with_parent


def wait_until(
    condition: Callable[[], object], *, seconds: float = 60, what: str = "the condition"
) -> None:
    """Poll until the condition holds; fail with these words when it never does."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


@dataclass
class Running:
    """A process in a session of its own, its output in a file."""

    process: subprocess.Popen[bytes]
    log: Path

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def read_log(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self, *, seconds: float = 30) -> int:
        """Ask it to end and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=seconds)
        self.kill()
        return code

    def kill(self) -> None:
        """kill -9 of the process and of all that its session holds."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start_process(command: list[str], *, environment: dict[str, str], log: Path) -> Running:
    """Start it; a log that exists is continued, so that one file tells of all its starts."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, parent=os.getpid()),
        )
    return Running(process, log)
