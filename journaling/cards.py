"""Which record of Zoho a call or chat stands on."""

from typing import Any

from connector import directory
from connector.clicktocall.intents import find_intent
from connector.models import Connection, ZohoOrganisation
from connector.people.fields import name_module
from connector.people.live import Match, match_person
from connector.people.person import Person
from connector.people.reading import list_addresses
from connector.phones import Number, read_number
from connector.threecx.reports import CallReport, CallType, ChatReport, Report
from connector.zoho.client import ZohoClient
from journaling.models import Entry, JournalSettings
from journaling.render import Card
from journaling.trace import note

SHOWN_PEOPLE = 5
OUTGOING = (CallType.OUTBOUND, CallType.NOTANSWERED)
REPORTED = (Entry.Kind.CALL, Entry.Kind.CHAT)


class CardFinder:
    """Finds cards for one batch; every number and record is asked for once."""

    def __init__(
        self, client: ZohoClient, *, connection: Connection, organisation: ZohoOrganisation
    ) -> None:
        self.client = client
        self.connection = connection
        self.organisation = organisation
        self.people: dict[str, list[Match]] = {}
        self.named: dict[tuple[str, str], Person | None] = {}
        self.deals: dict[str, str] = {}

    def find(self, entry: Entry, report: Report) -> Card | None:
        """The card of the record that this one replaces; else the one that the agent dialled
        from; else the one that the PBX names, if it is here and holds the number; else our own
        search.

        Raises ZohoError; writes what it did to the entry's trace.
        """
        number = read_number(report.number, self.connection.number_rules)
        note(entry, "number_read", number=report.number, kind=number.kind, key=number.key)
        person = self.take_former(entry) or self.take_dialled(entry, report, number)
        person = person or self.take_named(entry, report, number)
        if not person and number.can_match:
            person = self.take_found(entry, self.find_by_number(number))
        if not person and isinstance(report, ChatReport) and report.email:
            person = self.take_found(entry, self.find_by_email(report.email))
        if not person:
            note(entry, "no_card")
            return None
        return self.make_card(person)

    def take_former(self, entry: Entry) -> Person | None:
        """A person may have put it there by hand."""
        former = entry.after
        if former is None or former.kind not in REPORTED or not former.card_zoho_id:
            return None
        person = self.read_named(former.card_module, former.card_zoho_id)
        if person:
            note(entry, "card_kept", module=person.module, name=person.name,
                 zoho_id=person.zoho_id)  # fmt: skip
        return person

    def take_dialled(self, entry: Entry, report: Report, number: Number) -> Person | None:
        """Where the agent clicked: believed without the number, which may stand in a note."""
        if not isinstance(report, CallReport) or report.type not in OUTGOING:
            return None
        intent = find_intent(
            self.connection,
            extension=report.agent,
            number_key=number.key,
            started_at=report.started_at,
        )
        if intent is None:
            return None
        person = self.read_named(intent.module, intent.zoho_id)
        note(entry, "dialled_from", verdict="taken" if person else "missing",
             module=intent.module, zoho_id=intent.zoho_id,
             name=person.name if person else "")  # fmt: skip
        return person

    def take_named(self, entry: Entry, report: Report, number: Number) -> Person | None:
        module = name_module(report.entity_type)
        if not module or not report.entity_id.isdigit():
            return None
        person = self.read_named(module, report.entity_id)
        holds = person and self.belongs(person, report, number)
        verdict = "taken" if holds else "without_number" if person else "missing"
        note(entry, "card_named", verdict=verdict, module=module, zoho_id=report.entity_id,
             name=person.name if person else "")  # fmt: skip
        return person if holds else None

    def belongs(self, person: Person, report: Report, number: Number) -> bool:
        if number.can_match:
            return bool(match_person(person, number, connection=self.connection))
        email = report.email if isinstance(report, ChatReport) else ""
        return bool(email) and email.strip().casefold() in list_addresses(person)

    def read_named(self, module: str, zoho_id: str) -> Person | None:
        key = (module, zoho_id)
        if key not in self.named:
            self.named[key] = directory.read_person(
                self.client, connection=self.connection, module=module, zoho_id=zoho_id
            )
        return self.named[key]

    def find_by_number(self, number: Number) -> list[Match]:
        if number.key not in self.people:
            self.people[number.key] = self.search_number(number)
        return self.people[number.key]

    def find_by_email(self, email: str) -> list[Match]:
        key = email.casefold()
        if key not in self.people:
            self.people[key] = self.search_email(email)
        return self.people[key]

    def search_number(self, number: Number) -> list[Match]:
        return directory.find_people(self.client, connection=self.connection, number=number)

    def search_email(self, email: str) -> list[Match]:
        return directory.find_by_email(self.client, connection=self.connection, email=email)

    def take_found(self, entry: Entry, matches: list[Match]) -> Person | None:
        found = [describe_match(match) for match in matches[:SHOWN_PEOPLE]]
        note(entry, "people_found", count=len(matches), people=found)
        if not matches:
            return None
        person = matches[0].person
        note(entry, "card_taken", module=person.module, name=person.name, zoho_id=person.zoho_id)
        return person

    def make_card(self, person: Person) -> Card:
        wanted = self.connection.journal.contact_parent
        deal = ""
        if person.module == "Contacts" and wanted == JournalSettings.ContactParent.NEWEST_OPEN_DEAL:
            deal = self.find_deal(person.zoho_id)
        return Card(
            module=person.module,
            zoho_id=person.zoho_id,
            name=person.name,
            account_zoho_id=person.account_zoho_id,
            deal_zoho_id=deal,
            owner_zoho_id=person.owner_zoho_id,
        )

    def find_deal(self, contact_id: str) -> str:
        if contact_id not in self.deals:
            self.deals[contact_id] = directory.find_newest_open_deal(
                self.client, organisation=self.organisation, contact_id=contact_id
            )
        return self.deals[contact_id]


def describe_match(match: Match) -> dict[str, Any]:
    person = match.person
    return {
        "module": person.module,
        "zoho_id": person.zoho_id,
        "name": person.name,
        "exact": match.is_exact,
    }
