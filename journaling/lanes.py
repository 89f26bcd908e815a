"""At most one delivery per connection and module: a lease on the lane's row."""

from contextlib import AbstractContextManager
from datetime import datetime

from django.db.models import Q, QuerySet

from connector.leases import Lease, hold
from connector.models import Connection
from connector.silence import is_silent
from journaling import entries
from journaling.correcting.late import list_new_versions
from journaling.models import Entry, Lane
from journaling.settle import list_new_events


def hold_lane(*, connection_id: int, module: str) -> AbstractContextManager[Lease[Lane] | None]:
    """Yields the lease, or None when another worker holds the lane."""
    lane, _ = Lane.objects.get_or_create(connection_id=connection_id, module=module)
    return hold(Lane.objects.filter(pk=lane.pk))


def free_lanes(*, connection_id: int) -> None:
    """A person says that the worker which holds them is dead."""
    Lane.objects.filter(connection_id=connection_id).update(claim=None, claimed_until=None)


def list_connections_to_settle() -> list[int]:
    """Connections with reports that have no entry yet, or bring something to an older one."""
    new = list_new_events().order_by().values_list("connection_id", flat=True)
    versions = list_new_versions().order_by().values_list("event__connection_id", flat=True)
    return sorted({*new.distinct(), *versions.distinct()})


def list_due_lanes(*, now: datetime) -> list[tuple[int, str]]:
    """(connection, module) with work that is due and that nobody delivers at the moment."""
    ready = list_ready_connections(now=now)
    due = (entries.list_due(now=now), entries.list_due_checks(now=now))
    wanted = {pair for query in due for pair in list_pairs(query.filter(connection__in=ready))}
    busy = Lane.objects.filter(claimed_until__gte=now).values_list("connection_id", "module")
    return sorted(wanted - set(busy))


def list_pairs(query: QuerySet[Entry]) -> list[tuple[int, str]]:
    return list(query.order_by().values_list("connection_id", "module").distinct())


def list_ready_connections(*, now: datetime) -> QuerySet[Connection]:
    """Neither held nor paused, authorised, and neither its access nor Zoho's organisation in
    trouble; none while the portal as a whole has to be silent."""
    if is_silent():
        return Connection.objects.none()
    return Connection.objects.filter(
        Q(grant__organisation__waits_until__isnull=True)
        | Q(grant__organisation__waits_until__lte=now),
        Q(grant__waits_until__isnull=True) | Q(grant__waits_until__lte=now),
        active=True,
        held_code="",
        paused_at__isnull=True,
        grant__isnull=False,
    )
