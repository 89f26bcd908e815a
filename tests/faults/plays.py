"""What happens at the PBX: every kind of call, some in several parts, and chats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from connector.sandbox.pbx.happenings import Call, Chat, Extension, Leg
from connector.sandbox.pbx.plays import WITHHELD, mix_plays

STAFF = (
    Extension(number="101", email="ann@acme.example"),
    Extension(number="102", email="ben@acme.example"),
)
ANSWERED = ("Inbound", "Outbound")
KINDS = ("alone",) * 5 + ("ringing", "transferred", "ringing and transferred")


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report of the PBX; a late one comes up to ten minutes after the part before it."""

    what: Call | Chat
    leg: Leg | None = None
    is_late: bool = False


def plan_reports(*, calls: int, chats: int, seed: int, now: datetime) -> list[Report]:
    """In the order in which they are posted; the same seed gives the same ones before `now`."""
    random = Random(seed)
    mixed = mix_plays(STAFF, calls=calls, chats=chats, seed=seed, now=now)
    plays = [vary(one, number=number, random=random) for number, one in enumerate(mixed)]
    plays = drop_coincidences(plays)
    random.shuffle(plays)
    return list(order_reports(plays, random=random))


def vary(one: Call | Chat, *, number: int, random: Random) -> Call | Chat:
    """Tell chats apart by their text, and give some calls several legs."""
    if isinstance(one, Chat):
        return replace(one, messages=f"Visitor: question {number} 👋\nAgent: Hello.")
    kind = random.choice(KINDS)
    [first] = one.legs
    other = next(person for person in STAFF if person != first.extension)
    legs = [first]
    withheld = one.number in WITHHELD
    if kind.startswith("ringing") and one.direction == "Inbound" and (one.queue or not withheld):
        beside = replace(first, type="Missed", extension=other, seconds=random.randint(5, 15))
        legs = [beside, replace(first, started_at=first.started_at + make_gap(random, 4))]
    if kind.endswith("transferred") and first.type in ANSWERED and not withheld:
        start = legs[-1].ended_at + make_gap(random, 2)
        legs.append(Leg(type=first.type, extension=other, started_at=start, seconds=30))
    return replace(one, legs=tuple(legs))


def make_gap(random: Random, most: int) -> timedelta:
    return timedelta(seconds=random.randint(0, most))


def drop_coincidences(plays: Sequence[Call | Chat]) -> list[Call | Chat]:
    """Without calls that chance lets look like parts of another one: the portal joins those."""
    taken: dict[datetime, None] = {}
    moments: dict[str, list[datetime]] = {}
    kept: list[Call | Chat] = []
    for one in plays:
        if isinstance(one, Call):
            near = moments.setdefault(one.number, [])
            starts = [leg.started_at for leg in one.legs]
            ours = starts + [leg.ended_at for leg in one.legs]
            if any(start in taken for start in starts) or are_near(ours, near):
                continue
            taken |= dict.fromkeys(starts)
            near += ours
        kept.append(one)
    return kept


def are_near(ours: Sequence[datetime], others: Sequence[datetime]) -> bool:
    return any(abs((a - b).total_seconds()) <= 5 for a in ours for b in others)


def order_reports(plays: Sequence[Call | Chat], *, random: Random) -> Iterator[Report]:
    """Parts of a call in any order, one after the other or with many other reports between."""
    held: list[tuple[int, Report]] = []
    for place, one in enumerate(plays):
        legs: list[Leg | None] = list(one.legs) if isinstance(one, Call) else [None]
        random.shuffle(legs)
        first, *rest = legs
        yield Report(what=one, leg=first)
        for leg in rest:
            if random.random() < 0.5:
                yield Report(what=one, leg=leg)
            else:
                due = place + random.randint(3, 40)
                held.append((due, Report(what=one, leg=leg, is_late=True)))
        yield from (report for due, report in held if due == place)
    yield from (report for due, report in held if due >= len(plays))
