"""Calls of the PBX's log become events, as if they had been reported: marked so, and once."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.utils import timezone

from connector.exclusions import NEVER, find_rule
from connector.models import Connection
from connector.threecx.call_log import LoggedCall, LoggedLeg, write_report
from connector.threecx.payloads import CallReport, read_call
from connector.threecx.xapi import PbxUser
from journaling.call_log import matching
from journaling.call_log.matching import Matched
from journaling.ingest import describe_event
from journaling.models import Event


def add_calls(
    connection: Connection,
    calls: Sequence[Matched],
    *,
    users: Sequence[PbxUser],
    shift: timedelta,
) -> int:
    """Make their legs events, once: the constraint on `identity` decides. Returns how many calls
    were new."""
    known = set(
        Event.objects.filter(
            connection=connection,
            source=Event.Source.CALL_LOG,
            pbx_call_id__in=[one.call.call_id[:64] for one in calls],
        ).values_list("pbx_call_id", flat=True)
    )
    fresh = [one for one in calls if one.call.call_id[:64] not in known]
    emails = {user.extension: user.email for user in users}
    build = partial(build_event, connection=connection, emails=emails, shift=shift)
    events = [build(one.call, leg) for one in fresh for leg in list_lacking(one)]
    wanted = [event for event in events if not event.excluded_by]
    Event.objects.bulk_create(wanted, ignore_conflicts=True)
    for one in fresh:
        ids = [event_id for unit in one.units for event_id in unit.event_ids]
        Event.objects.filter(pk__in=ids).update(pbx_call_id=one.call.call_id[:64])
    return len(fresh)


def is_kept_out(call: LoggedCall, connection: Connection) -> bool:
    """Whether a rule of the connection wants nothing of it; such a report has no number either."""
    numbers, rules = connection.number_rules, connection.exclusions
    found = [
        find_rule(read_leg(call, leg), rules=rules, numbers=numbers) for leg in call.legs if rules
    ]
    return any(rule and rule["journal"] == NEVER for rule in found)


def read_leg(call: LoggedCall, leg: LoggedLeg) -> CallReport:
    body = write_report(call, leg, email="", shift=timedelta())
    return read_call(body, received_at=timezone.now())


def list_lacking(one: Matched) -> list[LoggedLeg]:
    """All legs, or those that were answered where the others were reported."""
    return [leg for leg in one.call.legs if not one.units or leg.type in matching.ANSWERED]


def build_event(
    call: LoggedCall,
    leg: LoggedLeg,
    *,
    connection: Connection,
    emails: dict[str, str],
    shift: timedelta,
) -> Event:
    event = describe_event(
        connection=connection,
        kind=Event.Kind.CALL,
        body=write_report(call, leg, email=emails.get(leg.agent, ""), shift=shift),
        template_version="",
        received_at=timezone.now(),
    )
    event.source = Event.Source.CALL_LOG
    event.pbx_call_id = call.call_id[:64]
    facts = ["call_log", call.call_id, leg.row_id, leg.agent, leg.started_at.isoformat()]
    event.identity = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    return event


def describe_missing(call: LoggedCall, *, shift: timedelta) -> dict[str, str]:
    answered = next((leg for leg in call.legs if leg.type in matching.ANSWERED), call.legs[0])
    at = (call.started_at + shift).isoformat()
    return {"code": "missing", "at": at, "number": call.number, "type": answered.type}
