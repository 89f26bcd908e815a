"""The entries of a day beside Zoho: which records are missing there, and what becomes of them.

A record that Zoho's list of deleted records names was deleted by somebody: it stays deleted, and
the entry says so. Any other missing record is asked for by its reference once more and then sent
again, once. When many are missing at once something else is wrong, a user without the right to see
them for example: then nothing is sent, and a person decides.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from connector import breaker, credits
from connector.granting import grants
from connector.leases import Lease, LeaseLost, hold
from connector.models import Connection, CreditHour, UnreadableSecret
from connector.wording import Wording as _
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Temporary, ZohoError
from journaling import entries
from journaling.models import Entry, Reconciliation
from journaling.reconciling.graves import Grave, find_graves
from journaling.reconciling.ledger import Ledger, Row, read_ledger

log = logging.getLogger(__name__)

BATCH = 100
FEW, FEW_PERCENT = 3, 5
"""So many of a day, or so many per cent, may be missing by chance."""
KEPT = ("deleted", "sent_again")
"""Findings that a later comparison of the same day does not forget."""
CLOCK_SLACK = timedelta(minutes=5)
BACKFILL = CreditHour.Work.BACKFILL


def compare_day(connection: Connection, day: date) -> Reconciliation | None:
    """The day's row, compared or with its trouble; None while another worker compares it."""
    with hold(Reconciliation.choose(connection, day, kind=Reconciliation.Kind.ZOHO)) as lease:
        if lease is None:
            return None
        try:
            client = grants.open_client(connection, work=BACKFILL)
            compare(client, lease, ledger=read_ledger(connection, day))
        except LeaseLost:
            return None
        except (ZohoError, UnreadableSecret) as error:
            log.warning("%s: %s was not compared: %s", connection.slug, day, error)
            lease.write(trouble=error.words)
            if isinstance(error, Temporary):
                breaker.note_trouble(connection, error)
        finally:
            credits.flush()
        return lease.row


def compare(client: ZohoClient, lease: Lease[Reconciliation], *, ledger: Ledger) -> None:
    """Raises ZohoError and LeaseLost; what was asked by then is not asked again."""
    sought = ledger.list_sought()
    rest = (row for row in sought if place(row) > lease.row.cursor)
    if not lease.row.cursor:
        lease.write(findings=[one for one in lease.row.findings if one["code"] in KEPT])
    for _module, group in groupby(rest, key=lambda row: row.module):
        while batch := list(islice(group, BATCH)):
            if not credits.may_spend(lease.row.connection.grant.organisation, BACKFILL):
                lease.write(trouble=_("Zoho's API credits are nearly used up; it goes on later."))
                return
            look_for(client, lease, batch)
    missing = {one["entry"] for one in lease.row.findings if one["code"] == "missing"}
    decide(client, lease, ledger=ledger, missing=[row for row in sought if row.pk in missing])


def place(row: Row) -> str:
    return f"{row.module} {row.pk:020}"


def look_for(client: ZohoClient, lease: Lease[Reconciliation], batch: Sequence[Row]) -> None:
    """Note what Zoho does not have."""
    found = records.read_records(
        client,
        module=batch[0].module,
        zoho_ids=[row.zoho_id for row in batch if row.zoho_id],
        fields=["Created_Time"],
    )
    there = {str(record.get("id")) for record in found}
    missing = [{"code": "missing", "entry": row.pk} for row in batch if row.zoho_id not in there]
    lease.write(cursor=place(batch[-1]), findings=[*lease.row.findings, *missing])


def decide(
    client: ZohoClient, lease: Lease[Reconciliation], *, ledger: Ledger, missing: Sequence[Row]
) -> None:
    graves, is_whole = bury(client, missing)
    lost = [row for row in missing if row.zoho_id not in graves]
    by_chance = is_whole and len(lost) <= max(FEW, len(ledger.list_sought()) * FEW_PERCENT // 100)
    counted: defaultdict[str, int] = defaultdict(int)
    gone = {row.pk for row in missing}
    findings: list[dict[str, Any]] = [
        one for one in lease.row.findings if one["code"] in KEPT and one["entry"] not in gone
    ]
    with transaction.atomic():
        for entry in Entry.objects.filter(pk__in=[row.pk for row in missing]).order_by("pk"):
            grave = graves.get(entry.zoho_id)
            facts = {"by": grave.by, "at": grave.at} if grave else {}
            code = settle_missing(entry, grave=grave, by_chance=by_chance)
            counted[code] += 1
            findings.append({"code": code, "entry": entry.pk, **facts})
        figures = ledger.count()
        figures["in_zoho"] -= len(missing)
        figures["deleted"] += counted["deleted"]
        figures |= {name: counted[name] for name in ("sent_again", "not_found")}
        lease.write(
            figures=figures,
            findings=findings[: Reconciliation.MOST_FINDINGS],
            cursor="",
            trouble="",
            compared_at=timezone.now(),
        )


def bury(client: ZohoClient, missing: Sequence[Row]) -> tuple[dict[str, Grave], bool]:
    """The graves of what is missing, by id, and whether all of Zoho's lists were read."""
    graves: dict[str, Grave] = {}
    is_whole = True
    for module in sorted({row.module for row in missing}):
        rows = [row for row in missing if row.module == module]
        since = min(row.delivered_at for row in rows if row.delivered_at) - CLOCK_SLACK
        ids = {row.zoho_id for row in rows}
        yard = find_graves(client, module=module, zoho_ids=ids, since=since)
        graves |= yard.graves
        is_whole = is_whole and yard.is_whole
    return graves, is_whole


def settle_missing(entry: Entry, *, grave: Grave | None, by_chance: bool) -> str:
    """What becomes of one that Zoho does not have: the code of its finding."""
    if grave:
        entries.mark_gone(entry, by=grave.by, at=grave.at)
        return "deleted"
    if by_chance and not was_sent_again(entry) and entries.ask_again(entry):
        return "sent_again"
    return "not_found"


def was_sent_again(entry: Entry) -> bool:
    return any(row.get("code") == "missing" for row in entry.trace)


def send_again(row: Reconciliation, *, by: str) -> int:
    """A person's yes: what was not found is asked for once more, then sent. Returns how many."""
    wanted = [one["entry"] for one in row.findings if one["code"] == "not_found"]
    found = Entry.objects.filter(pk__in=wanted, connection=row.connection)
    with transaction.atomic():
        sent = {entry.pk for entry in found if entries.ask_again(entry, by=by)}
        findings = [
            {**one, "code": "sent_again"} if one["entry"] in sent else one for one in row.findings
        ]
        figures = {
            **row.figures,
            "not_found": row.figures["not_found"] - len(sent),
            "sent_again": row.figures["sent_again"] + len(sent),
        }
        Reconciliation.objects.filter(pk=row.pk).update(figures=figures, findings=findings)
    return len(sent)
