"""The rows that keep a number from being created twice."""

import uuid
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from connector.models import Connection
from journaling.models import CreatedPerson, Entry

LEASE = timedelta(seconds=60)
KEPT_BY_ENTRY = timedelta(days=10)
"""Longer than an Entry is tried."""


def find_created(connection: Connection, *, number_key: str) -> CreatedPerson | None:
    """The finished creation of this number by the portal."""
    rows = CreatedPerson.objects.filter(connection=connection, number_key=number_key)
    return rows.exclude(zoho_id="").first()


def claim_number(connection: Connection, *, number_key: str, module: str) -> CreatedPerson | None:
    """The row, claimed for a minute; None while somebody else creates this number."""
    now = timezone.now()
    row, _made = CreatedPerson.objects.get_or_create(
        connection=connection, number_key=number_key, defaults={"module": module}
    )
    token = uuid.uuid4()
    free = CreatedPerson.objects.filter(
        Q(claim__isnull=True) | Q(claimed_until__lt=now), pk=row.pk, zoho_id=""
    )
    if not free.update(claim=token, claimed_until=now + LEASE, module=module):
        return None
    return CreatedPerson.objects.get(pk=row.pk)


def take_from_entry(connection: Connection, *, number_key: str) -> None:
    """Somebody creates the person whose Entry keeps the number and waits for a decision. Should it
    be tried again, it finds them in Zoho."""
    person = Entry.objects.filter(
        connection=connection, kind=Entry.Kind.PERSON, number_key=number_key
    )
    kept = CreatedPerson.objects.filter(
        connection=connection, number_key=number_key, claimed_until__gt=timezone.now() + LEASE
    )
    if kept.exists() and not person.filter(state__in=Entry.OPEN_STATES).exists():
        kept.update(claim=None, claimed_until=None)


def is_being_created(connection: Connection, *, number_key: str) -> bool:
    rows = CreatedPerson.objects.filter(connection=connection, number_key=number_key)
    return rows.filter(claim__isnull=False, claimed_until__gte=timezone.now()).exists()


def held_by(row: CreatedPerson) -> Q:
    return Q(pk=row.pk, claim=row.claim)


def mark_created(row: CreatedPerson, *, zoho_id: str) -> None:
    CreatedPerson.objects.filter(held_by(row)).update(
        zoho_id=zoho_id,
        is_unsure=False,
        claim=None,
        claimed_until=None,
        created_at=timezone.now(),
    )


def mark_unsure(row: CreatedPerson) -> None:
    """The answer to a write never came: the next try asks Zoho first."""
    CreatedPerson.objects.filter(held_by(row)).update(
        is_unsure=True, claim=None, claimed_until=None
    )


def give_back(row: CreatedPerson) -> None:
    """Nothing was made."""
    CreatedPerson.objects.filter(held_by(row)).update(claim=None, claimed_until=None)


def hand_to_entry(row: CreatedPerson) -> None:
    """An Entry keeps the claim for as long as it takes; its owner is the agent already."""
    now = timezone.now()
    CreatedPerson.objects.filter(held_by(row)).update(
        claimed_until=now + KEPT_BY_ENTRY, handed_at=now
    )


def mark_entry_created(
    connection: Connection, *, number_key: str, zoho_id: str, module: str
) -> None:
    """The Entry that held the number was delivered."""
    CreatedPerson.objects.filter(connection=connection, number_key=number_key).update(
        zoho_id=zoho_id, module=module, is_unsure=False, claim=None, claimed_until=None
    )
