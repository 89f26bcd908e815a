"""The first fill of a module, and every later one from the start: page by page, resumable.

Pages follow a token, which Zoho keeps for a day and for 100 000 records. Whatever ends it, COQL
goes on from the last id. The next page is fetched while this one is stored.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from connector.models import MirroredKey, MirroredPerson
from connector.people import read_moment
from connector.sync.counting import note_expected
from connector.sync.storing import store_rows
from connector.sync.work import Work
from connector.zoho.errors import Rejected
from connector.zoho.pages import MOST_ROWS, TOKEN_ENDS, list_by_id, list_page

BEFORE_EVERYTHING = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Portion:
    """Some records in the order of their ids, and where the next ones begin."""

    rows: list[dict[str, Any]]
    token: str
    last_zoho_id: str
    is_last: bool


def is_needed(work: Work) -> bool:
    """At first, after an interruption, and when other fields are to be mirrored."""
    mirror = work.mirror
    begun = mirror.filled_at is None or mirror.fill_started_at is not None
    return begun or mirror.fields_digest != work.fields_digest


def fill(work: Work) -> None:
    """Read and store everything, from where an earlier try stopped. Raises ZohoError, LeaseLost."""
    if work.mirror.fill_started_at is None or work.mirror.fields_digest != work.fields_digest:
        begin(work)
    mirror = work.mirror
    work.lease.write(resumed_at=timezone.now(), resumed_records=mirror.records)
    with ThreadPoolExecutor(max_workers=1) as ahead:
        try:
            portion = ahead.submit(
                read_portion, work, token=mirror.page_token, after=mirror.last_zoho_id
            ).result()
            while portion.rows:
                work.check_credits()
                following = fetch_ahead(ahead, work, portion)
                keep(work, portion)
                if following is None:
                    break
                portion = following.result()
        finally:
            ahead.submit(connections.close_all)
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
        page_token="",
        last_zoho_id="",
        pages=0,
        records=0,
        expected=expected,
        fields_digest=work.fields_digest,
        changed_until=since,
        deleted_until=since,
        is_absent=False,
        **first,
    )


def fetch_ahead(
    ahead: ThreadPoolExecutor, work: Work, portion: Portion
) -> "Future[Portion] | None":
    if portion.is_last:
        return None
    return ahead.submit(read_portion, work, token=portion.token, after=portion.last_zoho_id)


def read_portion(work: Work, *, token: str, after: str) -> Portion:
    """By token, or from the start; by COQL when there is a last id but no token to follow it."""
    if after and not token:
        return read_by_id(work, after=after)
    try:
        page = list_page(work.client, module=work.module, fields=work.fields, token=token)
    except Rejected as error:
        if not token or error.code not in TOKEN_ENDS:
            raise
        return read_by_id(work, after=after)
    last = str(page.rows[-1]["id"]) if page.rows else after
    return Portion(rows=page.rows, token=page.token, last_zoho_id=last, is_last=not page.token)


def read_by_id(work: Work, *, after: str) -> Portion:
    rows = list_by_id(work.client, module=work.module, fields=work.fields, after=after)
    last = str(rows[-1]["id"]) if rows else after
    return Portion(rows=rows, token="", last_zoho_id=last, is_last=len(rows) < MOST_ROWS)


def keep(work: Work, portion: Portion) -> None:
    store_rows(
        portion.rows, module=work.module, organisation=work.organisation, readings=work.readings
    )
    work.lease.write(
        page_token=portion.token,
        last_zoho_id=portion.last_zoho_id,
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
        page_token="",
        last_zoho_id="",
        readings=[digest for digest in mirror.readings if digest in work.digests],
    )


def drop_unseen(work: Work, *, before: datetime, **only: Any) -> int:
    gone = MirroredPerson.objects.filter(
        organisation=work.organisation, module=work.module, seen_at__lt=before, **only
    )
    MirroredKey.objects.filter(person__in=gone).delete()
    return gone.delete()[1].get("connector.MirroredPerson", 0)
