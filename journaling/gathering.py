"""The reports of a settled call or chat, as one set of facts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from connector.threecx.reports import CallReport, CallType, ChatReport, Report
from journaling.correcting.chosen import find_chosen
from journaling.ingest import FURTHER, list_reports
from journaling.models import Entry, Event
from journaling.render import CallFacts

ANSWERED = (CallType.INBOUND, CallType.OUTBOUND)
LATER_TEXTS = ("recording_url", "transcription", "summary", "sentiment", "messages", "name")
"""What a repeated report may bring after the first one."""

GATHERED = "gathered_events"
COUNTING = Event.objects.filter(report__isnull=True).order_by("received_at", "pk")
READ = ("entry", "kind", "body", "received_at")
"""What reading a report needs; its other columns take half of the time."""

AnyReport = TypeVar("AnyReport", bound=Report)


def gather_facts(entry: Entry) -> CallFacts | ChatReport:
    return gather_call(entry) if entry.kind == Entry.Kind.CALL else gather_chat(entry)


def gather_call(entry: Entry) -> CallFacts:
    """The legs of a call, of the kind that a person chose for it, where one did."""
    facts = gather_legs(entry)
    chosen = find_chosen(entry)
    if not chosen or not chosen.call_type:
        return facts
    return replace(facts, report=replace(facts.report, type=CallType(chosen.call_type)))


def gather_legs(entry: Entry) -> CallFacts:
    """Of answered legs the longest speaks; a transfer lasts as long as all."""
    legs = [merge_versions(list_reports(event)) for event in list_events(entry)]
    calls = [leg for leg in legs if isinstance(leg, CallReport)]
    answered = [leg for leg in calls if leg.type in ANSWERED]
    if not answered:
        return CallFacts(report=calls[0], other_legs=tuple(calls[1:]))
    speaker = max(answered, key=lambda leg: leg.seconds)
    others = tuple(leg for leg in calls if leg is not speaker)
    if len(answered) == 1:
        return CallFacts(report=speaker, other_legs=others)
    whole = replace(
        speaker,
        started_at=min(leg.started_at for leg in answered),
        ended_at=max(leg.ended_at for leg in answered),
        seconds=sum(leg.seconds for leg in answered),
    )
    return CallFacts(report=whole, other_legs=others)


def gather_chat(entry: Entry) -> ChatReport:
    report = merge_versions(list_reports(list_events(entry)[0]))
    if not isinstance(report, ChatReport):
        raise TypeError(f"entry {entry.pk} is a chat whose report is none")
    return report


def gather_events(batch: Sequence[Entry]) -> None:
    """Read the reports of a whole batch at once; `list_events` then asks no more."""
    if all(hasattr(entry, GATHERED) for entry in batch):
        return
    gather(batch, COUNTING.only(*READ).prefetch_related(Prefetch("versions", to_attr=FURTHER)))


def gather(batch: Sequence[Entry], events: QuerySet[Event]) -> None:
    prefetch_related_objects(batch, Prefetch("events", events, to_attr=GATHERED))


def list_events(entry: Entry) -> list[Any]:
    """A row of the PBX's call log gives way to its report."""
    if not hasattr(entry, GATHERED):
        gather([entry], COUNTING.prefetch_related("versions"))
    events: list[Any] = getattr(entry, GATHERED)
    return events


def merge_versions(versions: Sequence[AnyReport]) -> AnyReport:
    """The first report; texts that it lacks are taken from its repeats."""
    merged = versions[0]
    for later in versions[1:]:
        found = {
            name: getattr(later, name)
            for name in LATER_TEXTS
            if hasattr(merged, name) and not getattr(merged, name) and getattr(later, name)
        }
        merged = replace(merged, **found)
    return merged
