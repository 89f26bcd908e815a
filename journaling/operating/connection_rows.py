"""What each connection still has to do, as the queues page shows it: constant in queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from connector.models import Connection
from connector.moments import show_moment
from connector.state import Level, State, describe_state
from journaling.models import Entry, Lane, TrialCall
from journaling.telling.figures import list_parked_reasons
from journaling.telling.reasons import describe_reason
from journaling.trying.canary import read_last
from journaling.trying.trial_call import describe_trial

NOT_RETRIED = ("report_too_large", "unreadable_report")
"""There is nothing that could be sent."""


@dataclass(frozen=True, kw_only=True)
class ParkedReason:
    reason: str
    words: str
    number: int

    @property
    def can_retry(self) -> bool:
        return self.reason not in NOT_RETRIED


@dataclass(frozen=True, kw_only=True)
class ConnectionRow:
    """`claimed_until` is set while a worker holds something of this connection; `canary` tells of
    the last hourly test call, where one was made within a day."""

    connection: Connection
    state: State
    waiting: int
    oldest: str
    next_try: str
    parked: list[ParkedReason]
    claimed_until: str
    canary: str
    canary_level: Level


def list_rows(connections: Iterable[Connection]) -> list[ConnectionRow]:
    parked: dict[int, list[ParkedReason]] = defaultdict(list)
    for pk, reason, number in list_parked_reasons():
        words = describe_reason(reason)
        parked[pk].append(ParkedReason(reason=reason, words=words, number=number))
    next_tries, claims, canaries = read_next_tries(), read_claims(), read_last()
    return [
        describe(
            connection,
            next_try=next_tries.get(connection.pk),
            claimed_until=claims.get(connection.pk),
            parked=parked[connection.pk],
            canary=canaries.get(connection.pk),
        )
        for connection in connections
    ]


def describe(
    connection: Any,
    *,
    next_try: datetime | None,
    claimed_until: datetime | None,
    parked: list[ParkedReason],
    canary: TrialCall | None,
) -> ConnectionRow:
    grant = getattr(connection, "grant", None)
    waits = (grant.waits_until, grant.organisation.waits_until) if grant else ()
    zone = connection.time_zone
    if connection.held_code or connection.paused_at:
        next_try = None
    return ConnectionRow(
        connection=connection,
        state=describe_state(connection),
        waiting=connection.waiting + connection.sending,
        oldest=show_moment(connection.oldest_at, zone=zone),
        next_try=show_moment(max_moment(next_try, *waits), zone=zone) if next_try else "",
        parked=parked,
        claimed_until=show_moment(claimed_until, zone=zone) if claimed_until else "",
        canary=describe_canary(canary, zone=zone) if canary else "",
        canary_level=Level.SUCCESS if canary and canary.is_good else Level.DANGER,
    )


def describe_canary(trial: TrialCall, *, zone: str) -> str:
    return _("Last test call, %(moment)s: %(words)s") % {
        "moment": show_moment(trial.began_at, zone=zone),
        "words": describe_trial(trial).sentence,
    }


def max_moment(first: datetime, *waits: datetime | None) -> datetime:
    """An organisation or an access in trouble keeps everything waiting until its own moment."""
    now = timezone.now()
    return max([first, *(until for until in waits if until and until > now)])


def read_next_tries() -> dict[int, datetime]:
    open_entries = Entry.objects.filter(
        state__in=[Entry.State.SETTLING, Entry.State.WAITING, Entry.State.UNKNOWN],
        next_attempt_at__isnull=False,
    ).order_by()
    return dict(open_entries.values_list("connection").annotate(Min("next_attempt_at")))


def read_claims() -> dict[int, datetime]:
    sending = Entry.objects.filter(state=Entry.State.SENDING).order_by()
    lanes = Lane.objects.filter(claim__isnull=False).order_by()
    return dict(lanes.values_list("connection").annotate(Max("claimed_until"))) | dict(
        sending.values_list("connection").annotate(Max("claimed_until"))
    )
