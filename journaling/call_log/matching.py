"""Which calls of the PBX's log were reported. Pure: nothing is read or stored here."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connector.phones import NumberRules, read_number
from connector.threecx.call_log import LoggedCall
from connector.threecx.reports import CallType
from journaling.door import list_hashes

TOLERANCE = timedelta(minutes=3)
"""Between a call of the log and its report."""
SAME_CALL = timedelta(seconds=5)
"""Reports this close to a call's start are further legs of it."""
OTHER_PART = timedelta(seconds=30)
"""By how much another extension, or another outcome, makes a report less fitting."""
LONGEST_SHIFT = timedelta(hours=15)
SHIFT_STEP = timedelta(minutes=15)
FEWEST_SHIFTED = 3

ANSWERED = (CallType.INBOUND, CallType.OUTBOUND)
OUTGOING = (CallType.OUTBOUND, CallType.NOTANSWERED)
Key = tuple[str, bool | None]
"""The number as Event.number_key has it, and whether the call went out. Of a report that a rule
reduced at the door only the hash of the number is known, and no direction."""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """The reports of one call, as they were settled: one unit, one call at most. `is_answered`
    holds for reduced ones too: nothing is to be added to them."""

    key: Key
    started_at: datetime
    agents: frozenset[str]
    is_answered: bool
    event_ids: tuple[uuid.UUID, ...]


@dataclass
class Matched:
    """A call of the log and what was reported of it; nothing: it never was."""

    call: LoggedCall
    units: list[Reported] = field(default_factory=list)

    @property
    def lacks_answer(self) -> bool:
        """Somebody answered, and only those were reported who did not."""
        answered = any(leg.type in ANSWERED for leg in self.call.legs)
        return bool(self.units) and answered and not any(unit.is_answered for unit in self.units)


def match_calls(
    calls: Sequence[LoggedCall],
    units: Iterable[Reported],
    *,
    rules: NumberRules,
    shift: timedelta,
) -> list[Matched]:
    """Each unit goes to one call, the best fitting pairs first. `shift` mends the log's times."""
    by_key = group(units)
    matched = [Matched(call) for call in calls]
    pairs = [
        (cost, place, unit)
        for place, call in enumerate(calls)
        for key in (make_key(call, rules), *list_reduced_keys(call, rules))
        for unit in by_key[key]
        if (cost := weigh(call, unit, shift=shift)) is not None
    ]
    taken: set[int] = set()
    for _cost, place, unit in sorted(pairs, key=lambda pair: pair[:2]):
        one = matched[place]
        near = abs(unit.started_at - one.call.started_at - shift) <= SAME_CALL
        if id(unit) not in taken and (near or not one.units):
            taken.add(id(unit))
            one.units.append(unit)
    return matched


def weigh(call: LoggedCall, unit: Reported, *, shift: timedelta) -> timedelta | None:
    """How far apart they are; None when they cannot be the same call."""
    begins = [leg.started_at + shift for leg in call.legs]
    apart = min(abs(unit.started_at - begin) for begin in begins)
    if apart > TOLERANCE:
        return None
    agents = {leg.agent for leg in call.legs if leg.agent}
    if agents and unit.agents and not agents & unit.agents:
        apart += OTHER_PART
    if any(leg.type in ANSWERED for leg in call.legs) != unit.is_answered:
        apart += OTHER_PART
    return apart


def find_shift(
    calls: Sequence[LoggedCall], units: Iterable[Reported], *, rules: NumberRules
) -> timedelta:
    """By how much the log's times are off: whole quarters of an hour, nearly always zero.

    Some PBXs write local time as if it were UTC. Believed only when it explains more calls than
    no shift does, and at least half of them.
    """
    by_key = group(units)
    votes: Counter[timedelta] = Counter()
    for call in calls:
        if key := make_key(call, rules):
            votes.update(set(list_shifts(call, by_key[key])))
    if not votes:
        return timedelta()
    best, count = max(votes.items(), key=lambda vote: (vote[1], -abs(vote[0])))
    is_plain = count > votes[timedelta()] and count >= max(FEWEST_SHIFTED, len(calls) / 2)
    return best if is_plain else timedelta()


def list_shifts(call: LoggedCall, units: Iterable[Reported]) -> Iterator[timedelta]:
    for unit in units:
        apart = unit.started_at - call.started_at
        shift = round(apart / SHIFT_STEP) * SHIFT_STEP
        if abs(apart - shift) <= SAME_CALL and abs(shift) <= LONGEST_SHIFT:
            yield shift


def group(units: Iterable[Reported]) -> dict[Key, list[Reported]]:
    by_key: dict[Key, list[Reported]] = defaultdict(list)
    for unit in units:
        by_key[unit.key].append(unit)
    return by_key


def make_key(call: LoggedCall, rules: NumberRules) -> Key:
    return read_number(call.number, rules).key[:40], call.is_outgoing


def list_reduced_keys(call: LoggedCall, rules: NumberRules) -> list[Key]:
    return [(one[:40], None) for one in list_hashes(read_number(call.number, rules).key)]
