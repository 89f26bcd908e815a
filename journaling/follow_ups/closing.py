"""An answered call, in either direction, ends what was to be followed up."""

from django.db.models import QuerySet
from django.utils import timezone

from connector.threecx.reports import CallType
from journaling import entries
from journaling.correcting.late import make_correction
from journaling.models import Entry, Event

ANSWERED = (CallType.INBOUND, CallType.OUTBOUND)


def list_open(row: Entry | Event) -> QuerySet[Entry]:
    """Tasks for this number that no call has closed yet."""
    return (
        Entry.objects.filter(
            connection_id=row.connection_id,
            number_key=row.number_key,
            kind=Entry.Kind.FOLLOW_UP,
        )
        .exclude(state=Entry.State.LEFT_OUT)
        .exclude(followers__kind=Entry.Kind.CLOSING)
    )


def close_follow_ups(row: Entry | Event) -> None:
    """One that is not written stays unwritten; one in Zoho is closed by a correction.

    In the transaction that settles the answered leg, or that makes the call an answered one.
    """
    if row.call_type not in ANSWERED or not row.number_key or not row.started_at:
        return
    ended_at = row.ended_at or row.started_at
    for task in list_open(row).filter(started_at__lte=ended_at):
        if not entries.leave_out_unsent(task, reason="caller_reached"):
            facts: dict[str, object] = {"agent": row.extension, "at": timezone.now().isoformat()}
            make_correction(task, kind=Entry.Kind.CLOSING, facts=facts)
