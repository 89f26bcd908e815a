"""The canary: a test call every hour, where the connection wants it, and an alarm when it fails."""

from datetime import datetime, timedelta

from django.utils import timezone

from connector.models import Connection
from journaling.lanes import list_ready_connections
from journaling.models import TrialCall
from journaling.trial_call import begin_trial, look_after

EVERY = timedelta(hours=1)
AFTER_FAILURE = timedelta(minutes=10)


def run_canaries() -> None:
    """Each minute: end what can be ended, begin what is due."""
    for trial in TrialCall.objects.filter(ended_at=None).select_related("connection"):
        look_after(trial)
    now = timezone.now()
    wanted = list_ready_connections(now=now).filter(journal__canary_enabled=True)
    for connection in wanted.order_by("pk"):
        if is_due(connection, now=now):
            begin_trial(connection, is_canary=True)


def find_last(connection: Connection) -> TrialCall | None:
    """The newest canary of which more is known than that it is on its way."""
    known = TrialCall.objects.filter(connection=connection, is_canary=True)
    return known.exclude(is_good=None).order_by("-began_at").first()


def is_due(connection: Connection, *, now: datetime) -> bool:
    last = find_last(connection)
    if last is None:
        return True
    return last.began_at <= now - (EVERY if last.is_good else AFTER_FAILURE)


def list_failed() -> list[TrialCall]:
    """The last canary of each connection that wants them, if it failed."""
    wanted = Connection.objects.filter(active=True, journal__canary_enabled=True)
    last = [find_last(connection) for connection in wanted.order_by("slug")]
    return [trial for trial in last if trial and not trial.is_good]
