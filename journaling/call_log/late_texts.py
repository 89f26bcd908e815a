"""Recordings, transcripts and summaries that the PBX had only after it reported the call.

The log's row becomes a further version of the report, as if the PBX had repeated it with more:
then the text in Zoho is completed, or nothing was written yet and it is composed with all of it.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from connector.models import Connection
from connector.threecx.call_log import LoggedCall, LoggedLeg, write_report
from journaling.call_log.matching import ANSWERED, Matched
from journaling.gathering import merge_versions
from journaling.ingest import describe_event, list_reports, read_event
from journaling.models import Event, EventVersion

TEXTS = ("recording_url", "transcription", "summary")


def add_late_texts(connection: Connection, matched: Sequence[Matched], *, shift: timedelta) -> int:
    """Returns how many reports got what they lacked. Once: then they lack it no more."""
    calls = {
        event_id: one.call
        for one in matched
        if any(any(leg.texts.values()) for leg in one.call.legs)
        for unit in one.units
        for event_id in unit.event_ids
    }
    versions = [
        version
        for event in list_completable(calls)
        if (version := complete(event, calls[event.pk], connection=connection, shift=shift))
    ]
    EventVersion.objects.bulk_create(versions, ignore_conflicts=True)
    return len(versions)


def list_completable(ids: Iterable[uuid.UUID]) -> QuerySet[Event]:
    """Neither reduced by a rule, nor past the time that their texts are kept."""
    whole = Event.objects.filter(pk__in=list(ids), excluded_by="", body_deleted_at__isnull=True)
    return whole.prefetch_related("versions")


def complete(
    event: Event, call: LoggedCall, *, connection: Connection, shift: timedelta
) -> EventVersion | None:
    """The version that brings what the report and its repeats lack, without what may not leave
    the PBX; None when there is nothing."""
    leg = find_leg(event, call, shift=shift)
    if leg is None:
        return None
    body = write_report(call, leg, email="", shift=shift)
    now = timezone.now()
    passed = describe_event(
        connection=connection, kind=event.kind, body=body, template_version="", received_at=now
    )
    if passed.excluded_by:
        return None
    known, logged = merge_versions(list_reports(event)), read_event(event, body=bytes(passed.body))
    if not any(getattr(logged, name) and not getattr(known, name) for name in TEXTS):
        return None
    digest = hashlib.sha256(passed.body).hexdigest()
    return EventVersion(event=event, digest=digest, body=passed.body, received_at=now)


def find_leg(event: Event, call: LoggedCall, *, shift: timedelta) -> LoggedLeg | None:
    """The row of the same extension and outcome, the nearest when there are several."""
    answered = event.call_type in ANSWERED
    same = [
        leg
        for leg in call.legs
        if leg.agent == event.extension and (leg.type in ANSWERED) == answered
    ]
    began_at = event.started_at or event.received_at
    return min(same, key=lambda leg: abs(leg.started_at + shift - began_at), default=None)
