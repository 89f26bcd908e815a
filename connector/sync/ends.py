"""The two ends from which a large module is read, until they meet.

Upwards by page tokens, then by ids: Zoho keeps a page token for a day and for 100 000 records, and
whatever ends it, COQL goes on from the last id. Downwards by page tokens only: where they end, the
way up goes on to what was read from above.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from connector.sync.work import Work
from connector.zoho.errors import Rejected
from connector.zoho.pages import MOST_ROWS, TOKEN_ENDS, Page, list_by_id, list_page

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Portion:
    """Some records, and what the mirror's row says once they are stored."""

    rows: Rows
    reached: dict[str, str]
    is_last: bool


@dataclass(kw_only=True)
class Gap:
    """The ids that neither end has read: above `below`, and below `above` where that is known."""

    below: str
    above: str
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, rows: Rows, *, upwards: bool) -> Rows:
        """Those that the other end has not read; the gap is what is left then."""
        with self.lock:
            taken = [row for row in rows if self.holds(str(row["id"]))]
            if taken and upwards:
                self.below = str(taken[-1]["id"])
            elif taken:
                self.above = str(taken[-1]["id"])
            return taken

    def holds(self, zoho_id: str) -> bool:
        above_below = int(zoho_id) > int(self.below or 0)
        return above_below and (not self.above or int(zoho_id) < int(self.above))


class Upwards:
    """From where an earlier try stopped; from the first record at first."""

    def __init__(self, work: Work, gap: Gap) -> None:
        self.work, self.gap = work, gap
        self.token = work.mirror.page_token

    def read(self) -> Portion:
        """Raises ZohoError."""
        page, is_last = self.read_page()
        rows = self.gap.take(page.rows, upwards=True)
        has_met = len(rows) < len(page.rows)
        # The token would lead past records that were read from above and may not be stored yet.
        self.token = "" if has_met else page.token
        reached = {"page_token": self.token, "last_zoho_id": self.gap.below}
        return Portion(rows=rows, reached=reached, is_last=is_last or has_met)

    def read_page(self) -> tuple[Page, bool]:
        """And whether it is the last one."""
        if self.gap.below and not self.token:
            return self.read_by_id()
        try:
            page = ask_page(self.work, token=self.token, order="asc")
        except Rejected as error:
            if not self.token or error.code not in TOKEN_ENDS:
                raise
            return self.read_by_id()
        return page, not page.token

    def read_by_id(self) -> tuple[Page, bool]:
        work = self.work
        rows = list_by_id(work.client, module=work.module, fields=work.fields, after=self.gap.below)
        return Page(rows=rows, token=""), len(rows) < MOST_ROWS


class Downwards:
    """From where an earlier try stopped; from the last record at first."""

    def __init__(self, work: Work, gap: Gap) -> None:
        self.work, self.gap = work, gap
        self.token = work.mirror.upper_page_token

    def read(self) -> Portion:
        """Raises ZohoError."""
        page = self.read_page()
        rows = self.gap.take(page.rows, upwards=False)
        has_met = len(rows) < len(page.rows)
        self.token = "" if has_met else page.token
        reached = {"upper_page_token": self.token, "upper_zoho_id": self.gap.above}
        return Portion(rows=rows, reached=reached, is_last=not self.token)

    def read_page(self) -> Page:
        try:
            return ask_page(self.work, token=self.token, order="desc")
        except Rejected as error:
            if not self.token or error.code not in TOKEN_ENDS:
                raise
            return Page(rows=[], token="")


def ask_page(work: Work, *, token: str, order: Literal["asc", "desc"]) -> Page:
    return list_page(work.client, module=work.module, fields=work.fields, token=token, order=order)
