"""Keeping every request that tried to deliver something."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from connector import tallies
from connector.models import Connection
from connector.zoho.client import Exchange
from connector.zoho.records import Verdict
from journaling.models import Attempt, AttemptVerdict, Entry


class AttemptBook:
    """Remembers the client's last write and keeps it with its entries; reads are not attempts."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.last: Exchange | None = None

    def keep(self, exchange: Exchange) -> None:
        if exchange.method != "GET" and not exchange.path.endswith("/coql"):
            self.last = exchange

    def write(
        self, group: Sequence[Entry], *, outcome: str, verdicts: Sequence[Verdict] = ()
    ) -> None:
        """One Attempt for the last exchange; nothing when no request was made at all."""
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
            words=str(exchange.words),
        )
        spoken: Sequence[Verdict | None] = verdicts or [None] * len(group)
        for verdict in spoken:
            result = verdict.outcome if verdict else outcome
            tallies.count("outcomes", connection=self.connection.slug, outcome=result)
        AttemptVerdict.objects.bulk_create(
            describe(attempt, entry, verdict, outcome=outcome)
            for entry, verdict in zip(group, spoken, strict=True)
        )


def describe(
    attempt: Attempt, entry: Entry, verdict: Verdict | None, *, outcome: str
) -> AttemptVerdict:
    row = AttemptVerdict(attempt=attempt, entry=entry, outcome=outcome)
    if verdict:
        row.outcome, row.code = verdict.outcome, verdict.code[:60]
        row.words, row.field = verdict.words, verdict.field[:100]
    return row
