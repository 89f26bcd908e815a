"""What changed at Zoho since the last look, and what was deleted there."""

from datetime import datetime, timedelta

from django.utils import timezone

from connector.people.person import read_moment
from connector.sync.storing import forget_people, store_rows
from connector.sync.work import Work
from connector.zoho.pages import list_deleted, list_page

OVERLAP = timedelta(seconds=1)
"""Zoho's moments are whole seconds: a second record of the last one must not be missed."""
SETTLED = timedelta(hours=1)
"""Nothing is added to a second so long ago, whatever the two clocks say."""
MOST_PAGES = 1000


def follow_changes(work: Work) -> int:
    """Store what is new or changed; returns how many records. Raises ZohoError, LeaseLost."""
    since, token, stored = reach_back(work.mirror.changed_until), "", 0
    for _page in range(MOST_PAGES):
        page = list_page(
            work.client,
            module=work.module,
            fields=work.fields,
            sort_by="Modified_Time",
            since=since,
            token=token,
        )
        stored += store_rows(
            page.rows,
            module=work.module,
            organisation=work.organisation,
            readings=work.readings,
        )
        token = page.token
        moments = [m for row in page.rows if (m := read_moment(row.get("Modified_Time")))]
        if moments:
            work.lease.write(changed_until=max(moments))
        if not token:
            break
    work.lease.write(synced_at=timezone.now(), trouble="", waits_until=None, is_absent=False)
    return stored


def reach_back(moment: datetime | None) -> datetime | None:
    if moment is None or moment < timezone.now() - SETTLED:
        return moment
    return moment - OVERLAP


def follow_deletions(work: Work) -> int:
    """Forget what was deleted or merged away; returns how many were here. Newest come first."""
    since = reach_back(work.mirror.deleted_until)
    newest, forgotten = work.mirror.deleted_until, 0
    for page in range(1, MOST_PAGES + 1):
        graves, more = list_deleted(work.client, module=work.module, since=since, page=page)
        ids = [str(grave["id"]) for grave in graves if grave.get("id")]
        forgotten += forget_people(ids, module=work.module, organisation=work.organisation)
        moments = [m for grave in graves if (m := read_moment(grave.get("deleted_time")))]
        newest = max([*moments, *([newest] if newest else [])], default=None)
        if not more or (since and moments and min(moments) < since):
            break
        work.lease.write()
    work.lease.write(deletions_at=timezone.now(), deleted_until=newest)
    return forgotten
