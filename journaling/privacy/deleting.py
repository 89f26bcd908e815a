"""Deleting the rows of one connection that are about the person."""

from collections import Counter

from django.db import transaction

from connector.models import MirroredKey, MirroredPerson
from connector.sync.statements import take_turn
from journaling.call_log.erased import remember_erased
from journaling.models import Attempt, Entry
from journaling.privacy.holdings import Holdings


class BeingSent(Exception):
    """A worker is writing something of the person to Zoho at this moment."""


def refuse_being_sent(holdings: Holdings) -> None:
    """Also locks the rows, within a transaction."""
    own = Entry.objects.filter(pk__in=holdings.entry_ids)
    if own.filter(state=Entry.State.SENDING).exists():
        raise BeingSent


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
