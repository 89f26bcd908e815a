"""Try without writing: what would become of a report, by the corridor's own code.

Nothing is stored and nothing is sent to Zoho but questions.
"""

import copy
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from connector.granting.grants import open_client
from connector.models import Connection
from connector.threecx.reports import CallReport, ChatReport
from connector.zoho.errors import Rejected
from connector.zoho.records import build_body
from journaling.compose import Composer, LeftOut
from journaling.correcting.chosen import list_chosen
from journaling.creating.strangers import is_wanted
from journaling.door import pass_door
from journaling.follow_ups.planning import foresee_follow_up
from journaling.gathering import GATHERED, gather_facts, list_events
from journaling.ingest import describe_event, read_event
from journaling.models import Entry, Event
from journaling.owners import Tables
from journaling.render import CallFacts, Overflow
from journaling.settle import choose_module, describe_rule, draft_entry, find_exclusion
from journaling.trace import note
from journaling.trying.asking_cards import AskingCardFinder

Facts = CallFacts | ChatReport
MOST_CALLS = 100
MOST_SECONDS = 40


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What would happen. `request` is None when nothing would be written; the entry's trace
    says why. `task` would follow, to call back."""

    entry: Entry
    request: dict[str, Any] | None = None
    overflow: tuple[Overflow, ...] = ()
    task: "Trial | None" = None

    @property
    def record(self) -> dict[str, Any]:
        return self.request["data"][0] if self.request else {}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One stored call for which other settings would write something else."""

    entry: Entry
    before: Trial
    after: Trial

    @property
    def fields(self) -> list[str]:
        """API names whose values differ; empty when only one of both would be written."""
        return compare_records(self.before, self.after)

    @property
    def task_fields(self) -> list[str]:
        """The same of the tasks to call back."""
        old, new = self.before.task, self.after.task
        return compare_records(old, new) if old and new else []

    @property
    def is_real(self) -> bool:
        return read_requests(self.before) != read_requests(self.after)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How many of the last calls were tried, and how many the time did not suffice for; about
    `asked` callers Zoho itself was asked."""

    tried: int
    left: int
    asked: int
    different: list[Difference]

    @property
    def same(self) -> int:
        return self.tried - len(self.different)


def compare_records(before: Trial, after: Trial) -> list[str]:
    old, new = before.record, after.record
    if not (old and new):
        return []
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def read_requests(trial: Trial) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    return trial.request, trial.task.request if trial.task else None


class Bench:
    """Tries reports with one connection as it is given, with its tables, saved or not; with
    `asks_zoho` as its “Records that nobody finds” are given, too. Raises ZohoError."""

    def __init__(
        self, connection: Connection, *, tables: Tables | None = None, asks_zoho: bool = False
    ) -> None:
        self.connection = connection
        client, organisation = open_client(connection), connection.grant.organisation
        both: dict[str, Any] = {"connection": connection, "organisation": organisation}
        self.composer = Composer(client, **both, tables=tables)
        if asks_zoho:
            self.composer.cards = AskingCardFinder(client, **both)

    def count_asked(self) -> int:
        """Callers about whom Zoho itself was asked, each once."""
        cards = self.composer.cards
        return len(cards.people) if isinstance(cards, AskingCardFinder) else 0

    def try_report(self, body: bytes, *, kind: str, received_at: datetime | None = None) -> Trial:
        """A report as the PBX would post it."""
        event = describe_event(
            connection=self.connection,
            kind=kind,
            body=body,
            template_version="",
            received_at=received_at or timezone.now(),
        )
        reason = find_exclusion(event, connection=self.connection)
        entry = draft_entry(event, settings=self.connection.journal, reason=reason)
        if entry.state != Entry.State.SETTLING:
            return Trial(entry=entry)
        report = read_event(event)
        facts = CallFacts(report=report) if isinstance(report, CallReport) else report
        return self.compose(entry, facts)

    def try_again(self, entry: Entry) -> Trial:
        """A stored call once more, from the door on; the stored one is left alone."""
        fresh = copy.copy(entry)
        fresh.trace, fresh.record, fresh.reason = list_chosen(entry), None, ""
        events = [self.pass_again(event) for event in list_events(entry)]
        for event in events:
            if reason := find_exclusion(event, connection=self.connection):
                note(fresh, "left_out", reason=reason, **describe_rule(event))
                return Trial(entry=fresh)
        setattr(fresh, GATHERED, events)
        fresh.module = choose_module(events[0], settings=self.connection.journal)
        facts = gather_facts(fresh)
        return self.compose(fresh, facts)

    def pass_again(self, event: Event) -> Event:
        """As it would come in by these settings; what went at the door does not come back."""
        if event.excluded_by:
            return event
        fresh = copy.copy(event)
        pass_door(fresh, read_event(event), connection=self.connection)
        return fresh

    def compose(self, entry: Entry, facts: Facts) -> Trial:
        try:
            composed = self.composer.compose_facts(entry, facts)
        except LeftOut as rule:
            note(entry, "left_out", reason=str(rule))
            return Trial(entry=entry)
        except Rejected as error:
            note(entry, "parked", reason=error.code or "rejected", words=error.words)
            return Trial(entry=entry)
        if (
            isinstance(facts, CallFacts)
            and not entry.card_zoho_id
            and is_wanted(entry, facts.report, connection=self.connection)
        ):
            note(entry, "would_create")
        return Trial(
            entry=entry,
            request=build_request(entry),
            overflow=composed.overflow,
            task=self.foresee_task(entry, facts),
        )

    def foresee_task(self, entry: Entry, facts: Facts) -> Trial | None:
        client = self.composer.client
        task = foresee_follow_up(client, entry, connection=self.connection)
        if task is None or not isinstance(facts, CallFacts):
            return None
        self.composer.compose_task(task, facts.report)
        note(entry, "would_follow_up", due=(task.record or {})["Due_Date"])
        return Trial(entry=task, request=build_request(task))


def build_request(entry: Entry) -> dict[str, Any]:
    return build_body([entry.record or {}], trigger=[entry.trigger] if entry.trigger else [])


def compare_last_calls(now: Bench, then: Bench, *, seconds: float = MOST_SECONDS) -> Comparison:
    """The newest first, as many as can be tried in this time."""
    give_up_at = time.monotonic() + seconds
    calls, tried, different = list(list_last_calls(now.connection)), 0, []
    for entry in calls:
        if time.monotonic() > give_up_at:
            break
        tried += 1
        found = Difference(entry=entry, before=now.try_again(entry), after=then.try_again(entry))
        if found.is_real:
            different.append(found)
    left = len(calls) - tried
    return Comparison(tried=tried, left=left, asked=then.count_asked(), different=different)


def list_last_calls(connection: Connection) -> Iterator[Entry]:
    kinds = [Entry.Kind.CALL, Entry.Kind.CHAT]
    newest = Entry.objects.filter(connection=connection, kind__in=kinds, is_trial=False).order_by(
        "-created_at"
    )
    for entry in newest[:MOST_CALLS]:
        if entry.events.filter(body_deleted_at=None).exists():
            yield entry


def flatten(record: Mapping[str, Any]) -> dict[str, str]:
    """For comparing and showing: every value as one text."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in record.items()
    }
