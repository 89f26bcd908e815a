"""How far the mirror of an organisation is, for the command line and the admin."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from connector.models import Mirror, MirroredPerson, ZohoOrganisation
from connector.people import MODULES


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One module. `state` is "empty", "filling", "complete" or "absent"; moments in ISO 8601.

    `read` and `pages` count the fill that runs or ran last, `rate` its records per second.
    """

    module: str
    state: str
    people: int
    read: int
    pages: int
    rate: float
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
        filled_at=mirror.filled_at.isoformat() if mirror.filled_at else "",
        synced_at=mirror.synced_at.isoformat() if mirror.synced_at else "",
        trouble=mirror.trouble,
    )


def name_state(mirror: Mirror) -> str:
    if mirror.is_absent:
        return "absent"
    if mirror.fill_started_at:
        return "filling"
    return "complete" if mirror.filled_at else "empty"


def measure_rate(mirror: Mirror) -> float:
    if not mirror.fill_started_at:
        return 0.0
    seconds = (timezone.now() - mirror.fill_started_at).total_seconds()
    return round(mirror.records / max(seconds, 0.1), 1)


def is_complete(organisation: ZohoOrganisation) -> bool:
    """Whether everybody of the organisation is here."""
    states = [standing.state for standing in describe_directory(organisation)]
    return len(states) == len(MODULES) and set(states) <= {"complete", "absent"}


def as_json(standings: list[Standing]) -> list[dict[str, Any]]:
    return [asdict(standing) for standing in standings]
