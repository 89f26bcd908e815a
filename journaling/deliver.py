"""Step 3: send what is due to Zoho in batches, and read each record's own verdict."""

import logging
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from connector import breaker, credits, grants
from connector.holds import hold
from connector.models import Connection, CreditHour, UnreadableSecret, ZohoOrganisation
from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured, Rejected, UnknownOutcome, ZohoError
from connector.zoho.records import Verdict
from journaling import entries
from journaling.attempts import AttemptBook
from journaling.check import check_unknown
from journaling.compose import AlreadyThere, Composed, Composer, LeftOut, WaitsForPerson
from journaling.correct import Corrector
from journaling.followers import attach_file, replace_followers
from journaling.gathering import gather_events
from journaling.guards import find_guards, list_doubted, take_back_unguarded
from journaling.lanes import hold_lane, list_ready_connections
from journaling.models import Entry
from journaling.spoken import note_calls
from journaling.strangers import keep_stranger
from journaling.trace import note
from journaling.verdicts import apply_verdict

Work = CreditHour.Work
log = logging.getLogger(__name__)

BATCH = 100
"""Zoho's own limit of records in one insert."""

COMPOSING_SECONDS = 45
"""Looking people up for a batch may take this long; the rest of the batch goes next time."""


def deliver_lane(*, connection_id: int, module: str) -> None:
    """Deliver everything that is due in one lane, unless another worker is doing so."""
    with hold_lane(connection_id=connection_id, module=module) as lease:
        while lease and deliver_some(connection_id, module):
            if not lease.renew():
                break


def deliver_some(connection_id: int, module: str) -> bool:
    """One batch of a lane; True when there may be more to do at once."""
    ready = list_ready_connections(now=timezone.now()).select_related(
        "journal", "grant__organisation"
    )
    connection = ready.filter(pk=connection_id).first()
    if not connection:
        return False
    organisation = connection.grant.organisation
    work = Work.OTHER if module == Entry.CORRECTIONS else Work.DELIVERY
    if not credits.may_spend(organisation, work):
        return False
    # In trouble one record asks whether Zoho is back, before everything is sent.
    limit = 1 if organisation.failures else BATCH
    checks, unknown = entries.claim_checks(connection_id=connection_id, module=module, limit=limit)
    token, batch = entries.claim(connection_id=connection_id, module=module, limit=limit)
    try:
        book = AttemptBook(connection)
        client = grants.open_client(connection, on_exchange=book.keep, work=work)
        check_unknown(client, token=checks, unknown=unknown)
        if module == Entry.CORRECTIONS:
            Corrector(client, connection=connection, token=token, book=book).correct(batch)
        else:
            Delivery(client, connection=connection, token=token, book=book).send(batch)
    except ClaimLost as error:
        log.warning("%s: %s", connection.slug, error)
        more = False
    except (ZohoError, UnreadableSecret) as error:
        stop(connection, error)
        more = False
    else:
        more = bool(unknown or batch)
        if more and organisation.failures:
            breaker.close(organisation)
    # Not after any other exception: what was being sent then has an unknown outcome, and the
    # sweep treats it like the work of a killed worker.
    for claimed, taken in ((checks, unknown), (token, batch)):
        if taken:
            entries.put_back(claimed)
    return more


def stop(connection: Connection, error: ZohoError | UnreadableSecret) -> None:
    """Trouble of the connection makes the connection wait; its entries' tries do not run out."""
    log.warning("%s: deliveries wait: %s", connection.slug, error)
    if isinstance(error, Misconfigured):
        hold(connection.pk, code=error.code or "misconfigured", words=error.words)
        return
    breaker.note_trouble(connection, error)


class ClaimLost(Exception):
    """Another worker took over, or somebody decided about one of the batch: nothing may be sent."""


class Delivery:
    """One claimed batch on its way."""

    def __init__(
        self, client: ZohoClient, *, connection: Connection, token: uuid.UUID, book: AttemptBook
    ) -> None:
        self.client = client
        self.connection = connection
        self.organisation: ZohoOrganisation = connection.grant.organisation
        self.token = token
        self.book = book

    def send(self, batch: Sequence[Entry]) -> None:
        """Compose, store what will be sent, send. Raises the connection's own errors."""
        if not batch:
            return
        doubted = list_doubted(batch)
        composed = self.compose(batch)
        written = [c.entry for c in composed]
        unguarded = take_back_unguarded(written, doubted=doubted)
        with transaction.atomic():
            if not entries.write_composed(self.token, written):
                raise ClaimLost("another worker took over this delivery")
            replace_followers(composed)
            entries.ask_before(self.token, [entry for entry in written if entry.ask_first])
            self.ask_for(unguarded, words=_("The field of the reference is gone."))
        ready = sorted(
            (entry for entry in written if not entry.ask_first and entry not in unguarded),
            key=lambda entry: entry.trigger,
        )
        for trigger, group in groupby(ready, key=lambda entry: entry.trigger):
            self.post(list(group), trigger=[trigger] if trigger else [])

    def compose(self, batch: Sequence[Entry]) -> list[Composed]:
        """One entry that cannot be composed never stops another."""
        composer = Composer(self.client, connection=self.connection, organisation=self.organisation)
        gather_events(batch)
        done, began = [], time.monotonic()
        for entry in batch:
            if time.monotonic() - began > COMPOSING_SECONDS:
                break
            try:
                done.append(composer.compose(entry))
            except WaitsForPerson as wait:
                entries.wait_for(self.token, entry, person=wait.person)
            except AlreadyThere:
                entries.mark_delivered(self.token, [entry])
                keep_stranger(self.client, entry, connection=self.connection)
            except LeftOut as rule:
                note(entry, "left_out", reason=str(rule))
                entries.leave_out_claimed(self.token, entry, reason=str(rule))
            except Rejected as error:
                self.park(entry, error)
            except (ZohoError, OperationalError, InterfaceError):
                raise
            except Exception as error:
                log.exception("entry %s cannot be composed", entry.pk)
                told = f"{type(error).__name__}: {error}"
                words = _("The portal could not compose it: %(error)s", error=told)
                self.park(entry, Rejected(words, code="internal_error"))
        return done

    def post(self, group: list[Entry], *, trigger: list[str]) -> None:
        """One request. A batch that is refused as a whole is halved until the guilty one is
        alone."""
        if not entries.renew(self.token, group):
            raise ClaimLost("another worker took over this delivery")
        if group[0].kind == Entry.Kind.ATTACHMENT:
            self.attach(group)
            return
        try:
            verdicts = records.insert(
                self.client,
                module=group[0].module,
                records=[entry.record or {} for entry in group],
                trigger=trigger,
            )
        except Rejected as error:
            self.book.write(group, outcome="refused", code=error.code)
            if len(group) == 1:
                self.park(group[0], error)
                return
            half = len(group) // 2
            self.post(group[:half], trigger=trigger)
            self.post(group[half:], trigger=trigger)
        except UnknownOutcome as error:
            self.book.write(group, outcome="unknown", code=error.code)
            self.doubt(group, error)
            raise
        except ZohoError as error:
            self.book.write(group, outcome="failed", code=error.code)
            raise
        else:
            self.book.write(group, outcome="answered", verdicts=verdicts)
            self.apply(group, verdicts)

    def attach(self, group: list[Entry]) -> None:
        for entry in group:
            try:
                verdict = attach_file(self.client, entry)
            except Rejected as error:
                self.book.write([entry], outcome="refused", code=error.code)
                self.park(entry, error)
            except UnknownOutcome as error:
                self.book.write([entry], outcome="unknown", code=error.code)
                self.doubt([entry], error)
                raise
            else:
                self.book.write([entry], outcome="answered", verdicts=[verdict])
                self.apply([entry], [verdict])

    def apply(self, group: Sequence[Entry], verdicts: Sequence[Verdict]) -> None:
        delivered = []
        for entry, verdict in zip(group, verdicts, strict=True):
            if apply_verdict(self.connection, self.token, entry, verdict, among=len(group)):
                delivered.append(entry)
        entries.mark_delivered(self.token, delivered)
        note_calls(self.organisation, delivered)
        for entry in delivered:
            if entry.kind == Entry.Kind.PERSON:
                keep_stranger(self.client, entry, connection=self.connection)

    def doubt(self, group: Sequence[Entry], error: UnknownOutcome) -> None:
        """Nobody knows whether Zoho wrote these. With the unique field sending again is safe:
        Zoho answers with the record that it has. Without it Zoho is asked first."""
        safe = [entry.pk for entry in group if find_guards(entry)]
        entries.mark_doubtful(self.token, safe, words=error.words)
        self.ask_for([entry for entry in group if entry.pk not in safe], words=error.words)

    def ask_for(self, group: Sequence[Entry], *, words: Words) -> None:
        wait = timedelta(seconds=self.connection.journal.unknown_seconds)
        entries.mark_unknown(self.token, [entry.pk for entry in group], words=words, wait=wait)

    def park(self, entry: Entry, error: ZohoError) -> None:
        note(entry, "parked", reason=error.code or "rejected", words=error.words)
        entries.park(
            self.token, entry, reason=error.code or "rejected", words=error.words, field=error.field
        )
