"""Keeping every request that tried to deliver something."""

import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection as database
from django.utils import timezone

from connector.counting import tallies
from connector.models import Connection
from connector.wording import write_words
from connector.zoho.client import Exchange
from connector.zoho.records import Verdict
from journaling.gathering import gather_events, list_events
from journaling.models import Attempt, AttemptVerdict, Entry

CODE = re.compile(r"[A-Za-z_]{0,60}")
"""What may become a label of a metric: codes are few, sentences and numbers are not."""

INSERT_VERDICTS = """
INSERT INTO journaling_attemptverdict (attempt_id, entry_id, outcome, code, words, field)
SELECT %s, entry_id, outcome, code, words, field
FROM json_populate_recordset(NULL::journaling_attemptverdict, %s)
"""

log = logging.getLogger(__name__)


class AttemptBook:
    """Remembers the client's last write and keeps it with its entries; reads are not attempts."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.last: Exchange | None = None
        self.answered_at = timezone.now()

    def keep(self, exchange: Exchange) -> None:
        if exchange.method != "GET" and not exchange.path.endswith("/coql"):
            self.last, self.answered_at = exchange, timezone.now()

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
            sent_at=self.answered_at - timedelta(milliseconds=exchange.took_ms),
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
        store_verdicts(
            attempt,
            [
                describe(entry, verdict, outcome=outcome)
                for entry, verdict in zip(group, spoken, strict=True)
            ],
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


def describe(entry: Entry, verdict: Verdict | None, *, outcome: str) -> dict[str, Any]:
    """The columns of an AttemptVerdict, but its attempt."""
    row = {"entry_id": entry.pk, "outcome": outcome, "code": "", "words": "", "field": ""}
    if verdict:
        row |= {"outcome": verdict.outcome, "code": verdict.code[:60]}
        row |= {"words": write_words(verdict.words), "field": verdict.field[:100]}
    return row


def store_verdicts(attempt: Attempt, rows: Sequence[dict[str, Any]]) -> None:
    """On PostgreSQL as one JSON text: a hundred models cost more than what they say."""
    if database.vendor != "postgresql":
        AttemptVerdict.objects.bulk_create(AttemptVerdict(attempt=attempt, **row) for row in rows)
        return
    with database.cursor() as cursor:
        cursor.execute(INSERT_VERDICTS, [attempt.pk, json.dumps(rows)])
