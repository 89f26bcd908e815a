"""What moves: workers, beat, and whether the portal may speak at all."""

from collections.abc import Iterator

from connector.counting.pulses import read_life
from connector.silence import find_silence
from journaling.doctor.verdicts import State, Verdict, judge, warn
from journaling.operating.broker import find_trouble
from journaling.operating.engine import find_engine_trouble
from journaling.operating.workers import ask_workers


def check_life() -> Iterator[Verdict]:
    life = read_life()
    broker_trouble = find_trouble()
    workers = [] if broker_trouble else ask_workers()
    trouble = find_engine_trouble(life=life, broker_trouble=broker_trouble, answering=len(workers))
    yield judge(
        "workers and beat",
        trouble=trouble.words if trouble else "",
        remedy=trouble.remedy if trouble else "",
        fine=f"{len(workers)} answer ({', '.join(worker.name for worker in workers)}), beat ticks",
    )
    if silence := find_silence():
        yield warn("silence", reason=str(silence.words), remedy="Run: manage.py portal resume")
    else:
        yield Verdict(name="silence", state=State.GOOD, reason="the portal may send")
