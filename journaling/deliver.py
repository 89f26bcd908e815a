"""Step 3: send what is due to Zoho in batches, one after the other in each lane.

While Zoho answers one batch, what it said to the one before is written down, and the next one is
claimed and composed. That one is stored and sent only after Zoho has answered, and when nothing
speaks against it then.
"""

import logging
from contextlib import closing
from functools import partial
from typing import Any

from django.utils import timezone

from connector import breaker, credits
from connector.granting import grants
from connector.holds import hold
from connector.models import Connection, CreditHour, UnreadableSecret
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured, ZohoError
from connector.zoho.meanwhile import Meanwhile
from journaling import entries
from journaling.attempts import AttemptBook
from journaling.batches import Batch, compose_batch
from journaling.check import check_unknown
from journaling.correcting.corrector import Corrector
from journaling.lanes import hold_lane, list_ready_connections
from journaling.models import Entry
from journaling.posting import ClaimLost, Posting

Work = CreditHour.Work
log = logging.getLogger(__name__)

BATCH = 100
"""Zoho's own limit of records in one insert."""

COMPOSING_SECONDS = 45
"""Looking people up for a batch may take this long; the rest of the batch goes next time."""

AHEAD_SECONDS = 20
"""The same beside a batch that waits to be written down before its claim ends."""


def deliver_lane(*, connection_id: int, module: str) -> None:
    """Deliver everything that is due in one lane, unless another worker is doing so."""
    with hold_lane(connection_id=connection_id, module=module) as lease:
        if lease is None:
            return
        with closing(Turn(connection_id, module)) as turn:
            while turn.deliver_some(ahead=True) and lease.keep():
                pass


def deliver_some(connection_id: int, module: str) -> None:
    """One batch of a lane that the caller holds."""
    with closing(Turn(connection_id, module)) as turn:
        turn.deliver_some()


class Turn:
    """A worker's turn in a lane: batch after batch, each composed while the one before is sent."""

    def __init__(self, connection_id: int, module: str) -> None:
        self.connection_id = connection_id
        self.module = module
        self.claim = partial(entries.claim, connection_id=connection_id, module=module)
        self.claim_checks = partial(
            entries.claim_checks, connection_id=connection_id, module=module
        )
        self.work = Work.OTHER if module == Entry.CORRECTIONS else Work.DELIVERY
        self.meanwhile = Meanwhile()
        self.tokens = grants.keep_tokens(connection_id)
        self.answered: Posting | None = None
        self.next: Batch | None = None
        self.trouble: Exception | None = None

    def deliver_some(self, *, ahead: bool = False) -> bool:
        """One batch, composing the one `ahead`; True when there may be more to do at once."""
        connection = self.find_ready()
        if not connection:
            return False
        # In trouble one record asks whether Zoho is back, before everything is sent.
        limit = 1 if connection.grant.organisation.failures else BATCH
        checks = Batch(*self.claim_checks(limit=limit))
        batch = self.take_next(limit)
        if checks.claimed or not batch:
            # Whoever asks Zoho for records, or looks for what is due, has to know it.
            self.write_down()
        batch = batch or Batch(*self.claim(limit=limit))
        try:
            self.work_on(batch, checks=checks, connection=connection, ahead=ahead)
        except ClaimLost as error:
            log.warning("%s: %s", connection.slug, error)
        except (ZohoError, UnreadableSecret) as error:
            stop(connection, error)
        else:
            let_go(checks)
            more = bool(checks.claimed or batch.claimed)
            if more and limit == 1:
                breaker.close(connection.grant.organisation)
            return more
        # Not after any other exception: what was being sent then has an unknown outcome, and the
        # sweep treats it like the work of a killed worker.
        let_go(checks)
        let_go(batch)
        return False

    def find_ready(self) -> Connection | None:
        """Unless it may send nothing at the moment, or only what is more urgent."""
        ready = list_ready_connections(now=timezone.now()).filter(pk=self.connection_id)
        connection = ready.select_related("journal", "grant__organisation").first()
        if connection and credits.may_spend(connection.grant.organisation, self.work):
            return connection
        return None

    def take_next(self, limit: int) -> Batch | None:
        """What was composed ahead, unless it is more than may be sent now."""
        batch, self.next = self.next, None
        if batch and len(batch.claimed) > limit:
            entries.put_back(batch.token)
            return None
        return batch if batch and batch.claimed else None

    def work_on(self, batch: Batch, *, checks: Batch, connection: Connection, ahead: bool) -> None:
        """Raises the connection's own errors, and ClaimLost."""
        book = AttemptBook(connection)
        client = self.open_client(connection, on_exchange=book.keep, meanwhile=self.meanwhile)
        # While nothing is on its way that could be taken for what is asked about.
        check_unknown(client, token=checks.token, unknown=checks.claimed)
        if self.module == Entry.CORRECTIONS:
            corrector = Corrector(client, connection=connection, token=batch.token, book=book)
            corrector.correct(batch.claimed)
            let_go(batch)
            return
        if not batch.is_composed:
            compose_batch(batch, client, connection=connection, seconds=COMPOSING_SECONDS)
        # A batch that is not full was the last one.
        ahead = ahead and len(batch.claimed) == BATCH
        posting = Posting(client, connection=connection, batch=batch, book=book)
        with self.meanwhile.doing(partial(self.use_time, connection, ahead=ahead)):
            posting.send()
        self.write_down()  # where Zoho was asked nothing
        self.answered = posting
        if self.trouble or not ahead:
            self.write_down()
        if self.trouble:
            raise self.trouble

    def use_time(self, connection: Connection, *, ahead: bool) -> None:
        """While Zoho answers. Trouble is told only after the batch on its way has been written
        down."""
        try:
            self.write_down()
            if ahead:
                self.compose_next(connection)
        except Exception as error:
            self.trouble = error

    def write_down(self) -> None:
        """What Zoho said to the batch before, unless that is done."""
        posting, self.answered = self.answered, None
        if posting:
            posting.write_down()
            let_go(posting.batch)

    def compose_next(self, connection: Connection) -> None:
        self.next = Batch(*self.claim(limit=BATCH))
        client = self.open_client(connection)
        compose_batch(self.next, client, connection=connection, seconds=AHEAD_SECONDS)

    def open_client(self, connection: Connection, **options: Any) -> ZohoClient:
        return grants.open_client(
            connection, work=self.work, grant=connection.grant, tokens=self.tokens, **options
        )

    def close(self) -> None:
        """What Zoho said is written down; what was never sent is due again at once."""
        self.meanwhile.close()
        self.write_down()
        if self.next:
            let_go(self.next)


def let_go(batch: Batch) -> None:
    """What is still claimed is due again at once; what was delivered is not."""
    if any(entry.claim for entry in batch.claimed):
        entries.put_back(batch.token)


def stop(connection: Connection, error: ZohoError | UnreadableSecret) -> None:
    """Trouble of the connection makes the connection wait; its entries' tries do not run out."""
    log.warning("%s: deliveries wait: %s", connection.slug, error)
    if isinstance(error, Misconfigured):
        hold(connection.pk, code=error.code or "misconfigured", words=error.words)
        return
    breaker.note_trouble(connection, error)
