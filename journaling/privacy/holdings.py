"""Which rows of a connection are about a person."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from connector.models import DialIntent, MirroredPerson, RefusedKnock
from connector.people.reading import fold_address
from connector.threecx.payloads import UnreadableReport
from connector.threecx.reports import ChatReport
from journaling.ingest import list_reports
from journaling.models import CreatedPerson, Entry, Event
from journaling.privacy.subject import Subject, list_organisations

DOUBTFUL = ("unknown_outcome", "several_candidates")
ORDER = ("Notes", "Calls", "Tasks", "Contacts", "Leads")


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """Everything that belongs to the person; what only mentions them is journaling.privacy's
    scrubbing."""

    subject: Subject

    @cached_property
    def entry_ids(self) -> list[int]:
        """Calls and chats with the person or on their card, and all that follows them."""
        own = Entry.objects.filter(connection=self.subject.connection)
        chosen = Q(number_key__in=self.subject.keys) | Q(events__in=self.chat_ids)
        for person in self.people:
            chosen |= Q(card_module=person.module, card_zoho_id=person.zoho_id)
        found = set(own.filter(chosen).values_list("pk", flat=True))
        fresh = found
        while fresh:
            fresh = set(own.filter(after__in=fresh).values_list("pk", flat=True)) - found
            found |= fresh
        return sorted(found)

    @cached_property
    def chat_ids(self) -> list[object]:
        """Reports whose own words say that they are about one of the addresses."""
        if not self.subject.addresses:
            return []
        kept = Event.objects.filter(connection=self.subject.connection, body_deleted_at=None)
        doubtful = kept.filter(Q(kind=Event.Kind.CHAT) | ~Q(unreadable_reason=""))
        return [
            event.pk
            for event in doubtful.prefetch_related("versions").iterator(chunk_size=500)
            if self.is_about(event)
        ]

    def is_about(self, event: Event) -> bool:
        if event.unreadable_reason:
            return bool(self.subject.byte_pattern.search(bytes(event.body)))
        try:
            reports = list_reports(event)
        except UnreadableReport:
            return False
        addresses = {fold_address(one.email) for one in reports if isinstance(one, ChatReport)}
        return bool(addresses & self.subject.addresses)

    @property
    def entries(self) -> QuerySet[Entry]:
        return Entry.objects.filter(pk__in=self.entry_ids)

    @property
    def doubtful(self) -> list[str]:
        """References of what may stand in Zoho although the portal does not know it."""
        is_doubtful = Q(state=Entry.State.UNKNOWN) | Q(reason__in=DOUBTFUL)
        return list(self.entries.filter(is_doubtful).values_list("reference", flat=True))

    @property
    def events(self) -> QuerySet[Event]:
        """Also of nobody's entry yet."""
        own = Event.objects.filter(connection=self.subject.connection)
        return own.filter(
            Q(entry__in=self.entry_ids)
            | Q(number_key__in=self.subject.keys)
            | Q(pk__in=self.chat_ids)
        )

    @cached_property
    def people(self) -> list[MirroredPerson]:
        return list(MirroredPerson.objects.filter(pk__in=self.subject.people))

    @property
    def mirrored(self) -> QuerySet[MirroredPerson]:
        """Also whoever mentions one of the numbers somewhere."""
        own = MirroredPerson.objects.filter(
            organisation__in=list_organisations(self.subject.connection)
        )
        return own.filter(
            Q(pk__in=self.subject.people) | Q(search_text__iregex=self.subject.spellings)
        )

    @property
    def created(self) -> QuerySet[CreatedPerson]:
        return CreatedPerson.objects.filter(
            connection=self.subject.connection, number_key__in=self.subject.keys
        )

    @property
    def clicks(self) -> QuerySet[DialIntent]:
        return DialIntent.objects.filter(
            connection=self.subject.connection, number_key__in=self.subject.keys
        )

    @property
    def knocks(self) -> QuerySet[RefusedKnock]:
        """Strangers may write what they like into an address."""
        return RefusedKnock.objects.filter(slug__iregex=self.subject.spellings)


def list_written(holdings: Holdings) -> list[tuple[str, str]]:
    """(module, id) of every record in Zoho that the portal wrote about the person: notes before
    what they stand on. Attachments go with their record."""
    delivered = holdings.entries.filter(state=Entry.State.DELIVERED, module__in=ORDER)
    found = set(delivered.exclude(zoho_id="").values_list("module", "zoho_id"))
    found |= set(holdings.created.exclude(zoho_id="").values_list("module", "zoho_id"))
    return sorted(found, key=lambda pair: (ORDER.index(pair[0]), pair[1]))
