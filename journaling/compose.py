"""Step 3a: what rendering needs: the reports of a call, its card, its owner."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from connector.granting.grants import refresh_users
from connector.models import Connection, ZohoOrganisation
from connector.threecx.reports import CallReport, ChatReport, Report
from connector.zoho.client import ZohoClient
from journaling.cards import CardFinder
from journaling.correcting.chosen import find_chosen
from journaling.creating.handover import hand_over
from journaling.creating.strangers import (
    complete_person,
    find_in_zoho,
    is_wanted,
    make_card,
    open_stranger,
)
from journaling.drafts import Frame
from journaling.fields.dropped import list_dropped, mark_dropped
from journaling.fields.layouts import choose_layout
from journaling.follow_ups.calendar import find_due_day
from journaling.follow_ups.planning import plan_follow_up
from journaling.follow_ups.rendering import render_follow_up
from journaling.gathering import gather_call, gather_facts, list_events
from journaling.models import Entry, JournalSettings
from journaling.owners import Owner, OwnerBook, Tables, list_refused, read_tables
from journaling.render import CallFacts, Card, Overflow, Rendered, render_call, render_chat
from journaling.standing import find_stored_card
from journaling.telling.call_pages import build_page_url
from journaling.trace import note

RUN_AUTOMATIONS = "workflow"


class LeftOut(Exception):
    """A rule of the connection keeps this entry out of Zoho; the argument is the reason's code."""


class WaitsForPerson(Exception):
    """The call comes after `person`, an Entry that creates its caller in Zoho."""

    def __init__(self, person: Entry) -> None:
        super().__init__(person.reference)
        self.person = person


class AlreadyThere(Exception):
    """Zoho has the person of this entry; its `zoho_id` is filled."""


@dataclass(frozen=True, kw_only=True)
class Composed:
    """An entry whose `record` is ready to be sent, and what does not fit into it."""

    entry: Entry
    overflow: tuple[Overflow, ...] = ()


class Composer:
    """Composes the entries of one batch; users, people and deals are asked for once."""

    def __init__(
        self,
        client: ZohoClient,
        *,
        connection: Connection,
        organisation: ZohoOrganisation,
        tables: Tables | None = None,
    ) -> None:
        self.connection = connection
        self.settings: JournalSettings = connection.journal
        self.organisation = organisation
        self.client = client
        self.cards = CardFinder(client, connection=connection, organisation=organisation)
        self.tables = tables or read_tables(connection)
        self.owners = OwnerBook(connection, organisation, tables=self.tables)

    def compose(self, entry: Entry) -> Composed:
        """Fill the entry's record, trigger and decisions.

        Raises ZohoError, LeftOut, WaitsForPerson and AlreadyThere.
        """
        if entry.kind == Entry.Kind.PERSON:
            return self.compose_person(entry)
        if entry.kind == Entry.Kind.NOTE:
            return self.compose_note(entry)
        if entry.kind == Entry.Kind.FOLLOW_UP:
            return self.compose_follow_up(entry)
        if entry.kind == Entry.Kind.ATTACHMENT:
            if not entry.after or not entry.after.zoho_id:
                raise LeftOut("parent_missing")
            return Composed(entry=entry)
        if not list_events(entry):
            raise LeftOut("reports_elsewhere")
        facts = gather_facts(entry)
        if entry.is_trial and isinstance(facts, CallFacts):
            return self.compose_trial(entry, facts)
        composed = self.compose_facts(entry, facts)
        if isinstance(facts, CallFacts):
            hand_over(self.client, entry)
            if not entry.card_zoho_id:
                self.create_stranger(entry, facts.report)
            plan_follow_up(self.client, entry, connection=self.connection)
        return composed

    def compose_facts(self, entry: Entry, facts: CallFacts | ChatReport) -> Composed:
        """The same for facts at hand: nothing is written, the entry need not be stored."""
        report = facts.report if isinstance(facts, CallFacts) else facts
        card = make_card(entry) or self.cards.find(entry, report)
        if not card and self.settings.unknown_numbers == JournalSettings.UnknownNumbers.LEAVE_OUT:
            raise LeftOut("unknown_number")
        self.choose_owner(entry, report, card)
        self.choose_trigger(entry)
        rendered = self.render(entry, facts, card)
        entry.record = rendered.record
        entry.card_module, entry.card_zoho_id = (card.module, card.zoho_id) if card else ("", "")
        entry.person = (card.name if card else report.name)[:200]
        for row in rendered.notes:
            note(entry, **row)
        return Composed(entry=entry, overflow=rendered.overflow)

    def compose_trial(self, entry: Entry, facts: CallFacts) -> Composed:
        """A test call: never on a card, no automations, nothing that follows it."""
        self.choose_owner(entry, facts.report, None)
        record = self.render(entry, facts, None).record
        with translation.override(self.connection.language):
            entry.record = {**record, "Subject": _("Test call of the portal, deleted at once")}
        return Composed(entry=entry)

    def retell(self, entry: Entry) -> Rendered:
        """What a delivered entry would say with all that is known by now; asks Zoho nothing."""
        facts = gather_facts(entry)
        return self.render(entry, facts, find_stored_card(entry))

    def render(self, entry: Entry, facts: CallFacts | ChatReport, card: Card | None) -> Rendered:
        frame = self.make_frame(entry, card)
        if isinstance(facts, CallFacts):
            return render_call(facts, **frame)
        return render_chat(facts, **frame)

    def make_frame(self, entry: Entry, card: Card | None) -> Frame:
        return {
            "settings": self.settings,
            "language": self.connection.language,
            "time_zone": self.connection.time_zone,
            "card": card,
            "owner_zoho_id": entry.owner_zoho_id,
            "reference": entry.reference,
            "reference_field": self.connection.reference_field,
            "org_fields": mark_dropped(entry, self.organisation.fields),
            "layout_zoho_id": choose_layout(
                entry, settings=self.settings, organisation=self.organisation
            ),
            "page_url": build_page_url(entry) if self.settings.call_page_link else "",
        }

    def choose_owner(self, entry: Entry, report: Report, card: Card | None) -> None:
        """Whom a person chose; else by the rules."""
        chosen = find_chosen(entry)
        if chosen:
            owner = Owner(zoho_id=chosen.owner_zoho_id, name=chosen.owner, rule="by_hand")
        else:
            owner = self.apply_rules(entry, report, card)
        entry.owner_zoho_id = owner.zoho_id
        note(entry, "owner", rule=owner.rule, name=owner.name, zoho_id=owner.zoho_id)

    def apply_rules(self, entry: Entry, report: Report, card: Card | None) -> Owner:
        """Users whom Zoho refused for this entry before are passed over."""
        refused = list_refused(entry)
        if (refused or not self.owners.knows(report)) and refresh_users(
            self.organisation, self.client, unknown_email=True
        ):
            self.owners = OwnerBook(self.connection, self.organisation, tables=self.tables)
        return self.owners.choose(
            report, record_owner=card.owner_zoho_id if card else "", refused=refused
        )

    def choose_trigger(self, entry: Entry) -> None:
        """A backlog after an outage must not run the organisation's workflows hours later."""
        is_call = entry.kind == Entry.Kind.CALL
        rule = self.settings.automations_calls if is_call else self.settings.automations_chats
        age = timezone.now() - (entry.ended_at or entry.created_at)
        fresh = age <= timedelta(minutes=self.settings.fresh_minutes)
        runs = rule == "always" or (rule == "fresh" and fresh)
        entry.trigger = RUN_AUTOMATIONS if runs else ""
        minutes = max(0, int(age.total_seconds() // 60))
        note(entry, "automations", run=runs, rule=rule, age_minutes=minutes)

    def create_stranger(self, entry: Entry, report: CallReport) -> None:
        if not is_wanted(entry, report, connection=self.connection):
            return
        person = open_stranger(
            entry, report, connection=self.connection, owner_zoho_id=entry.owner_zoho_id
        )
        if person:
            note(entry, "waits_for_person", reference=person.reference)
            raise WaitsForPerson(person)

    def compose_person(self, entry: Entry) -> Composed:
        """Somebody may have entered the caller in the meantime; COQL sees them at once."""
        if found := find_in_zoho(self.client, entry):
            entry.zoho_id = str(found[0]["id"])
            note(entry, "found_delivered", zoho_id=entry.zoho_id)
            raise AlreadyThere
        complete_person(
            self.client, entry, connection=self.connection, organisation=self.organisation
        )
        if entry.reason == "owner_refused":
            entry.record = {**(entry.record or {})}
            entry.record.pop("Owner", None)
            entry.owner_zoho_id = ""
        dropped = list_dropped(entry)
        entry.record = {k: v for k, v in (entry.record or {}).items() if k not in dropped}
        return Composed(entry=entry)

    def compose_note(self, entry: Entry) -> Composed:
        parent = entry.after
        if not parent or not parent.zoho_id:
            raise LeftOut("parent_missing")
        link = {"module": {"api_name": parent.module}, "id": parent.zoho_id}
        entry.record = {**(entry.record or {}), "Parent_Id": link}
        return Composed(entry=entry)

    def compose_follow_up(self, entry: Entry) -> Composed:
        """The task to call back: on the card of its missed call, for the same owner."""
        call = entry.after
        if not call or not call.zoho_id:
            raise LeftOut("parent_missing")
        return self.compose_task(entry, gather_call(call).report)

    def compose_task(self, entry: Entry, report: CallReport) -> Composed:
        """The same for a report at hand: nothing is written, the entry need not be stored."""
        call = entry.after or entry
        card = find_stored_card(call)
        if entry.reason == "owner_refused" or not entry.owner_zoho_id:
            self.choose_owner(entry, report, card)
        entry.card_module, entry.card_zoho_id = call.card_module, call.card_zoho_id
        due_on = find_due_day(report.ended_at, connection=self.connection)
        entry.record = render_follow_up(
            report, due_on=due_on, **self.make_frame(entry, card)
        ).record
        return Composed(entry=entry)
