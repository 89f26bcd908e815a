"""Keeping every request that tried to deliver something."""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from connector import tallies
from connector.models import Connection
from connector.zoho.client import Exchange
from connector.zoho.records import Verdict
from journaling.gathering import gather_events, list_events
from journaling.models import Attempt, AttemptVerdict, Entry

CODE = re.compile(r"[A-Za-z_]{0,60}")
"""What may become a label of a metric: codes are few, sentences and numbers are not."""

log = logging.getLogger(__name__)


class AttemptBook:
    """Remembers the client's last write and keeps it with its entries; reads are not attempts."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.last: Exchange | None = None

    def keep(self, exchange: Exchange) -> None:
        if exchange.method != "GET" and not exchange.path.endswith("/coql"):
            self.last = exchange

    def write(
        self,
        group: Sequence[Entry],
        *,
        outcome: str,
        code: str = "",
        verdicts: Sequence[Verdict] = (),
    ) -> None:
        """One Attempt for the last exchange; nothing when no request was made at all.

        `outcome` and `code`, Zoho's or the portal's, hold for all unless there are verdicts.
        """
        exchange, self.last = self.last, None
        if not exchange:
            return
        attempt = Attempt.objects.create(
            connection=self.connection,
            sent_at=timezone.now() - timedelta(milliseconds=exchange.took_ms),
            took_ms=exchange.took_ms,
            method=exchange.method,
            path=exchange.path[:200],
            status=exchange.status,
            outcome=outcome,
            words=exchange.words,
        )
        spoken: Sequence[Verdict | None] = verdicts or [None] * len(group)
        self.tell(
            group, [(one.outcome, name_reason(one)) if one else (outcome, code) for one in spoken]
        )
        AttemptVerdict.objects.bulk_create(
            describe(attempt, entry, verdict, outcome=outcome)
            for entry, verdict in zip(group, spoken, strict=True)
        )

    def tell(self, group: Sequence[Entry], told: Sequence[tuple[str, str]]) -> None:
        """Count each outcome and reason, and log which, with the ids that the PBX got for its
        reports: one line for each outcome, since a line for each call costs a tenth of delivering
        it."""
        for (outcome, reason), number in Counter(told).items():
            tallies.count(
                "outcomes",
                number,
                connection=self.connection.slug,
                outcome=outcome,
                reason=reason if CODE.fullmatch(reason) else "other",
            )
        gather_events(group)
        named: dict[str, list[str]] = {}
        for entry, (outcome, _reason) in zip(group, told, strict=True):
            named.setdefault(outcome, []).append(name_with_reports(entry))
        for outcome, names in named.items():
            log.info("%s at Zoho: %s", outcome, ", ".join(names))


def name_with_reports(entry: Entry) -> str:
    """`p7-91c2e0 (report 018f...)`."""
    ids = " ".join(str(event.pk) for event in list_events(entry))
    return f"{entry.reference} (report {ids})" if ids else entry.reference


def name_reason(verdict: Verdict) -> str:
    return "" if verdict.outcome == "delivered" else verdict.code


def describe(
    attempt: Attempt, entry: Entry, verdict: Verdict | None, *, outcome: str
) -> AttemptVerdict:
    row = AttemptVerdict(attempt=attempt, entry=entry, outcome=outcome)
    if verdict:
        row.outcome, row.code = verdict.outcome, verdict.code[:60]
        row.words, row.field = verdict.words, verdict.field[:100]
    return row
