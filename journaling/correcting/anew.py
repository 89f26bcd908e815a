"""A record in Zoho is written anew with another owner or kind, which Zoho lets nobody change.

The new record stands there before the old one is deleted; corrector.py does that, as for a missed
call whose answered part came late.
"""

from django.db import transaction
from django.utils import timezone

from journaling import entries
from journaling.correcting.chosen import WRITTEN_ANEW, Chosen
from journaling.correcting.late import make_correction
from journaling.follow_ups.closing import close_follow_ups
from journaling.followers import MODULES as FOLLOWER_MODULES
from journaling.models import Entry
from journaling.references import offer_references
from journaling.settle import lock_settling, make_settling_lane
from journaling.trace import add_lines, note

State, Kind = Entry.State, Entry.Kind
FINISHED = (State.DELIVERED, State.LEFT_OUT)


def may_write_anew(entry: Entry) -> bool:
    """It is in Zoho, its reports are still there, and nothing else is being changed about it."""
    if entry.state != State.DELIVERED or entry.kind not in (Kind.CALL, Kind.CHAT):
        return False
    changing = entry.followers.filter(kind=Kind.COMPLETION).exclude(state__in=FINISHED)
    bodiless = entry.events.filter(body_deleted_at__isnull=False)
    return (
        not entry.is_trial
        and entry.events.exists()
        and not bodiless.exists()
        and not changing.exists()
    )


def write_anew(entry: Entry, *, chosen: Chosen, by: str) -> Entry | None:
    """The new call or chat, due at once; None when something happened to the old one meanwhile.

    Reports and follow-up tasks go over to it, so that what comes later finds it.
    """
    make_settling_lane(entry.connection)
    with transaction.atomic():
        lock_settling(entry.connection)
        former = Entry.objects.select_for_update().get(pk=entry.pk)
        if not may_write_anew(former):
            return None
        fresh = draft_anew(former, chosen=chosen, by=by)
        fresh.save(force_insert=True)
        former.events.update(entry=fresh)
        note(former, "written_anew_as", by=by, reference=fresh.reference)
        Entry.objects.filter(pk=former.pk).update(trace=add_lines(former))
        make_correction(fresh, kind=Kind.REMOVAL, facts={"entry": former.pk, "anew": True})
        hand_over_followers(former, fresh)
    return fresh


def draft_anew(former: Entry, *, chosen: Chosen, by: str) -> Entry:
    fresh = Entry(
        connection_id=former.connection_id,
        kind=former.kind,
        module=former.module,
        reference=next(offer_references(former, kind=WRITTEN_ANEW)),
        state=State.WAITING,
        after=former,
        next_attempt_at=timezone.now(),
        call_type=chosen.call_type or former.call_type,
        number=former.number,
        number_key=former.number_key,
        person=former.person,
        extension=former.extension,
        queue=former.queue,
        started_at=former.started_at,
        ended_at=former.ended_at,
    )
    note(fresh, WRITTEN_ANEW, by=by, reference=former.reference, owner=chosen.owner,
         zoho_id=chosen.owner_zoho_id, type=chosen.call_type)  # fmt: skip
    return fresh


def hand_over_followers(former: Entry, fresh: Entry) -> None:
    """Notes that still wait would go to a record that is deleted; the new one brings its own."""
    for follower in former.followers.filter(kind__in=FOLLOWER_MODULES, state=State.WAITING):
        entries.leave_out_unsent(follower, reason=WRITTEN_ANEW)
    former.followers.filter(kind=Kind.FOLLOW_UP).update(after=fresh)
    if fresh.call_type != former.call_type:
        close_follow_ups(fresh)
