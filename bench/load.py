"""Load over kept connections: how many requests a second, how long each took, what CPU it cost."""

import asyncio
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import TypeVar

TICKS = os.sysconf("SC_CLK_TCK")
Way = TypeVar("Way", bound=Hashable)


@dataclass
class Round:
    """Seconds of each request, and the CPU seconds of the server meanwhile."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    failed: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Round") -> None:
        self.took += other.took
        self.seconds += other.seconds
        self.cpu += other.cpu
        self.failed += other.failed

    def tell_failed(self) -> str:
        """How many, and with which first lines."""
        lines = ", ".join(f"{line}: {number}" for line, number in self.failed.items())
        return f"{self.failed.total()} {lines}".strip()

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    @property
    def cpu_ms(self) -> float:
        return self.cpu / len(self.took) * 1000

    def quantile(self, part: float) -> float:
        """In milliseconds."""
        return sorted(self.took)[min(int(len(self.took) * part), len(self.took) - 1)] * 1000

    @property
    def median(self) -> float:
        return statistics.median(self.took) * 1000


def build_requests(path: str, bodies: list[bytes], *, key: str) -> list[bytes]:
    return [
        b"POST %s HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: %s\r\nContent-Type: application/json"
        b"\r\nX-Template-Version: 3\r\nContent-Length: %d\r\n\r\n%s"
        % (path.encode(), key.encode(), len(body), body)
        for body in bodies
    ]


def run_round(
    requests: list[bytes], *, port: int, connections: int, seconds: float, pids: list[int]
) -> Round:
    before, started = read_cpu(pids), time.monotonic()
    done = asyncio.run(drive(requests, port=port, connections=connections, seconds=seconds))
    done.seconds = time.monotonic() - started
    done.cpu = read_cpu(pids) - before
    return done


def take_turns(ways: Mapping[Way, Callable[[], Round]], *, rounds: int) -> dict[Way, Round]:
    """A B A B, so that whatever else the machine does falls on all of them."""
    results = {way: Round() for way in ways}
    for number in range(rounds + 1):
        for way, run in ways.items():
            done = run()
            if number:  # the first round only warms up
                results[way].add(done)
    return results


async def drive(requests: list[bytes], *, port: int, connections: int, seconds: float) -> Round:
    result = Round()
    give_up_at = time.monotonic() + seconds
    step = max(len(requests) // connections, 1)
    jobs = [
        speak(cycle(requests[n * step :] + requests[: n * step]), port, give_up_at, result)
        for n in range(connections)
    ]
    await asyncio.gather(*jobs)
    return result


async def speak(requests: Iterator[bytes], port: int, give_up_at: float, result: Round) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < give_up_at:
        started = time.perf_counter()
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        result.took.append(time.perf_counter() - started)
        if not head.startswith(b"HTTP/1.1 2"):
            result.failed[head.split(b"\r\n", 1)[0].decode()] += 1
    writer.close()


def list_family(pid: int) -> list[int]:
    """A process and all its children."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += list_family(int(child))
    return found


def read_cpu(pids: list[int]) -> float:
    """User and system seconds of these processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def read_memory(pid: int) -> float:
    """MB of a process and its children; what they share counts once. 0 when one ends just now."""
    try:
        texts = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in list_family(pid)]
    except OSError:
        return 0.0
    lines = [line for text in texts for line in text.splitlines() if line.startswith("Pss:")]
    return sum(int(line.split()[1]) for line in lines) / 1024
