"""The account that a new contact stands on: the company's own, or one made for it.

A made one is announced by an Entry before it is sent to Zoho, which is withdrawn when the contact
is there. Whatever dies between the two, a worker finds the Entry (orphans.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from connector.models import Connection
from connector.wording import Wording as _
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Temporary
from connector.zoho.records import Verdict
from journaling import entries
from journaling.check import CLOCK_SLACK
from journaling.creating import created
from journaling.models import Entry

LOST_ANSWER_WAIT = 3 * CLOCK_SLACK
"""Until an account is looked for of which only the name is known: by then no account that somebody
makes meanwhile can be taken for it."""
NOW = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Account:
    """`orphans` are Entries that delete it unless a contact is put on it."""

    zoho_id: str = ""
    orphans: Sequence[int] = ()


def find_account(client: ZohoClient, *, company: str) -> str:
    """The id of Zoho's account with this name, or "". Raises ZohoError."""
    rows = records.query(
        client,
        "select id from Accounts "  # noqa: S608
        f"where Account_Name = {records.quote_coql(company)} limit 1",
    )
    return str(rows[0]["id"]) if rows else ""


def announce(connection: Connection, *, company: str, number: str) -> Entry:
    """The Entry of an account that will be sent to Zoho."""
    return Entry.objects.create(
        connection=connection,
        kind=Entry.Kind.ACCOUNT,
        module=Entry.CORRECTIONS,
        state=Entry.State.WAITING,
        next_attempt_at=timezone.now() + LOST_ANSWER_WAIT,
        record={"company": company, "zoho_id": ""},
        person=company,
        number=number,
        number_key=number,
    )


def note_made(orphan: Entry, verdict: Verdict) -> Account:
    """Zoho has made it."""
    orphan.record = {**(orphan.record or {}), "zoho_id": verdict.zoho_id}
    entries.postpone(
        [orphan.pk],
        wait=created.LEASE,
        record=orphan.record,
        zoho_modified_at=verdict.modified_at,
    )
    return Account(zoho_id=verdict.zoho_id, orphans=[orphan.pk])


def take_orphans(connection: Connection, *, zoho_id: str, company: str, number: str) -> Account:
    """Keep workers from deleting an account that is found, while a contact is put on it. Raises
    Temporary when one is doing so."""
    waiting = Entry.objects.filter(
        connection__grant__organisation=connection.grant.organisation_id,
        module=Entry.CORRECTIONS,
        kind=Entry.Kind.ACCOUNT,
        next_attempt_at__isnull=False,
    )
    same = [one for one in waiting if is_about(one, zoho_id=zoho_id, company=company)]
    for one in same:
        knows_id = (one.record or {}).get("zoho_id")
        wait = created.LEASE if knows_id else LOST_ANSWER_WAIT
        if not entries.postpone([one.pk], wait=wait, number=number, number_key=number):
            raise Temporary(_("The company's account is being deleted at this moment."))
    return Account(zoho_id=zoho_id, orphans=[one.pk for one in same])


def is_about(orphan: Entry, *, zoho_id: str, company: str) -> bool:
    facts = orphan.record or {}
    if facts.get("zoho_id"):
        return bool(facts["zoho_id"] == zoho_id)
    return str(facts.get("company")).casefold() == company.casefold()
