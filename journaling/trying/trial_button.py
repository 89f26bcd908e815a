"""The button's own test call: it helps the corridor along instead of waiting for beat's tick."""

import time

from django.utils import timezone
from django.utils.translation import gettext as _

from connector.models import Connection
from journaling.deliver import deliver_some
from journaling.lanes import hold_lane, list_ready_connections
from journaling.models import Entry, TrialCall
from journaling.settle import settle_connection
from journaling.trying.trial_call import WORDS, Outcome, begin_trial, describe_trial, look_after

PATIENCE = 15.0
POLL = 0.5


def send_test_call(connection: Connection) -> Outcome:
    """Ends within half a minute. What is still on its way then is ended by the canary's task."""
    if not list_ready_connections(now=timezone.now()).filter(pk=connection.pk).exists():
        return Outcome(is_good=False, sentence=str(WORDS["stands_still"]))
    trial = begin_trial(connection)
    if trial is None:
        return Outcome(is_good=None, sentence=str(WORDS["running"]))
    give_up_at = time.monotonic() + PATIENCE
    while trial.ended_at is None:
        help_along(trial)
        look_after(trial)
        if time.monotonic() > give_up_at:
            break
        if trial.ended_at is None:
            time.sleep(POLL)
    outcome = describe_trial(trial)
    if outcome.is_good is None:
        words = _("It has not ended yet; the result will stand on this page.")
        return Outcome(is_good=None, sentence=f"{outcome.sentence} {words}")
    return outcome


def help_along(trial: TrialCall) -> None:
    """What a worker would do at the next tick; when one does it already, nothing."""
    settle_connection(trial.connection_id)
    entry = Entry.objects.filter(events=trial.event_id, state__in=Entry.OPEN_STATES).first()
    if entry is None:
        return
    with hold_lane(connection_id=trial.connection_id, module=entry.module) as lease:
        if lease:
            deliver_some(trial.connection_id, entry.module)
