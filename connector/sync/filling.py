"""The first fill of a module, and every later one from the start: page by page, resumable."""

from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from connector.models import MirroredKey, MirroredPerson
from connector.people.person import read_moment
from connector.sync.counting import note_expected
from connector.sync.drafting import Draft
from connector.sync.ends import Portion
from connector.sync.hiding import hide_people
from connector.sync.portions import read_ahead
from connector.sync.storing import store_drafts
from connector.sync.work import Work
from connector.zoho.pages import list_page

BEFORE_EVERYTHING = timedelta(days=1)
CREDITS_ASKED_EVERY = 10
"""Pages."""
FROM_BOTH_ENDS = {"page_token": "", "last_zoho_id": "", "upper_page_token": "", "upper_zoho_id": ""}


def is_needed(work: Work) -> bool:
    """At first, after an interruption, and when other fields are to be mirrored."""
    mirror = work.mirror
    begun = mirror.filled_at is None or mirror.fill_started_at is not None
    return begun or mirror.fields_digest != work.fields_digest


def fill(work: Work) -> None:
    """Read and store everything, from where an earlier try stopped. Raises ZohoError, LeaseLost."""
    if work.mirror.fill_started_at is None or work.mirror.fields_digest != work.fields_digest:
        if work.mirror.records:
            hide_people(work)
        begin(work)
    mirror = work.mirror
    work.lease.write(resumed_at=timezone.now(), resumed_records=mirror.records)
    with closing(read_ahead(work)) as portions:
        for portion, draft in portions:
            if work.mirror.pages % CREDITS_ASKED_EVERY == 0:
                work.check_credits()
            keep(work, portion, draft())
    finish(work)


def begin(work: Work) -> None:
    """Changes are followed from the newest moment that Zoho's own clock has on a record."""
    newest = list_page(
        work.client,
        module=work.module,
        fields=["Modified_Time"],
        sort_by="Modified_Time",
        order="desc",
        per_page=1,
    ).rows
    seen = read_moment(newest[0].get("Modified_Time")) if newest else None
    now = timezone.now()
    since = seen or now - BEFORE_EVERYTHING
    first = {} if work.mirror.filled_at else {"readings": work.digests}
    expected = work.mirror.records if work.mirror.filled_at else None
    work.lease.write(
        fill_started_at=now,
        **FROM_BOTH_ENDS,
        pages=0,
        records=0,
        expected=expected,
        fields_digest=work.fields_digest,
        changed_until=since,
        deleted_until=since,
        is_absent=False,
        **first,
    )


def keep(work: Work, portion: Portion, drafts: list[Draft]) -> None:
    store_drafts(drafts, rows=portion.rows, terms=work.terms, organisation=work.organisation)
    work.lease.write(
        **portion.reached,
        pages=work.mirror.pages + 1,
        records=work.mirror.records + len(portion.rows),
    )
    if not portion.is_last:
        note_expected(work)


def finish(work: Work) -> None:
    """What Zoho did not list any more is gone."""
    mirror = work.mirror
    drop_unseen(work, before=mirror.fill_started_at or timezone.now())
    now = timezone.now()
    work.lease.write(
        filled_at=now,
        compared_at=now,
        fill_started_at=None,
        **FROM_BOTH_ENDS,
        readings=[digest for digest in mirror.readings if digest in work.digests],
    )


def drop_unseen(work: Work, *, before: datetime, **only: Any) -> int:
    gone = MirroredPerson.objects.filter(
        organisation=work.organisation, module=work.module, seen_at__lt=before, **only
    )
    MirroredKey.objects.filter(person__in=gone).delete()
    return gone.delete()[1].get("connector.MirroredPerson", 0)
