"""What comes after a call was written: corrections, each an Entry of its own.

They are made in the transaction that settles the late report, so that a kill loses none of them.
"""

from django.db.models import QuerySet
from django.utils import timezone

from connector.models import Connection
from journaling.models import Entry, EventVersion

State = Entry.State
MOST_VERSIONS = 500


def complete_later(entry: Entry, *, lines: tuple[str, ...] = ()) -> None:
    """Complete the text of a delivered entry. One correction is enough for all that waits."""
    waiting = Entry.objects.filter(
        after=entry, kind=Entry.Kind.COMPLETION, state=State.WAITING, claim__isnull=True
    )
    # The update locks the row: nobody claims it before our report can be seen.
    if lines or not waiting.update(next_attempt_at=timezone.now()):
        make_correction(entry, kind=Entry.Kind.COMPLETION, facts={"lines": list(lines)})


def replace_later(missed: Entry, *, by: Entry) -> None:
    """Once the answered part stands in Zoho, the missed call that we wrote goes."""
    if by.followers.filter(kind=Entry.Kind.REMOVAL, record__entry=missed.pk).exists():
        return
    make_correction(by, kind=Entry.Kind.REMOVAL, facts={"entry": missed.pk})


def make_correction(after: Entry, *, kind: str, facts: dict[str, object]) -> Entry:
    """Due as soon as `after` stands in Zoho."""
    return Entry.objects.create(
        connection_id=after.connection_id,
        kind=kind,
        module=Entry.CORRECTIONS,
        state=State.WAITING,
        after=after,
        next_attempt_at=timezone.now(),
        record=facts,
        number=after.number,
        number_key=after.number_key,
        person=after.person,
        extension=after.extension,
        started_at=after.started_at,
        ended_at=after.ended_at,
    )


def list_new_versions() -> QuerySet[EventVersion]:
    """Repeats that brought something, of reports whose entry is not just being sent."""
    settled = EventVersion.objects.filter(is_new=True, event__entry__isnull=False)
    return settled.exclude(event__entry__state__in=[State.SENDING, State.UNKNOWN])


def complete_new_versions(connection: Connection) -> None:
    """A recording or a summary that came after its call was written; before, composing sees it."""
    versions = list_new_versions().filter(event__connection=connection)
    chosen = list(versions.select_related("event__entry")[:MOST_VERSIONS])
    for entry in {version.event.entry for version in chosen}:
        if entry and entry.state == State.DELIVERED:
            complete_later(entry)
    EventVersion.objects.filter(pk__in=[version.pk for version in chosen]).update(is_new=False)
