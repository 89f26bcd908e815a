"""One day's entries: what became of each, and which of them Zoho has to have."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from connector.models import Connection
from journaling.models import Entry, Event
from journaling.reconciling.days import find_bounds
from journaling.telling.status import REPORTED

State = Entry.State

FRESH = timedelta(minutes=5)
"""What was written a moment ago is not asked for yet."""

GONE = "gone_in_zoho"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is known here of one call or chat."""

    pk: int
    state: str
    reason: str
    module: str
    zoho_id: str
    delivered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A day of a connection; `moved_at` ends the time of another organisation."""

    reports: int
    rows: Sequence[Row]
    moved_at: datetime | None

    def list_sought(self) -> list[Row]:
        """What has to be in Zoho, in the order in which it is asked for."""
        sought = [row for row in self.rows if self.classify(row) == "in_zoho"]
        return sorted(sought, key=lambda row: (row.module, row.pk))

    def count(self) -> dict[str, int]:
        """Figures as docs/architecture.md names them, before Zoho was asked."""
        kinds = Counter(self.classify(row) for row in self.rows)
        names = ("in_zoho", "left_out", "open", "parked", "elsewhere", "deleted")
        figures = {name: kinds[name] for name in names}
        return {"reports": self.reports, "calls": len(self.rows), **figures}

    def classify(self, row: Row) -> str:
        if row.state == State.LEFT_OUT:
            return "deleted" if row.reason == GONE else "left_out"
        if row.state != State.DELIVERED or row.delivered_at is None:
            return "parked" if row.state == State.PARKED else "open"
        if self.moved_at and row.delivered_at < self.moved_at:
            return "elsewhere"
        return "open" if row.delivered_at > timezone.now() - FRESH else "in_zoho"


def read_ledger(connection: Connection, day: date) -> Ledger:
    """By the moment of arrival here: a past day gets no further entries. Two queries."""
    first, end = find_bounds(connection, day)
    entries = Entry.objects.filter(
        connection=connection, kind__in=REPORTED, created_at__gte=first, created_at__lt=end
    ).order_by()
    columns = ("pk", "state", "reason", "module", "zoho_id", "delivered_at")
    rows = [Row(**values) for values in entries.values(*columns)]
    events = Event.objects.filter(
        connection=connection, received_at__gte=first, received_at__lt=end
    )
    return Ledger(reports=events.count(), rows=rows, moved_at=connection.grant.moved_at)
