"""Erase a person: first in Zoho, if that was asked for, then in the portal.

It takes as long as there are rows to look through, so it is done in small steps: a worker takes
them one after the other, and where it stops another one goes on.
"""

import json
import logging
import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from connector.leases import Lease, hold
from connector.phones import mask_number
from connector.silence import is_silent
from connector.wording import Words
from connector.zoho.errors import ZohoError
from journaling.models import Entry, Erasure
from journaling.privacy.certificate import Certificate, describe
from journaling.privacy.deleting import BeingSent, delete_rows, refuse_being_sent
from journaling.privacy.holdings import Holdings, list_written
from journaling.privacy.rewriting import TEXTS, list_doubtful, list_standing, rewrite_record
from journaling.privacy.scrubbing import Mention, black_out, list_models, look_through
from journaling.privacy.sealing import read_certificate, read_plan, write_certificate, write_plan
from journaling.privacy.subject import Subject, refuse_employees
from journaling.privacy.zoho_records import Deleted, delete_records
from journaling.spooling.spool import list_files
from journaling.spooling.sweep import sweep_spool

log = logging.getLogger(__name__)

SPOOL_SECONDS = 6
"""A web process lets go of its spool every two seconds while the database answers."""
LEASE = timedelta(minutes=10)
"""Longer than Zoho takes to delete all that was written about one person."""
MOST_SECONDS = 30


def begin(subjects: list[Subject], *, asked: str, in_zoho: bool) -> Erasure:
    """To be worked on. Raises NotAPerson."""
    refuse_employees(subjects)
    certificate = Certificate(asked=asked, subjects=subjects)
    return Erasure.objects.create(
        asked=asked,
        plan=write_plan(subjects),
        certificate=write_certificate(certificate),
        in_zoho=in_zoho,
    )


def erase(subjects: list[Subject], *, asked: str, in_zoho: bool) -> Certificate:
    """At once, for somebody who waits; nothing is kept. Raises BeingSent and NotAPerson."""
    erasure = begin(subjects, asked=asked, in_zoho=in_zoho)
    try:
        work_on(erasure.pk, seconds=math.inf)
        while Erasure.objects.filter(pk=erasure.pk, finished_at=None).exists():
            time.sleep(0.5)  # a worker was quicker
            work_on(erasure.pk, seconds=math.inf)
        erasure.refresh_from_db()
        return read_finished(erasure)
    finally:
        erasure.delete()


def measure(erasure: Erasure) -> int:
    """Percent of the tables that were looked through."""
    steps = 1 + len(list_models())
    whole = steps * max(1, len(json.loads(erasure.plan.reveal())))
    done = whole if erasure.finished_at else erasure.subject * steps + erasure.table
    return min(100, 100 * done // whole)


def list_unfinished() -> list[int]:
    """None on a copy of the database, which has to leave Zoho alone."""
    if is_silent():
        return []
    return list(Erasure.objects.filter(finished_at=None).values_list("pk", flat=True))


def work_on(pk: int, *, seconds: float = MOST_SECONDS) -> None:
    """One step, and more for so long; nothing while another worker has it. Raises BeingSent."""
    give_up_at = time.monotonic() + seconds
    with hold(Erasure.objects.filter(pk=pk, finished_at=None), lasting=LEASE) as lease:
        work = Work.take_up(lease) if lease else None
        while work and not work.is_over:
            work.do_step()
            if time.monotonic() >= give_up_at:
                break


def read_finished(erasure: Erasure) -> Certificate:
    subjects = read_plan(erasure.plan.reveal())
    return read_certificate(
        erasure.certificate.reveal(), asked=erasure.asked.reveal(), subjects=subjects
    )


@dataclass(kw_only=True)
class Work:
    """One step: all rows of the person at one connection, or a batch of a table's rows that may
    mention them."""

    lease: Lease[Erasure]
    certificate: Certificate
    subjects: list[Subject]
    is_over: bool = False

    @classmethod
    def take_up(cls, lease: Lease[Erasure]) -> "Work":
        certificate = read_finished(lease.row)
        return cls(lease=lease, certificate=certificate, subjects=list(certificate.subjects))

    def do_step(self) -> None:
        row = self.lease.row
        if row.subject >= len(self.subjects):
            self.is_over = True
            self.lease.write(finished_at=timezone.now(), is_hindered=False)
            log.info("erased %s", mask_number(self.certificate.asked))
        elif row.table == 0:
            self.erase_rows(self.subjects[row.subject])
        else:
            self.look_at_batch(self.subjects[row.subject])

    def erase_rows(self, subject: Subject) -> None:
        """What was counted is stored together with the deletion."""
        if self.lease.row.subject == 0:
            self.certificate.spool_files = empty_spool()
        holdings = Holdings(subject=subject)
        try:
            refuse_being_sent(holdings)
            outcome = self.delete_in_zoho(holdings)
            self.certificate.doubtful += holdings.doubtful
            with transaction.atomic():
                counts = delete_rows(holdings)
                self.note_rows(holdings, outcome=outcome, counts=counts)
                self.save(table=1, after="", is_hindered=False)
        except BeingSent:
            self.lease.write(is_hindered=True)
            raise

    def delete_in_zoho(self, holdings: Holdings) -> Deleted:
        written = list_written(holdings)
        if not self.lease.row.in_zoho:
            return Deleted(gone=[], left=[(record, "") for record in written])
        return delete_records(holdings.subject.connection, written)

    def note_rows(self, holdings: Holdings, *, outcome: Deleted, counts: Counter[str]) -> None:
        connection = holdings.subject.connection
        self.certificate.note_zoho(connection, outcome)
        self.certificate.note_people(connection, holdings.people, gone=outcome.gone)
        self.certificate.erased.update(counts)

    def look_at_batch(self, subject: Subject) -> None:
        models, row = list_models(), self.lease.row
        model = models[row.table - 1]
        found, last = look_through(model, subject, after=row.after)
        mention = Mention(model=model, rows=len(found))
        place = "mentions" if mention.is_setting else "scrubbed"
        self.certificate.doubtful += list_doubtful(found)
        for entry in list_standing(found, subject=subject):
            self.black_out_in_zoho(entry, subject=subject)
        with transaction.atomic():
            for one in () if mention.is_setting else found:
                black_out(one, subject=subject)
            known = getattr(self.certificate, place)
            setattr(self.certificate, place, merge([*known, mention]))
            if last:
                self.save(after=last)
            elif row.table < len(models):
                self.save(table=row.table + 1, after="")
            else:
                self.save(subject=row.subject + 1, table=0, after="")

    def black_out_in_zoho(self, entry: Entry, *, subject: Subject) -> None:
        self.lease.write()
        record = describe(subject.connection, (entry.module, entry.zoho_id))
        words: Words = ""
        if self.lease.row.in_zoho and entry.module in TEXTS:
            try:
                rewrite_record(entry, subject=subject)
            except ZohoError as error:
                words = error.words
            else:
                self.certificate.zoho_scrubbed.append(record)
                return
        self.certificate.zoho_mentions.append({**record, "words": words})

    def save(self, **changes: object) -> None:
        self.lease.write(certificate=write_certificate(self.certificate), **changes)


def merge(mentions: Iterable[Mention]) -> list[Mention]:
    """One for each table that has any."""
    rows: Counter[type[Model]] = Counter()
    for mention in mentions:
        rows[mention.model] += mention.rows
    return [Mention(model=model, rows=number) for model, number in rows.items() if number]


def empty_spool() -> int:
    """Bring what waits beside the database into it; returns how many files nobody let go."""
    give_up_at = time.monotonic() + SPOOL_SECONDS
    sweep_spool()
    while list_files() and time.monotonic() < give_up_at:
        time.sleep(0.2)
        sweep_spool()
    return len(list_files())
