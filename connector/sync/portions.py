"""A whole module in portions; the next ones come, and are drafted, while one is stored."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

from django.db import connections

from connector.models import ZohoOrganisation
from connector.sync.beside import Drafting, draft_beside
from connector.sync.drafting import Records
from connector.sync.ends import Downwards, Gap, Portion, Upwards
from connector.sync.work import Work

AHEAD = 3
"""Portions that wait, so that a slow write does not keep Zoho from being asked."""
BOTH_ENDS_AFTER = 5
"""Portions. A small module is read before it would pay."""


class Reader:
    """Reads from one end in a thread of its own, a few portions ahead of whoever stores them."""

    def __init__(
        self, end: Upwards | Downwards, begin_draft: Callable[[Records], Drafting]
    ) -> None:
        self.end = end
        self.begin_draft = begin_draft
        self.has_ended = False
        self.thread = ThreadPoolExecutor(max_workers=1)
        self.jobs = deque(self.thread.submit(self.read) for _ in range(AHEAD))

    def take(self) -> tuple[Portion, Drafting] | None:
        """None after the last one. Raises ZohoError."""
        found = self.jobs.popleft().result()
        if found:
            self.jobs.append(self.thread.submit(self.read))
        return found

    def read(self) -> tuple[Portion, Drafting] | None:
        """None after the last one, and after a failure."""
        if self.has_ended:
            return None
        self.has_ended = True
        portion = self.end.read()
        self.has_ended = portion.is_last
        return (portion, self.begin_draft(portion.rows)) if portion.rows else None

    def close(self) -> None:
        for job in self.jobs:
            job.cancel()
        self.thread.submit(connections.close_all)
        self.thread.shutdown()


def read_ahead(work: Work) -> Generator[tuple[Portion, Drafting]]:
    """Each portion with its drafts, from both ends in turns. Raises ZohoError."""
    mirror, taken = work.mirror, 0
    gap = Gap(below=mirror.last_zoho_id, above=mirror.upper_zoho_id)
    with draft_beside(work.terms) as begin_draft, ExitStack() as stack:

        def begin(end: Upwards | Downwards) -> Reader:
            return stack.enter_context(closing(Reader(end, begin_draft)))

        readers = deque([begin(Upwards(work, gap))])
        if mirror.upper_page_token:
            readers.append(begin(Downwards(work, gap)))
        while readers:
            found = readers[0].take()
            if found is None:
                readers.popleft()
                continue
            yield found
            readers.rotate(-1)
            taken += 1
            if taken == BOTH_ENDS_AFTER and not gap.above and has_room(work.organisation):
                readers.append(begin(Downwards(work, gap)))


def has_room(organisation: ZohoOrganisation) -> bool:
    """Whether Zoho answers more than one request for each module at a time and leaves calls
    their share: 5 of the Free edition do not, 10 of the next one do."""
    return organisation.edition.casefold() not in ("", "free")
