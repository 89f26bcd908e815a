"""The journal in figures: what scripts, the dashboard and monitoring ask for."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from connector.models import Connection
from journaling.models import Entry, Event

State = Entry.State
REPORTED = [Entry.Kind.CALL, Entry.Kind.CHAT, Entry.Kind.REPORT]


def describe_journal(*, slugs: list[str] | None = None) -> dict[str, dict[str, Any]]:
    """By slug: waiting, sending, delivered, parked, left_out, oldest_waiting_seconds,
    parked_by_reason.

    `waiting` is everything still to go: reports without an entry yet, calls that are settling, due
    later, of unknown outcome, or on hold. `delivered` and `left_out` count what the PBX reported,
    not the notes and completed texts that followed from it.
    """
    connections = Connection.objects.order_by("slug")
    if slugs:
        connections = connections.filter(slug__in=slugs)
    now = timezone.now()
    return {connection.slug: describe_connection(connection, now=now) for connection in connections}


def describe_connection(connection: Connection, *, now: datetime) -> dict[str, Any]:
    entries = Entry.objects.filter(connection=connection)
    by_state = count_by_state(entries)
    reported = count_by_state(entries.filter(kind__in=REPORTED))
    to_go = [State.SETTLING, State.WAITING, State.UNKNOWN]
    new = Event.objects.filter(connection=connection, entry__isnull=True)
    fresh = new.aggregate(count=Count("pk"), oldest=Min("received_at"))
    oldest = entries.filter(Q(state__in=[*to_go, State.SENDING])).aggregate(at=Min("created_at"))
    moments = [moment for moment in (fresh["oldest"], oldest["at"]) if moment]
    parked = entries.filter(state=State.PARKED).order_by()
    return {
        "waiting": sum(by_state.get(state, 0) for state in to_go) + fresh["count"],
        "sending": by_state.get(State.SENDING, 0),
        "delivered": reported.get(State.DELIVERED, 0),
        "parked": by_state.get(State.PARKED, 0),
        "left_out": reported.get(State.LEFT_OUT, 0),
        "oldest_waiting_seconds": int((now - min(moments)).total_seconds()) if moments else None,
        "parked_by_reason": dict(parked.values_list("reason").annotate(Count("pk"))),
    }


def count_by_state(entries: QuerySet[Entry]) -> dict[str, int]:
    return dict(entries.order_by().values_list("state").annotate(Count("pk")))
