"""Step 3c: store what will be sent, send it, write down what Zoho said about each record."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from django.db import transaction

from connector.models import Connection
from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import (
    Rejected,
    Temporary,
    UnknownOutcome,
    ZohoError,
    may_be_the_records,
)
from connector.zoho.records import Verdict
from journaling import entries
from journaling.attempts import AttemptBook
from journaling.batches import Batch
from journaling.creating.strangers import keep_stranger
from journaling.followers import attach_file, replace_followers
from journaling.guards import DOUBT, NOT_FOUND, find_guards, take_back_unguarded
from journaling.models import Entry
from journaling.spoken import note_calls
from journaling.verdicts import apply_verdict, park


class ClaimLost(Exception):
    """Another worker took over, or somebody decided about one of the batch: nothing may be sent."""

    def __init__(self) -> None:
        super().__init__("another worker took over this delivery")


class Posting:
    """The way of one claimed batch to Zoho. `answered` is what Zoho said last, until it is written
    down."""

    def __init__(
        self, client: ZohoClient, *, connection: Connection, batch: Batch, book: AttemptBook
    ) -> None:
        self.client = client
        self.connection = connection
        self.batch = batch
        self.token = batch.token
        self.book = book
        self.answered: tuple[list[Entry], list[Verdict]] | None = None

    def send(self) -> None:
        """What was composed, in one request for each trigger; what may have made an earlier request
        fail in one of its own. What Zoho said to the last one is to be written down. Raises the
        connection's own errors, and ClaimLost."""
        if not self.batch.composed:
            return
        ready = sorted(self.store(), key=choose_request)
        groups = groupby(ready, key=choose_request)
        for group in self.while_held(list(group) for _trigger, group in groups):
            self.post(group)

    def write_down(self) -> None:
        answered, self.answered = self.answered, None
        if answered:
            self.apply(*answered)

    def store(self) -> list[Entry]:
        """What is sent stands in the database before; returns what is to be sent at once."""
        written = [one.entry for one in self.batch.composed]
        unguarded = take_back_unguarded(written, doubted=self.batch.doubted)
        with transaction.atomic():
            if not entries.write_composed(self.token, written):
                raise ClaimLost
            replace_followers(self.batch.composed)
            entries.ask_before(self.token, [entry for entry in written if entry.ask_first])
            self.ask_for(unguarded, words=_("The field of the reference is gone."))
        return [entry for entry in written if not entry.ask_first and entry not in unguarded]

    def while_held(self, parts: Iterable[list[Entry]]) -> Iterator[list[Entry]]:
        """Storing has renewed the claim for the first one. Before each further one the claim is
        renewed again, and what Zoho said to the one before is written down."""
        for number, part in enumerate(parts):
            if number:
                self.go_on_with(part)
            yield part

    def go_on_with(self, wanted: list[Entry]) -> None:
        self.write_down()
        if not entries.renew(self.token, wanted):
            raise ClaimLost

    def post(self, group: list[Entry]) -> None:
        """One request. A batch that is refused as a whole is halved until the guilty one is
        alone."""
        if group[0].kind == Entry.Kind.ATTACHMENT:
            self.attach(group)
            return
        try:
            verdicts = records.insert(
                self.client,
                module=group[0].module,
                records=[entry.record or {} for entry in group],
                trigger=[group[0].trigger] if group[0].trigger else [],
            )
        except Rejected as error:
            self.book.write(group, outcome="refused", code=error.code)
            self.part(group, error)
        except UnknownOutcome as error:
            self.book.write(group, outcome="unknown", code=error.code)
            self.doubt(group, error)
            raise
        except ZohoError as error:
            self.book.write(group, outcome="failed", code=error.code)
            raise
        else:
            self.answered = (group, verdicts)

    def part(self, group: list[Entry], error: Rejected) -> None:
        if len(group) == 1:
            park(self.token, group[0], error)
            return
        half = len(group) // 2
        for part in (group[:half], group[half:]):
            self.go_on_with(part)
            self.post(part)

    def attach(self, group: list[Entry]) -> None:
        for [entry] in self.while_held([entry] for entry in group):
            try:
                verdict = attach_file(self.client, entry)
            except Rejected as error:
                self.book.write([entry], outcome="refused", code=error.code)
                park(self.token, entry, error)
            except UnknownOutcome as error:
                self.book.write([entry], outcome="unknown", code=error.code)
                self.doubt([entry], error)
                raise
            except Temporary as error:
                if may_be_the_records(error):
                    entries.put_off(self.token, entry, words=error.words)
                raise
            else:
                self.apply([entry], [verdict])

    def apply(self, group: Sequence[Entry], verdicts: Sequence[Verdict]) -> None:
        delivered = []
        # One transaction, since each waits for the disk.
        with transaction.atomic():
            self.book.write(group, outcome="answered", verdicts=verdicts)
            for entry, verdict in zip(group, verdicts, strict=True):
                if apply_verdict(self.connection, self.token, entry, verdict, among=len(group)):
                    delivered.append(entry)
            entries.mark_delivered(self.token, delivered)
        note_calls(self.connection.grant.organisation, delivered)
        for entry in delivered:
            if entry.kind == Entry.Kind.PERSON:
                keep_stranger(self.client, entry, connection=self.connection)

    def doubt(self, group: Sequence[Entry], error: UnknownOutcome) -> None:
        """Nobody knows whether Zoho wrote these. With the unique field sending again is safe:
        Zoho answers with the record that it has. Without it Zoho is asked first."""
        safe = [entry for entry in group if find_guards(entry)]
        entries.mark_doubtful(self.token, safe, words=error.words)
        self.ask_for([entry for entry in group if entry not in safe], words=error.words)

    def ask_for(self, group: Sequence[Entry], *, words: Words) -> None:
        wait = timedelta(seconds=self.connection.journal.unknown_seconds)
        entries.mark_unknown(self.token, [entry.pk for entry in group], words=words, wait=wait)


def choose_request(entry: Entry) -> tuple[str, int]:
    """The trigger holds for a whole request. A record over which Zoho stumbles without an answer
    would take its neighbours along again and again: after the second time it goes alone."""
    goes_alone = entry.tries > 1 and entry.reason in (DOUBT, NOT_FOUND)
    return entry.trigger, entry.pk if goes_alone else 0
