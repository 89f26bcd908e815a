"""The comparisons of one month: what the page shows and the sheet holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from connector.models import Connection
from journaling.models import Reconciliation

Kind = Reconciliation.Kind

ZOHO_FIGURES = (
    "reports", "calls", "in_zoho", "left_out", "open", "parked", "elsewhere", "deleted",
    "sent_again", "not_found",
)  # fmt: skip
CALL_LOG_FIGURES = ("calls", "reported", "left_out", "missing")


@dataclass(frozen=True, kw_only=True)
class Day:
    """Both halves of one day; None where nobody compared it."""

    day: date
    zoho: Reconciliation | None
    call_log: Reconciliation | None


@dataclass(frozen=True, kw_only=True)
class Month:
    """`first` is its first day; days come newest first, only those with a comparison."""

    first: date
    days: Sequence[Day]

    @property
    def previous(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def next(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def is_pbx_unproved(self) -> bool:
        """Whether a compared day's calls were never held against the PBX's own log."""
        return any(day.call_log is None or not day.call_log.compared_at for day in self.days)

    def sum_figures(self, kind: str) -> dict[str, int]:
        names = ZOHO_FIGURES if kind == Kind.ZOHO else CALL_LOG_FIGURES
        rows = [day.zoho if kind == Kind.ZOHO else day.call_log for day in self.days]
        return {name: sum(row.figures.get(name, 0) for row in rows if row) for name in names}


def read_month(connection: Connection, first: date) -> Month:
    end = (first + timedelta(days=31)).replace(day=1)
    rows = Reconciliation.objects.filter(connection=connection, day__gte=first, day__lt=end)
    found = {(row.day, row.kind): row for row in rows}
    days = sorted({day for day, _kind in found}, reverse=True)
    return Month(
        first=first,
        days=[
            Day(day=day, zoho=found.get((day, Kind.ZOHO)), call_log=found.get((day, Kind.CALL_LOG)))
            for day in days
        ],
    )
