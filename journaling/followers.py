"""What does not fit into a record follows it: each note and attachment is an Entry of its own."""

from collections.abc import Sequence

from django.utils import timezone

from connector.wording import Wording as _
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Rejected
from connector.zoho.records import Verdict
from journaling.compose import Composed
from journaling.models import Entry
from journaling.references import offer_references
from journaling.render import Overflow

MODULES = {"note": "Notes", "attachment": "Attachments"}


def replace_followers(composed: Sequence[Composed]) -> None:
    """Followers as of this rendering; those of an earlier one that was never sent go."""
    parents = [c.entry.pk for c in composed if c.overflow or c.entry.tries]
    # Calls come after the person created for them, and stay.
    old = Entry.objects.filter(after__in=parents, first_sent_at__isnull=True)
    old.filter(kind__in=MODULES).delete()
    for item in composed:
        if item.overflow:
            make_followers(item.entry, item.overflow)


def make_followers(parent: Entry, overflow: Sequence[Overflow]) -> None:
    """Their references follow from the parent's, so that they are known again."""
    references = {kind: offer_references(parent, kind=kind) for kind in MODULES}
    Entry.objects.bulk_create(
        make_follower(parent, part, reference=next(references[part.kind])) for part in overflow
    )


def make_follower(parent: Entry, part: Overflow, *, reference: str) -> Entry:
    """Due as soon as its parent stands in Zoho."""
    record = {"title": part.title, "content": part.content}
    if part.kind == "note":
        mark = f"\nref {reference}"
        record = {"Note_Title": part.title, "Note_Content": part.content + mark}
    return Entry(
        connection_id=parent.connection_id,
        kind=part.kind,
        module=MODULES[part.kind],
        reference=reference,
        state=Entry.State.WAITING,
        after=parent,
        ask_first=parent.ask_first,
        next_attempt_at=timezone.now(),
        record=record,
        number=parent.number,
        number_key=parent.number_key,
        person=parent.person,
        extension=parent.extension,
        started_at=parent.started_at,
        ended_at=parent.ended_at,
    )


def attach_file(client: ZohoClient, entry: Entry) -> Verdict:
    """Upload a follower as a text file whose name carries the reference."""
    parent, record = entry.after, entry.record or {}
    if not parent or not parent.zoho_id:
        raise Rejected(_("The record that this file belongs to is not in Zoho."), code="no_parent")
    return records.attach(
        client,
        module=parent.module,
        zoho_id=parent.zoho_id,
        filename=f"{record['title']} {entry.reference}.txt",
        content=record["content"].encode(),
    )
