"""Compare one day of a PBX's call log with the reports, and add what never came."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from connector.leases import LeaseLost, hold
from connector.models import Connection, DialSettings
from connector.phones import NumberKind, read_number
from connector.threecx.call_log import LoggedCall, fetch_call_log, read_call_log
from connector.threecx.xapi import PbxUser, XapiError, list_queues, list_users
from connector.wording import Wording as _
from connector.xapi_tokens import ask_pbx
from journaling.call_log import matching
from journaling.call_log.adding import add_calls, describe_missing, is_kept_out
from journaling.call_log.erased import ADDS_BACK, is_erased, list_erased
from journaling.call_log.late_texts import add_late_texts
from journaling.call_log.matching import Reported
from journaling.journals import load_journal
from journaling.models import Event, Reconciliation
from journaling.settle import lock_settling, make_settling_lane

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
NIGHT = timedelta(hours=2)
"""A day is compared from two o'clock of the next: its last calls are over and reported."""
LOOKS_BACK = 3
"""Days that are compared later when the PBX did not answer at night."""


@dataclass(frozen=True, kw_only=True)
class PbxLog:
    calls: Sequence[LoggedCall]
    users: Sequence[PbxUser]


def list_due(*, now: datetime) -> Iterator[tuple[int, date]]:
    """(connection, day) of what is still to be compared."""
    chosen = DialSettings.objects.filter(compare_call_log=True, connection__active=True)
    for dial in chosen.select_related("connection"):
        first = find_first_report(dial.connection)
        if not dial.has_api or first is None:
            continue
        zone = ZoneInfo(dial.connection.time_zone)
        last = (now.astimezone(zone) - NIGHT).date() - timedelta(days=1)
        days = [last - timedelta(days=back) for back in range(LOOKS_BACK)]
        rows = list_rows(dial.connection).filter(day__in=days, compared_at__isnull=False)
        done = set(rows.values_list("day", flat=True))
        for day in days:
            if day not in done and day >= first.astimezone(zone).date():
                yield dial.connection_id, day


def find_first_report(connection: Connection) -> datetime | None:
    """Before it the PBX was not joined to the portal: nothing is missing there."""
    reports = Event.objects.filter(connection=connection, source=Event.Source.REPORT)
    first = reports.order_by("received_at").first()
    return (first.started_at or first.received_at) if first else None


def list_rows(connection: Connection) -> Any:
    return Reconciliation.objects.filter(connection=connection, kind=Reconciliation.Kind.CALL_LOG)


def compare_day(connection: Connection, day: date) -> Reconciliation:
    """Of a day that is over, or still goes on. One worker at a time; others get the row as it is.

    HTTP comes first, then one transaction. Trouble is written on the row, never raised.
    """
    one = Reconciliation.choose(connection, day, kind=Reconciliation.Kind.CALL_LOG)
    with hold(one, lasting=LEASE) as lease:
        if lease is None:
            return one.get()
        try:
            pbx_log = fetch_log(connection, day)
            with transaction.atomic():
                facts = compare(connection, pbx_log)
                lease.write(compared_at=timezone.now(), trouble="", **facts)
        except XapiError as error:
            log.warning("%s: the call log was not read (%s)", connection.slug, error.code)
            lease.renew(trouble=error.words)
        except LeaseLost:
            log.warning("%s: another worker compares %s", connection.slug, day)
    return one.get()


def fetch_log(connection: Connection, day: date) -> PbxLog:
    """Raises XapiError."""
    dial = DialSettings.objects.filter(connection=connection).select_related("connection").first()
    if dial is None:
        raise XapiError(_("The PBX's API is not set up in the portal."), code="not_set_up")
    zone = ZoneInfo(connection.time_zone)
    since = datetime.combine(day, time(), tzinfo=zone)
    until = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    users = ask_pbx(dial, lambda url, token: list_users(url, token=token))
    queues = {queue.extension for queue in ask_pbx(dial, lambda u, t: list_queues(u, token=t))}
    rows = ask_pbx(dial, partial(fetch_call_log, since=since, until=until))
    calls = read_call_log(rows, users=users, queues=queues)
    return PbxLog(calls=[call for call in calls if is_outside(call, connection)], users=users)


def is_outside(call: LoggedCall, connection: Connection) -> bool:
    return read_number(call.number, connection.number_rules).kind != NumberKind.INTERNAL


def compare(connection: Connection, pbx_log: PbxLog) -> dict[str, Any]:
    """Within a transaction: no report is settled meanwhile. Returns figures and findings.

    A report that is stored meanwhile is settled afterwards, and finds what was added (twins).
    """
    make_settling_lane(connection)
    lock_settling(connection)
    calls, rules = pbx_log.calls, connection.number_rules
    units = list_reported(connection, calls) if calls else []
    shift = matching.find_shift(calls, units, rules=rules)
    matched = matching.match_calls(calls, units, rules=rules, shift=shift)
    unreported = [one for one in matched if not one.units]
    wanted_from, erased = find_beginning(connection), list_erased(connection)
    missing = [
        one
        for one in unreported
        if wanted_from
        and one.call.started_at + shift >= wanted_from
        and not is_kept_out(one.call, connection)
        and not is_erased(one.call, erased, rules=rules, shift=shift)
    ]
    lacking = [one for one in matched if one.lacks_answer]
    added = add_calls(connection, [*missing, *lacking], users=pbx_log.users, shift=shift)
    figures = {
        "calls": len(calls),
        "reported": len(calls) - len(unreported),
        "left_out": len(unreported) - len(missing),
        "missing": len(missing),
        "answers_missing": len(lacking),
        "added": added,
        "completed": add_late_texts(connection, matched, shift=shift),
        "shift_minutes": int(shift.total_seconds() // 60),
    }
    findings = [describe_missing(one.call, shift=shift) for one in missing]
    return {"figures": figures, "findings": findings[: Reconciliation.MOST_FINDINGS]}


def list_reported(connection: Connection, calls: Sequence[LoggedCall]) -> list[Reported]:
    """The reports around the log's calls, those of one entry together."""
    room = matching.LONGEST_SHIFT + matching.TOLERANCE
    events = Event.objects.filter(
        connection=connection,
        kind=Event.Kind.CALL,
        source=Event.Source.REPORT,
        started_at__gte=calls[0].started_at - room,
        started_at__lte=calls[-1].started_at + room,
    )
    units: dict[Any, list[Event]] = defaultdict(list)
    for event in events.defer("body").order_by("received_at", "pk"):
        units[event.entry_id or event.pk].append(event)
    return [make_unit(group) for group in units.values()]


def make_unit(events: Sequence[Event]) -> Reported:
    first = events[0]
    is_excluded = bool(first.excluded_by)
    return Reported(
        key=(first.number_key, None if is_excluded else first.call_type in matching.OUTGOING),
        started_at=min(event.started_at for event in events if event.started_at),
        agents=frozenset(event.extension for event in events if event.extension),
        is_answered=is_excluded or any(event.call_type in matching.ANSWERED for event in events),
        event_ids=tuple(event.pk for event in events),
    )


def find_beginning(connection: Connection) -> datetime | None:
    """From when on the portal should have got each call, and would have written it."""
    first = find_first_report(connection)
    settings = load_journal(connection)
    if first is None or not settings.calls_enabled:
        return None
    return max(filter(None, (first, settings.journal_from, timezone.now() - ADDS_BACK)))
