"""Which legs are parts of one call.

The PBX posts one report per agent leg and no call id, so legs are recognised by their facts:
the same connection, direction and number, and either starts within 5 s of each other with the
same queue (or one without), or an answered leg that starts within 2 s of another's end (a
transfer). Mere overlap never joins: it would swallow real calls.
"""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from connector.phones import NumberRules, read_number
from connector.threecx.reports import CallType
from journaling.models import Entry, Event, JournalSettings

SAME_START = timedelta(seconds=5)
TRANSFER_GAP = timedelta(seconds=2)
SEARCH_WINDOW = timedelta(hours=4)
"""How far before a leg the call may have begun that it belongs to."""

ANSWERED = {CallType.INBOUND, CallType.OUTBOUND}
OUTGOING = {CallType.OUTBOUND, CallType.NOTANSWERED}


def find_calls(event: Event, *, legs: str, rules: NumberRules) -> list[Entry]:
    """The calls that this leg belongs to, of which legs came before; the answered ones first, since
    a missed call and its answered part may both stand in Zoho.

    Several are one call of which this leg is the missing link.
    """
    if legs == JournalSettings.Legs.ONE_PER_LEG or not event.started_at or not event.ended_at:
        return []
    neighbours = list_neighbours(event)
    if legs == JournalSettings.Legs.ONE_PER_ANSWERED_LEG and event.call_type in ANSWERED:
        neighbours = neighbours.exclude(entry__call_type__in=ANSWERED)
    is_real = read_number(event.number, rules).can_match
    fitting = {
        other.entry.pk: other.entry
        for other in neighbours.select_related("entry").order_by("received_at")
        if other.entry and belong_together(event, other, is_real=is_real)
    }
    latest_first = list(reversed(fitting.values()))
    return sorted(latest_first, key=lambda entry: entry.call_type not in ANSWERED)


def find_logged_call(event: Event, *, legs: str) -> Entry | None:
    """The entry of another part that has the same id in the PBX's call log."""
    if not event.pbx_call_id or legs != JournalSettings.Legs.ONE_PER_CALL:
        return None
    parts = Event.objects.filter(
        connection_id=event.connection_id, pbx_call_id=event.pbx_call_id, entry__isnull=False
    ).exclude(entry__state=Entry.State.LEFT_OUT)
    part = parts.select_related("entry").order_by("received_at").first()
    return part.entry if part else None


def list_neighbours(event: Event) -> QuerySet[Event]:
    started_at, ended_at = read_times(event)
    same_direction = Q(call_type__in=OUTGOING)
    if event.call_type not in OUTGOING:
        same_direction = ~same_direction
    return (
        Event.objects.filter(
            same_direction,
            connection_id=event.connection_id,
            kind=Event.Kind.CALL,
            number_key=event.number_key,
            started_at__gte=started_at - SEARCH_WINDOW,
            started_at__lte=ended_at + SAME_START,
            entry__isnull=False,
        )
        .exclude(entry__state=Entry.State.LEFT_OUT)
        .exclude(entry__is_trial=True)
    )


def belong_together(leg: Event, other: Event, *, is_real: bool) -> bool:
    """Whether two legs with the same number and direction are parts of one call.

    `is_real` is False for withheld numbers and for fillers such as 000000, which tell nobody apart.
    """
    began, ended = read_times(leg)
    other_began, other_ended = read_times(other)
    if abs(began - other_began) <= SAME_START:
        if not is_real:
            return bool(leg.queue) and leg.queue == other.queue
        return leg.queue == other.queue or not (leg.queue and other.queue)
    if not is_real or not {leg.call_type, other.call_type} <= ANSWERED:
        return False
    return min(abs(began - other_ended), abs(other_began - ended)) <= TRANSFER_GAP


def read_times(event: Event) -> tuple[datetime, datetime]:
    """Start and end of a readable report; a row without them counts from its arrival."""
    return event.started_at or event.received_at, event.ended_at or event.received_at
