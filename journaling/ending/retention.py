"""Delete what is older than a connection promises, in small batches.

What is not in Zoho yet or waits for a person stays whole. Of a report the row stays as long as its
call, without its body, so that a repeat is recognised.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from connector.models import Connection, RefusedKnock
from journaling.call_log.erased import ADDS_BACK
from journaling.lanes import hold_lane
from journaling.models import (
    Attempt,
    AttemptVerdict,
    CreatedPerson,
    Entry,
    ErasedNumber,
    Event,
    EventVersion,
    JournalSettings,
    Reconciliation,
)

BATCH = 200
MOST_SECONDS = 30
BREATH = 0.02
"""Between two batches, for whoever else wants to write."""
GIVEN_BACK_AFTER = timedelta(days=1)

LANE = "retention"
FINISHED = (Entry.State.DELIVERED, Entry.State.LEFT_OUT)

Step = Callable[[JournalSettings, datetime], int]


def purge_connection(connection_id: int) -> None:
    """For at most half a minute; what is left goes next time."""
    give_up_at = time.monotonic() + MOST_SECONDS
    with hold_lane(connection_id=connection_id, module=LANE) as lease:
        rules = JournalSettings.objects.select_related("connection")
        settings = rules.filter(connection=connection_id).first() if lease else None
        for step in STEPS if settings else ():
            while settings and time.monotonic() < give_up_at and step(settings, timezone.now()):
                time.sleep(BREATH)


def list_finished(connection_id: int) -> QuerySet[Entry]:
    """Entries that nothing will be sent for any more."""
    unfinished = Entry.objects.filter(after=OuterRef("pk")).exclude(state__in=FINISHED)
    return Entry.objects.filter(
        ~Exists(unfinished), connection=connection_id, state__in=FINISHED
    ).exclude(pk__in=list_to_be_removed(connection_id))


def list_to_be_removed(connection_id: int) -> list[int]:
    """Missed calls that a correction still wants to delete in Zoho."""
    removals = Entry.objects.filter(connection=connection_id, kind=Entry.Kind.REMOVAL)
    facts = removals.exclude(state__in=FINISHED).values_list("record", flat=True)
    return [fact["entry"] for fact in facts if fact]


def delete_bodies(settings: JournalSettings, now: datetime) -> int:
    """Of raw reports and their further versions; a body holds texts, so it ends with them."""
    days = min(settings.keep_reports_days, settings.keep_texts_days)
    settled = list_finished(settings.connection_id).filter(pk=OuterRef("entry"))
    brings_more = EventVersion.objects.filter(event=OuterRef("pk"), is_new=True)
    old = Event.objects.filter(
        Exists(settled),
        ~Exists(brings_more),
        connection=settings.connection_id,
        received_at__lt=now - timedelta(days=days),
        body_deleted_at__isnull=True,
    )
    ids = list(old.order_by("received_at").values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        EventVersion.objects.filter(event__in=ids).delete()
        Event.objects.filter(pk__in=ids).update(body=b"", body_deleted_at=now)
    return len(ids)


def delete_texts(settings: JournalSettings, now: datetime) -> int:
    """What was written to Zoho, and Zoho's words."""
    old = list_finished(settings.connection_id).filter(
        created_at__lt=now - timedelta(days=settings.keep_texts_days),
        texts_deleted_at__isnull=True,
    )
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    return Entry.objects.filter(pk__in=ids, state__in=FINISHED).update(
        record=None, words="", texts_deleted_at=now
    )


def delete_attempts(settings: JournalSettings, now: datetime) -> int:
    unfinished = AttemptVerdict.objects.filter(attempt=OuterRef("pk"))
    old = Attempt.objects.filter(
        ~Exists(unfinished.exclude(entry__state__in=FINISHED)),
        connection=settings.connection_id,
        sent_at__lt=now - timedelta(days=settings.keep_attempts_days),
    )
    ids = list(old.order_by("sent_at").values_list("pk", flat=True)[:BATCH])
    Attempt.objects.filter(pk__in=ids).delete()
    return len(ids)


def delete_entries(settings: JournalSettings, now: datetime) -> int:
    """With their reports. What comes after another entry goes before it."""
    since = now - timedelta(days=settings.keep_entries_days)
    followers = Entry.objects.filter(after=OuterRef("pk"))
    old = list_finished(settings.connection_id).filter(
        Q(delivered_at__isnull=True) | Q(delivered_at__lt=since),
        ~Exists(followers),
        created_at__lt=since,
    )
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        # A report without its entry would be taken for a new one.
        Event.objects.filter(entry__in=ids).delete()
        Entry.objects.filter(pk__in=ids, state__in=FINISHED).delete()
    return len(ids)


def delete_created(settings: JournalSettings, now: datetime) -> int:
    """Who was created long ago is known by the directory; a claim given back says nothing."""
    rows = CreatedPerson.objects.filter(connection=settings.connection_id)
    rows.filter(
        ~Q(zoho_id=""), created_at__lt=now - timedelta(days=settings.keep_entries_days)
    ).delete()
    rows.filter(
        zoho_id="", claim=None, is_unsure=False, created_at__lt=now - GIVEN_BACK_AFTER
    ).delete()
    return 0


def delete_knocks(settings: JournalSettings, now: datetime) -> int:
    slug = Connection.objects.values_list("slug", flat=True).get(pk=settings.connection_id)
    since = now - timedelta(days=settings.keep_knocks_days)
    RefusedKnock.objects.filter(slug=slug, last_at__lt=since).delete()
    return 0


def delete_comparisons(settings: JournalSettings, now: datetime) -> int:
    """Days of the page “Proof”; what is missing stands there with its number."""
    rows = Reconciliation.objects.filter(connection=settings.connection_id)
    rows.filter(day__lt=(now - timedelta(days=settings.keep_entries_days)).date()).delete()
    return 0


def delete_erased(settings: JournalSettings, now: datetime) -> int:
    """The comparison with the PBX's call log looks no further back."""
    rows = ErasedNumber.objects.filter(connection=settings.connection_id)
    rows.filter(erased_at__lt=now - ADDS_BACK).delete()
    return 0


STEPS: tuple[Step, ...] = (
    delete_bodies,
    delete_texts,
    delete_attempts,
    delete_entries,
    delete_created,
    delete_knocks,
    delete_comparisons,
    delete_erased,
)
