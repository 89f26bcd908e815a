"""Keeps a set of programs running as children of this process, and stops them in stages."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

from config.orphans import die_with_parent

PAUSE_SECONDS = 0.2
LONGEST_BACK_OFF_SECONDS = 30
SETTLED_SECONDS = 60


@dataclass(frozen=True)
class Program:
    """What to run: its name in the output, when it stops and how long it may take over that."""

    name: str
    command: list[str]
    stop_stage: int
    grace_seconds: float
    runs_once: bool = False


@dataclass
class Child:
    """A program's present process and its tries so far."""

    program: Program
    process: subprocess.Popen[bytes]
    started_at: float
    quick_ends: int = 0
    restart_at: float | None = None
    unfinished_line: bytes = b""


@dataclass
class Supervisor:
    """Runs programs until a signal arrives; `say` gets each line for the operator.

    Call it from the main thread only: the children's lives hang on the thread that forked them.
    """

    say: Callable[[str], None]
    environment: dict[str, str]
    children: dict[str, Child] = field(default_factory=dict)
    signals: int = 0
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def catch_signals(self) -> None:
        signal.signal(signal.SIGINT, self.note_signal)
        signal.signal(signal.SIGTERM, self.note_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
            signal.signal(signal.SIGHUP, self.note_signal)

    def note_signal(self, signum: int, frame: FrameType | None) -> None:
        self.signals += 1
        if self.signals > 1:
            self.kill_all()
            os._exit(128 + signum)

    def start(self, program: Program, *, quick_ends: int = 0) -> None:
        process = subprocess.Popen(  # noqa: S603  the commands are those of config.programs
            program.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, parent=os.getpid()),
        )
        child = Child(program, process, time.monotonic(), quick_ends)
        self.children[program.name] = child
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
            self.selector.register(process.stdout, selectors.EVENT_READ, child)

    def run_until(self, condition: Callable[[], bool], *, seconds: float = float("inf")) -> bool:
        """Keep everything running until the condition holds; False: time or a signal was first."""
        give_up_at = time.monotonic() + seconds
        while not self.signals and time.monotonic() < give_up_at:
            if condition():
                return True
            self.pass_output_on(PAUSE_SECONDS)
            self.restart_what_ended()
        return False

    def pass_output_on(self, seconds: float) -> None:
        for key, _events in self.selector.select(seconds):
            self.read_lines(key.data)

    def read_lines(self, child: Child) -> bool:
        """Pass on what the child has written by now; False: nothing, or nothing more ever."""
        pipe = child.process.stdout
        data = pipe.read(65536) if pipe and not pipe.closed else None
        if pipe is None or data is None:
            return False
        *lines, child.unfinished_line = (child.unfinished_line + data).split(b"\n")
        if not data:
            self.selector.unregister(pipe)
            pipe.close()
            lines = [child.unfinished_line]
        for line in filter(None, map(bytes.rstrip, lines)):
            self.say(f"{child.program.name:8}| {line.decode(errors='replace')}")
        return bool(data)

    def restart_what_ended(self) -> None:
        now = time.monotonic()
        for child in list(self.children.values()):
            if child.restart_at is not None:
                if now >= child.restart_at:
                    self.start(child.program, quick_ends=child.quick_ends)
            elif child.process.poll() is not None:
                self.bury(child)
                self.plan_restart(child, now=now)

    def plan_restart(self, child: Child, *, now: float) -> None:
        if child.program.runs_once:
            del self.children[child.program.name]
            return
        settled = now - child.started_at > SETTLED_SECONDS
        child.quick_ends = 1 if settled else child.quick_ends + 1
        wait = min(2 ** (child.quick_ends - 1), LONGEST_BACK_OFF_SECONDS)
        child.restart_at = now + wait
        code = child.process.returncode
        self.say(f"{child.program.name:8}| ended (code {code}); starts again in {wait} s")

    def bury(self, child: Child) -> None:
        """Take away what a dead child left: processes of its session and unread output."""
        send_signal(child, signal.SIGKILL, to_session=True)
        while self.read_lines(child):
            pass
        if child.process.stdout and not child.process.stdout.closed:
            self.selector.unregister(child.process.stdout)
            child.process.stdout.close()

    def stop(self) -> None:
        """Stop everything, stage by stage; what outlives its grace is killed."""
        for stage in sorted({child.program.stop_stage for child in self.children.values()}):
            running = [
                child
                for child in self.children.values()
                if child.program.stop_stage == stage and child.restart_at is None
            ]
            self.stop_stage(running)

    def stop_stage(self, running: list[Child]) -> None:
        for child in running:
            send_signal(child, signal.SIGTERM)
        asked_at = time.monotonic()
        while any(
            child.process.poll() is None
            and time.monotonic() - asked_at < child.program.grace_seconds
            for child in running
        ):
            self.pass_output_on(PAUSE_SECONDS)
        for child in running:
            send_signal(child, signal.SIGKILL, to_session=True)
            child.process.wait()
            self.bury(child)

    def kill_all(self) -> None:
        for child in self.children.values():
            send_signal(child, signal.SIGKILL, to_session=True)


def send_signal(child: Child, signum: int, *, to_session: bool = False) -> None:
    """Signal the child, or all that its session still holds (a session's id is its leader's)."""
    try:
        if to_session:
            os.killpg(child.process.pid, signum)
        else:
            child.process.send_signal(signum)
    except ProcessLookupError:
        pass
