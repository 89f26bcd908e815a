"""How far the mirror of an organisation is, for the command line and the admin."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from connector.models import Mirror, MirroredPerson, ZohoOrganisation
from connector.people.fields import MODULES


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One module. `state` is "empty", "filling", "complete" or "absent"; moments in ISO 8601.

    `read` and `pages` count the fill that runs or ran last, `rate` its records per second.
    `expected` is about how many it will read, `seconds_left` how long that takes; None when
    nobody knows (yet).
    """

    module: str
    state: str
    people: int
    read: int
    pages: int
    rate: float
    expected: int | None
    seconds_left: int | None
    filled_at: str
    synced_at: str
    trouble: str


def describe_directory(organisation: ZohoOrganisation) -> list[Standing]:
    """One row for each module, in their usual order."""
    rows = {mirror.module: mirror for mirror in Mirror.objects.filter(organisation=organisation)}
    return [describe_mirror(rows[module]) for module in MODULES if module in rows]


def describe_mirror(mirror: Mirror) -> Standing:
    people = MirroredPerson.objects.filter(
        organisation_id=mirror.organisation_id, module=mirror.module
    )
    return Standing(
        module=mirror.module,
        state=name_state(mirror),
        people=people.count(),
        read=mirror.records,
        pages=mirror.pages,
        rate=measure_rate(mirror),
        expected=mirror.expected,
        seconds_left=estimate_seconds(mirror),
        filled_at=mirror.filled_at.isoformat() if mirror.filled_at else "",
        synced_at=mirror.synced_at.isoformat() if mirror.synced_at else "",
        trouble=str(mirror.trouble),
    )


def name_state(mirror: Mirror) -> str:
    if mirror.is_absent:
        return "absent"
    if mirror.fill_started_at:
        return "filling"
    return "complete" if mirror.filled_at else "empty"


def measure_rate(mirror: Mirror) -> float:
    """Of this run: a fill may have stood still since yesterday."""
    began_at = mirror.resumed_at or mirror.fill_started_at
    if not mirror.fill_started_at or not began_at:
        return 0.0
    read = max(mirror.records - mirror.resumed_records, 0)
    return round(read / max((timezone.now() - began_at).total_seconds(), 0.1), 1)


def estimate_seconds(mirror: Mirror) -> int | None:
    rate = measure_rate(mirror)
    if not rate or not mirror.expected:
        return None
    return round(max(mirror.expected - mirror.records, 0) / rate)


def as_json(standings: list[Standing]) -> list[dict[str, Any]]:
    return [asdict(standing) for standing in standings]
