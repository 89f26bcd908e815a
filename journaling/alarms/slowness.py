"""Whether callers are named too late: the lookups of the last minutes, of all processes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.counting import tallies
from connector.models import Pulse

PULSE = "lookups"
WINDOW = timedelta(minutes=5)
SLOW_SECONDS = 2.0
"""3CX shows a name that comes later to nobody."""
FEWEST = 10
MOST_SLOW = 0.1


@dataclass(frozen=True, kw_only=True)
class Window:
    """Lookups of one window, and how many of them were slow."""

    number: int
    slow: int

    @property
    def is_bad(self) -> bool:
        return self.number >= FEWEST and self.slow > self.number * MOST_SLOW


def note_lookups(*, now: datetime) -> None:
    """Close the window when its time is over; sums only grow, so two of them make a window."""
    last = Pulse.objects.filter(name=PULSE).first()
    if last and last.at > now - WINDOW:
        return
    number, slow = sum_up()
    before = last.facts if last else {"number": number, "slow": slow}
    facts = {
        "number": number,
        "slow": slow,
        "window": [max(number - before["number"], 0), max(slow - before["slow"], 0)],
    }
    Pulse.objects.update_or_create(name=PULSE, defaults={"at": now, "facts": facts})


def sum_up() -> tuple[int, int]:
    buckets = {row["le"]: value for row, value in tallies.read().get("lookup_seconds", [])}
    counted = {end: value for end, value in buckets.items() if end != "sum"}
    slow = sum(value for end, value in counted.items() if float(end) > SLOW_SECONDS)
    return int(sum(counted.values())), int(slow)


def read_window() -> Window:
    pulse = Pulse.objects.filter(name=PULSE).first()
    number, slow = pulse.facts["window"] if pulse else (0, 0)
    return Window(number=number, slow=slow)
