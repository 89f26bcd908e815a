"""A report that comes after its call was added from the PBX's call log: no second call."""

from datetime import timedelta

from django.utils import timezone

from journaling.correcting.late import complete_later
from journaling.models import Entry, Event
from journaling.trace import add_lines, note

TOLERANCE = timedelta(minutes=3)


def find_logged(event: Event) -> Event | None:
    """The row of the call log that this report is about, if no other report was."""
    if event.source != Event.Source.REPORT or not event.started_at or not event.call_type:
        return None
    rows = Event.objects.filter(
        connection_id=event.connection_id,
        source=Event.Source.CALL_LOG,
        report__isnull=True,
        number_key=event.number_key,
        call_type=event.call_type,
        started_at__gte=event.started_at - TOLERANCE,
        started_at__lte=event.started_at + TOLERANCE,
        extension__in=[event.extension, ""],
    )
    began_at = event.started_at
    return min(rows, key=lambda row: abs((row.started_at or began_at) - began_at), default=None)


def take_place(logged: Event, event: Event, *, look_again: timedelta) -> bool:
    """The report counts instead of the row; it waits while its call is being sent.

    False when the row has no entry yet: then the report settles as any other.
    """
    if logged.entry is None:
        Event.objects.filter(pk=logged.pk).update(report=event)
        return False
    if logged.entry.state in (Entry.State.SENDING, Entry.State.UNKNOWN):
        event.settle_at = timezone.now() + look_again
        return True
    Event.objects.filter(pk=logged.pk).update(report=event)
    event.entry = logged.entry
    note(event.entry, "reported_later", event=str(event.pk))
    Entry.objects.filter(pk=event.entry.pk).update(trace=add_lines(event.entry))
    if event.entry.state == Entry.State.DELIVERED:
        complete_later(event.entry)
    return True
