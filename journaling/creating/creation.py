"""A new contact or lead, created while somebody waits at the PBX's form.

Within three seconds there is a record, or nothing at all and a sentence why. The same number is
created once: our own row decides, and Zoho is asked by COQL, which sees fresh records, before
and after a lost answer.
"""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connector import breaker, directory
from connector.granting import grants
from connector.models import Connection, CreditHour, UnreadableSecret
from connector.people.fields import describe_person, list_fields
from connector.people.reading import build_match
from connector.people.searching import find_by_id
from connector.sync.storing import store_rows
from connector.sync.work import list_readings
from connector.threecx.answers import write_match
from connector.wording import Wording as _
from connector.wording import Words
from connector.zoho import records
from connector.zoho.client import LEAST_SECONDS, ZohoClient
from connector.zoho.errors import Rejected, Temporary, UnknownOutcome, ZohoError
from connector.zoho.records import Verdict
from journaling import entries
from journaling.creating import accounts, created
from journaling.creating.accounts import Account
from journaling.creating.mandatory import refuse_empty
from journaling.creating.newcomers import PHONE_COLUMNS, Wish, build_person, name_module
from journaling.fields.layouts import link_layout
from journaling.journals import load_journal
from journaling.models import CreatedPerson, JournalSettings
from journaling.owners import fold

log = logging.getLogger(__name__)

SECONDS = 2.7
"""For everything together; the PBX is answered within three seconds."""


class NotCreated(Exception):
    """Nothing was made. `status` is the HTTP status, `words` a sentence for the agent."""

    def __init__(self, words: Words, *, status: int) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


def create_person(connection: Connection, wish: Wish) -> list[str]:
    """The stored answer of the person with this number, created if need be. Raises NotCreated."""
    if not connection.contact_creation:
        raise NotCreated(
            _("Creating contacts is switched off on this connection's page."), status=403
        )
    if not wish.number.can_match:
        raise NotCreated(_("This number is withheld, internal or incomplete."), status=400)
    if known := directory.answer_number(connection, wish.number):
        return known
    if made := created.find_created(connection, number_key=wish.number.key):
        return answer_created(connection, made, wish)
    refuse_in_trouble(connection)
    created.take_from_entry(connection, number_key=wish.number.key)
    row = created.claim_number(
        connection, number_key=wish.number.key, module=name_module(connection)
    )
    if row is None:
        raise NotCreated(_("This number is being created right now. Look again."), status=409)
    return create_claimed(connection, wish, row)


def refuse_in_trouble(connection: Connection) -> None:
    grant = getattr(connection, "grant", None)
    if grant is None:
        raise NotCreated(_("This connection is not authorised at Zoho yet."), status=503)
    grant.organisation.refresh_from_db(fields=["waits_until"])
    if breaker.is_open(grant.organisation):
        raise NotCreated(
            _("Zoho does not answer at the moment. Nothing was created; try again later."),
            status=503,
        )


def create_claimed(connection: Connection, wish: Wish, row: CreatedPerson) -> list[str]:
    try:
        creation = Creation(connection, wish)
        found = creation.look() or creation.insert()
    except UnknownOutcome as error:
        created.mark_unsure(row)
        raise NotCreated(
            _("Zoho's answer did not arrive. Look again in a minute before you repeat it."),
            status=504,
        ) from error
    except (ZohoError, UnreadableSecret) as error:
        created.give_back(row)
        log.warning("%s: a person was not created: %s", connection.slug, error)
        status = 503 if isinstance(error, Temporary) else 422
        raise NotCreated(
            _("Zoho did not create it: %(words)s", words=error.words), status=status
        ) from error
    created.mark_created(row, zoho_id=found)
    creation.keep(found)
    row.zoho_id = found
    return answer_created(connection, row, wish)


def answer_created(connection: Connection, made: CreatedPerson, wish: Wish) -> list[str]:
    """As stored; of a record that the mirror keeps out no more than what was typed."""
    return find_by_id(connection, made.zoho_id) or [describe_wish(connection, made, wish)]


def describe_wish(connection: Connection, made: CreatedPerson, wish: Wish) -> str:
    typed = {"First_Name": wish.first, "Last_Name": wish.last, "Phone": wish.number.key}
    organisation = connection.grant.organisation
    person = describe_person(
        {"id": made.zoho_id, "Company": wish.company, "Email": wish.email, **typed},
        module=made.module,
        organisation=organisation,
    )
    return write_match(build_match(person, crm_url=connection.crm_url, organisation=organisation))


class Creation:
    """The requests of one creation, all before one deadline."""

    def __init__(self, connection: Connection, wish: Wish) -> None:
        self.connection = connection
        self.wish = wish
        self.organisation = connection.grant.organisation
        self.settings = load_journal(connection)
        self.module = name_module(connection)
        self.record: dict[str, Any] = {}
        self.give_up_at = time.monotonic() + SECONDS
        self._client = grants.open_client(
            connection, timeout=SECONDS, work=CreditHour.Work.CREATION
        )

    @property
    def client(self) -> ZohoClient:
        """With the time that is left; raises Temporary when there is none."""
        left = self.give_up_at - time.monotonic()
        if left < LEAST_SECONDS:
            raise Temporary(_("Zoho took too long."), code="no_time")
        self._client.timeout = left
        return self._client

    def look(self) -> str:
        """The id of a record that holds the number in the form in which we write it, or ""."""
        columns = PHONE_COLUMNS[self.module]
        wanted = records.quote_coql(self.wish.number.key)
        where = " or ".join(f"{column} = {wanted}" for column in columns)
        rows = records.query(
            self.client,
            f"select id from {self.module} where ({where}) limit 1",  # noqa: S608
        )
        return str(rows[0]["id"]) if rows else ""

    def insert(self) -> str:
        """The id of the new record. An account that was made for it goes when it is refused."""
        self.record = build_person(
            self.wish,
            connection=self.connection,
            settings=self.settings,
            owner_zoho_id=self.find_owner(),
        )
        self.record |= link_layout(
            self.settings, module=self.module, organisation=self.organisation
        )
        will_be = {**self.record, "Account_Name": self.wish.company}
        refuse_empty(
            will_be, module=self.module, organisation=self.organisation, client=self.client
        )
        account = self.find_account()
        if account.zoho_id:
            self.record["Account_Name"] = {"id": account.zoho_id}
        try:
            verdict = self.write(self.module, self.record)
        except UnknownOutcome:
            wait = timedelta(seconds=self.settings.unknown_seconds)
            entries.postpone(account.orphans, wait=wait)
            if found := self.look_again():
                return found
            raise
        except ZohoError:
            entries.postpone(account.orphans, wait=accounts.NOW)
            raise
        if verdict.outcome == "delivered":
            entries.withdraw(account.orphans)
        return verdict.zoho_id

    def write(self, module: str, record: Mapping[str, Any]) -> Verdict:
        """Zoho's word for the record, or for the one that it has already. Raises ZohoError."""
        rule = self.settings.automations_created_records
        trigger = [] if rule == JournalSettings.Automations.NEVER else ["workflow"]
        [verdict] = records.insert(self.client, module=module, records=[record], trigger=trigger)
        if verdict.outcome == "delivered" or (verdict.outcome == "duplicate" and verdict.zoho_id):
            return verdict
        kind = Temporary if verdict.outcome == "temporary" else Rejected
        raise kind(verdict.words, code=verdict.code, field=verdict.field)

    def look_again(self) -> str:
        try:
            return self.look()
        except ZohoError:
            return ""

    def find_owner(self) -> str:
        users = self.organisation.users.filter(active=True)
        wanted = fold(self.connection.fallback_owner)
        return next((user.zoho_id for user in users if wanted and fold(user.email) == wanted), "")

    def find_account(self) -> Account:
        """The account of the company, made where there is none; of contacts only."""
        company, number = self.wish.company[:200], self.wish.number.key
        if self.module != "Contacts" or not company:
            return Account()
        if found := accounts.find_account(self.client, company=company):
            return accounts.take_orphans(
                self.connection, zoho_id=found, company=company, number=number
            )
        orphan = accounts.announce(self.connection, company=company, number=number)
        owner = {"Owner": self.record["Owner"]} if "Owner" in self.record else {}
        try:
            verdict = self.write("Accounts", {"Account_Name": company, **owner})
        except UnknownOutcome:
            raise
        except ZohoError:
            entries.withdraw([orphan.pk])
            raise
        if verdict.outcome == "duplicate":
            entries.withdraw([orphan.pk])
            return Account(zoho_id=verdict.zoho_id)
        return accounts.note_made(orphan, verdict)

    def keep(self, zoho_id: str) -> None:
        """Write the record through to the mirror, as Zoho has it or at least as it was sent."""
        fields = list_fields(self.organisation, module=self.module)
        try:
            stored = records.read_record(
                self.client, module=self.module, zoho_id=zoho_id, fields=fields
            )
        except ZohoError:
            stored = None
        row = stored or {**self.record, "id": zoho_id}
        readings = list_readings(self.organisation)
        store_rows([row], module=self.module, organisation=self.organisation, readings=readings)
