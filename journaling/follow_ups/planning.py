"""Whether a missed call becomes a task, and its Entry: one for each caller and episode.

An episode lasts until somebody reaches the caller, or somebody closes its task in Zoho.
"""

from django.db import transaction
from django.utils import timezone

from connector.models import Connection
from connector.phones import NumberKind, read_number
from connector.threecx.reports import CallType
from connector.zoho import records
from connector.zoho.client import ZohoClient
from journaling.follow_ups.closing import ANSWERED, list_open
from journaling.models import Entry, Lane
from journaling.references import offer_references
from journaling.trace import note

SETTLING_LANE = "settle"
COMPLETED = "Completed"


def is_follow_up_wanted(entry: Entry, *, connection: Connection) -> bool:
    return bool(
        connection.journal.follow_up_enabled
        and entry.kind == Entry.Kind.CALL
        and entry.call_type == CallType.MISSED
        and read_number(entry.number, connection.number_rules).kind == NumberKind.REAL
    )


def plan_follow_up(client: ZohoClient, entry: Entry, *, connection: Connection) -> None:
    """Make the task's Entry, due as soon as its missed call stands in Zoho. Raises ZohoError."""
    if not is_follow_up_wanted(entry, connection=connection):
        return
    if known := find_open(client, entry):
        if take_over(known, entry):
            note(entry, "follow_up_planned", reference=known.reference)
        elif known.after_id != entry.pk:
            note(entry, "follow_up_open", reference=known.reference)
        return
    with transaction.atomic():
        # Whoever settles an answered call of this number waits, and then sees the task.
        Lane.objects.get_or_create(connection=connection, module=SETTLING_LANE)
        Lane.objects.select_for_update().get(connection=connection, module=SETTLING_LANE)
        if was_reached(entry):
            note(entry, "follow_up_needless")
            return
        task = make_follow_up(entry)
        task.save(force_insert=True)
    note(entry, "follow_up_planned", reference=task.reference)


def foresee_follow_up(client: ZohoClient, entry: Entry, *, connection: Connection) -> Entry | None:
    """The task that would follow, not stored; the trace says why none does. Raises ZohoError."""
    if not is_follow_up_wanted(entry, connection=connection):
        return None
    known = find_open(client, entry)
    if known and known.after_id != entry.pk and not is_stuck(known):
        note(entry, "follow_up_open", reference=known.reference)
        return None
    if was_reached(entry):
        note(entry, "follow_up_needless")
        return None
    return make_follow_up(entry)


def take_over(task: Entry, call: Entry) -> bool:
    """A task whose own call does not get to Zoho comes after the caller's next one instead."""
    if task.after_id == call.pk or not is_stuck(task):
        return False
    unsent = Entry.objects.filter(pk=task.pk, state=Entry.State.WAITING, claim__isnull=True)
    return bool(unsent.update(after=call))


def is_stuck(task: Entry) -> bool:
    stuck = (Entry.State.PARKED, Entry.State.LEFT_OUT)
    return task.state == Entry.State.WAITING and bool(task.after and task.after.state in stuck)


def find_open(client: ZohoClient, entry: Entry) -> Entry | None:
    """The newest task for this number that nobody has closed, here or in Zoho."""
    known = list_open(entry).select_related("after").order_by("-pk").first()
    return known if known and is_open_in_zoho(client, known) else None


def is_open_in_zoho(client: ZohoClient, task: Entry) -> bool:
    """One that is not written yet is open; a task that is completed or gone ended its episode."""
    if task.state != Entry.State.DELIVERED:
        return True
    row = records.read_record(client, module=task.module, zoho_id=task.zoho_id, fields=["Status"])
    return row is not None and row.get("Status") != COMPLETED


def was_reached(entry: Entry) -> bool:
    """Whether somebody spoke with the caller since, in either direction."""
    return Entry.objects.filter(
        connection_id=entry.connection_id,
        number_key=entry.number_key,
        kind=Entry.Kind.CALL,
        call_type__in=ANSWERED,
        started_at__gte=entry.started_at,
    ).exists()


def make_follow_up(call: Entry) -> Entry:
    task = Entry(
        connection_id=call.connection_id,
        kind=Entry.Kind.FOLLOW_UP,
        module="Tasks",
        reference=next(offer_references(call, kind=Entry.Kind.FOLLOW_UP)),
        state=Entry.State.WAITING,
        after=call,
        ask_first=call.ask_first,
        next_attempt_at=timezone.now(),
        trigger=call.trigger,
        number=call.number,
        number_key=call.number_key,
        person=call.person,
        extension=call.extension,
        queue=call.queue,
        started_at=call.started_at,
        ended_at=call.ended_at,
        owner_zoho_id=call.owner_zoho_id,
    )
    note(task, "follow_up_of", reference=call.reference)
    return task
