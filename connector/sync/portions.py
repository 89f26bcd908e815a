"""A whole module in portions: by page tokens, then by ids; the next ones come, and are drafted,
while one is stored.

Zoho keeps a page token for a day and for 100 000 records. Whatever ends it, COQL goes on from the
last id.
"""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connections

from connector.sync.beside import Drafting, draft_beside
from connector.sync.drafting import Records
from connector.sync.work import Work
from connector.zoho.errors import Rejected
from connector.zoho.pages import MOST_ROWS, TOKEN_ENDS, list_by_id, list_page

AHEAD = 3
"""Portions that wait, so that a slow write does not keep Zoho from being asked."""


@dataclass(frozen=True, kw_only=True)
class Portion:
    """Some records in the order of their ids, and where the next ones begin."""

    rows: list[dict[str, Any]]
    token: str
    last_zoho_id: str
    is_last: bool


class Reader:
    """Reads one portion after the other, from where an earlier try stopped."""

    def __init__(self, work: Work, begin_draft: Callable[[Records], Drafting]) -> None:
        self.work = work
        self.begin_draft = begin_draft
        self.token, self.after = work.mirror.page_token, work.mirror.last_zoho_id
        self.has_ended = False

    def read_next(self) -> tuple[Portion, Drafting] | None:
        """None after the last one, and after a failure. Raises ZohoError."""
        if self.has_ended:
            return None
        self.has_ended = True
        portion = read_portion(self.work, token=self.token, after=self.after)
        self.token, self.after = portion.token, portion.last_zoho_id
        self.has_ended = portion.is_last
        return (portion, self.begin_draft(portion.rows)) if portion.rows else None


def read_ahead(work: Work) -> Generator[tuple[Portion, Drafting]]:
    """Each portion with its drafts. Raises ZohoError."""
    with draft_beside(work.terms) as begin_draft, ThreadPoolExecutor(max_workers=1) as thread:
        reader = Reader(work, begin_draft)
        jobs = deque(thread.submit(reader.read_next) for _ in range(AHEAD))
        try:
            while found := jobs.popleft().result():
                jobs.append(thread.submit(reader.read_next))
                yield found
        finally:
            for job in jobs:
                job.cancel()
            thread.submit(connections.close_all)


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
