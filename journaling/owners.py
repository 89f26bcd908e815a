"""Who owns a record in Zoho: decided when it is rendered; a completed call keeps its owner."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from connector.models import Agent, Connection, Queue, ZohoOrganisation, ZohoUser
from connector.threecx.reports import CallReport, CallType, Report
from journaling.models import Entry, JournalSettings

Rule = JournalSettings.OwnerRule


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A Zoho user and the rule that chose them. An empty id leaves it to the connected user."""

    zoho_id: str
    name: str
    rule: str


RULED_TRIES = 2
"""How many owners are chosen by the rules before the fallback has to do."""

CONNECTED_USER = Owner(zoho_id="", name="", rule="connected_user")


@dataclass(frozen=True, kw_only=True)
class Tables:
    """A connection's extensions and queues, saved or as somebody types them."""

    agents: Sequence[Agent]
    queues: Sequence[Queue]


def read_tables(connection: Connection) -> Tables:
    return Tables(agents=list(connection.agents.all()), queues=list(connection.queues.all()))


class OwnerBook:
    """Users, extensions and rules of one connection, read once for a batch."""

    def __init__(
        self, connection: Connection, organisation: ZohoOrganisation, *, tables: Tables
    ) -> None:
        self.connection = connection
        self.settings = connection.journal
        users = list(organisation.users.filter(active=True))
        self.by_email = {fold(user.email): user for user in users if user.email}
        self.by_id = {user.zoho_id: user for user in users}
        self.agents = tables.agents
        self.queue_owners = {queue.extension: queue.owner for queue in tables.queues}

    def choose(self, report: Report, *, record_owner: str, refused: Collection[str] = ()) -> Owner:
        """The first owner that a rule names and Zoho has not `refused`.

        After two refusals only the fallback owner is left, then the connected user.
        """
        for owner in self.list_candidates(report, record_owner=record_owner):
            allowed = len(refused) < RULED_TRIES or owner.rule == Rule.FALLBACK
            if allowed and owner.zoho_id not in refused:
                return owner
        return CONNECTED_USER

    def list_candidates(self, report: Report, *, record_owner: str) -> Iterator[Owner]:
        missed = isinstance(report, CallReport) and report.type == CallType.MISSED
        rules: list[str] = [self.settings.owner_missed] if missed else []
        rules += [Rule.AGENT, self.settings.owner_without_zoho_user, Rule.QUEUE, Rule.FALLBACK]
        for rule in rules:
            user, how = self.apply(rule, report, record_owner=record_owner)
            if user:
                yield Owner(zoho_id=user.zoho_id, name=user.name, rule=how)

    def apply(self, rule: str, report: Report, *, record_owner: str) -> tuple[ZohoUser | None, str]:
        if rule == Rule.AGENT:
            return self.find_agent_user(report)
        if rule == Rule.RECORD_OWNER:
            return self.by_id.get(record_owner), rule
        email = self.connection.fallback_owner
        if rule == Rule.QUEUE:
            email = self.queue_owners.get(report.queue, "")
        return self.by_email.get(fold(email)), rule

    def find_agent_user(self, report: Report) -> tuple[ZohoUser | None, str]:
        """By the map of extensions, else by the same e-mail on both sides."""
        agent = self.find_agent(report)
        if agent and agent.has_no_zoho_user:
            return None, "agent_has_no_zoho_user"
        if agent and (user := self.by_email.get(fold(agent.zoho_user or agent.email))):
            return user, "extension_map"
        return self.by_email.get(fold(report.agent_email)), "same_email"

    def find_agent(self, report: Report) -> Agent | None:
        """Extension and e-mail both right, else the extension alone, else the e-mail alone."""
        extension, email = report.agent, fold(report.agent_email)
        for agent in self.agents:
            if (agent.extension, fold(agent.email)) == (extension, email):
                return agent
        by_extension = [a for a in self.agents if extension and a.extension == extension]
        by_email = [a for a in self.agents if email and not a.extension and fold(a.email) == email]
        return next(iter(by_extension + by_email), None)

    def knows(self, report: Report) -> bool:
        """Whether the agent is settled; an unknown e-mail may be a user newer than our list."""
        user, how = self.find_agent_user(report)
        return bool(user) or how == "agent_has_no_zoho_user" or not report.agent_email


def list_refused(entry: Entry) -> list[str]:
    """The users whom Zoho did not accept for this entry since a person last tried it again."""
    refused: list[str] = []
    for row in entry.trace:
        if row["code"] == "released":
            refused.clear()
        elif row["code"] == "owner_refused":
            refused.append(row["zoho_id"])
    return refused


def fold(email: str) -> str:
    return email.strip().casefold()
