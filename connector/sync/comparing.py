"""The ids of Zoho beside ours: finds what a lost change or deletion left behind."""

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from connector.models import Mirror, MirroredPerson
from connector.moments import find_zone
from connector.people.keeping_out import is_kept_out
from connector.people.person import read_moment
from connector.sync.budget import QUERY_COST, find_share, plan_sync
from connector.sync.filling import drop_unseen
from connector.sync.storing import store_rows
from connector.sync.work import Work
from connector.zoho.pages import MOST_ROWS, list_by_id, list_page

IDS_A_PAGE = 100
NIGHT = range(1, 5)
SLACK = timedelta(hours=6)
"""A night that was missed is made up by day."""


def is_due(mirror: Mirror, *, now: datetime) -> bool:
    """By night in the organisation's zone: every night where it fits the budget, else weekly."""
    if mirror.compared_at is None:
        return True
    due_at = mirror.compared_at + choose_period(mirror) - SLACK
    zone = find_zone(mirror.organisation.time_zone or "UTC")
    return now >= due_at + 2 * SLACK or (now >= due_at and is_night(now, zone))


def is_night(now: datetime, zone: zoneinfo.ZoneInfo) -> bool:
    return now.astimezone(zone).hour in NIGHT


def choose_period(mirror: Mirror) -> timedelta:
    """Daily while a comparison costs at most a tenth of a day's share."""
    plan = plan_sync(mirror.organisation)
    cost = (mirror.records // MOST_ROWS + 1) * QUERY_COST
    share = (plan.all_credits or 50_000) * find_share(mirror.organisation) // 100
    return timedelta(days=1) if cost <= share // 10 else timedelta(days=7)


def compare(work: Work) -> int:
    """Read anew what is missing or older here, drop what Zoho no longer has."""
    started_at, after, mended, count = timezone.now(), "0", 0, 0
    told = [condition.field for condition in work.conditions]
    columns = list(dict.fromkeys(["id", "Modified_Time", *told]))
    while True:
        work.check_credits()
        rows = list_by_id(work.client, module=work.module, fields=columns, after=after)
        wanted = mark_seen(work, [row for row in rows if not is_kept_out(row, work.conditions)])
        for start in range(0, len(wanted), IDS_A_PAGE):
            mended += read_again(work, wanted[start : start + IDS_A_PAGE])
        count += len(rows)
        work.lease.write()
        if len(rows) < MOST_ROWS:
            break
        after = str(rows[-1]["id"])
    # Zoho need not list converted leads here; they do no harm.
    mended += drop_unseen(work, before=started_at, converted_to="")
    work.lease.write(compared_at=timezone.now(), records=count)
    return mended


def mark_seen(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Note which of these are here as Zoho has them; returns the ids of the others."""
    moments = {str(row["id"]): read_moment(row.get("Modified_Time")) for row in rows}
    here = MirroredPerson.objects.filter(
        organisation=work.organisation, module=work.module, zoho_id__in=list(moments)
    )
    known = dict(here.values_list("zoho_id", "modified_at"))
    here.update(seen_at=timezone.now())
    return [
        zoho_id
        for zoho_id, moment in moments.items()
        if zoho_id not in known or known[zoho_id] != moment
    ]


def read_again(work: Work, ids: Sequence[str]) -> int:
    page = list_page(work.client, module=work.module, fields=work.fields, ids=ids)
    return store_rows(
        page.rows, module=work.module, organisation=work.organisation, readings=work.readings
    )
