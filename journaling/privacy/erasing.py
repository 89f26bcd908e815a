"""Erase a person: first in Zoho, if that was asked for, then in the portal."""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Model

from connector.models import MirroredKey, MirroredPerson
from connector.phones import mask_number
from connector.sync.statements import take_turn
from journaling.call_log.erased import remember_erased
from journaling.models import Attempt, Entry
from journaling.privacy.certificate import Certificate
from journaling.privacy.holdings import Holdings, list_written
from journaling.privacy.scrubbing import Mention, find_mentions, scrub
from journaling.privacy.subject import Subject, refuse_employees
from journaling.privacy.zoho_records import Deleted, delete_records
from journaling.spool import list_files
from journaling.sweep import sweep_spool

log = logging.getLogger(__name__)

SPOOL_SECONDS = 6
"""A web process lets go of its spool every two seconds while the database answers."""


class BeingSent(Exception):
    """A worker is writing something of the person to Zoho at this moment."""


def erase(subjects: Sequence[Subject], *, asked: str, in_zoho: bool) -> Certificate:
    """Raises BeingSent and NotAPerson; then the portal's own rows are as they were."""
    refuse_employees(subjects)
    certificate = Certificate(asked=asked, subjects=subjects, spool_files=empty_spool())
    holdings = [Holdings(subject=subject) for subject in subjects]
    for one in holdings:
        refuse_being_sent(one)
    for one in holdings:
        erase_one(one, certificate, in_zoho=in_zoho)
    certificate.mentions = merge(m for subject in subjects for m in find_mentions(subject))
    log.info("erased %s", mask_number(asked))
    return certificate


def refuse_being_sent(holdings: Holdings) -> None:
    """Also locks the rows, within a transaction."""
    own = Entry.objects.filter(pk__in=holdings.entry_ids)
    if own.filter(state=Entry.State.SENDING).exists():
        raise BeingSent


def erase_one(holdings: Holdings, certificate: Certificate, *, in_zoho: bool) -> None:
    connection = holdings.subject.connection
    written = list_written(holdings)
    outcome = Deleted(gone=[], left=[(record, "") for record in written])
    if in_zoho:
        outcome = delete_records(connection, written)
    certificate.note_zoho(connection, outcome)
    certificate.note_people(connection, holdings.people, gone=outcome.gone)
    certificate.note_doubtful(holdings.entries)
    certificate.erased.update(delete_rows(holdings))
    certificate.scrubbed = merge([*certificate.scrubbed, *scrub(holdings.subject)])


def delete_rows(holdings: Holdings) -> Counter[str]:
    """All of one connection, or nothing; counts by table."""
    ids = holdings.entry_ids
    counts: Counter[str] = Counter()
    with transaction.atomic():
        list(Entry.objects.select_for_update().filter(pk__in=ids).values_list("pk"))
        refuse_being_sent(holdings)
        remember_erased(holdings.subject.connection, holdings.subject.keys)
        attempts = list(Attempt.objects.filter(entries__in=ids).values_list("pk", flat=True))
        people = list(holdings.mirrored.values_list("pk", flat=True))
        for rows in (
            holdings.events,
            Entry.objects.filter(pk__in=ids),
            Attempt.objects.filter(pk__in=attempts, verdicts__isnull=True),
            holdings.created,
            holdings.clicks,
            holdings.knocks,
        ):
            counts.update(rows.delete()[1])
        with take_turn():
            counts.update(MirroredKey.objects.filter(person__in=people).delete()[1])
            counts.update(MirroredPerson.objects.filter(pk__in=people).delete()[1])
    return counts


def merge(mentions: Iterable[Mention]) -> list[Mention]:
    """One for each table."""
    rows: Counter[type[Model]] = Counter()
    for mention in mentions:
        rows[mention.model] += mention.rows
    return [Mention(model=model, rows=number) for model, number in rows.items()]


def empty_spool() -> int:
    """Bring what waits beside the database into it; returns how many files nobody let go."""
    give_up_at = time.monotonic() + SPOOL_SECONDS
    sweep_spool()
    while list_files() and time.monotonic() < give_up_at:
        time.sleep(0.2)
        sweep_spool()
    return len(list_files())
