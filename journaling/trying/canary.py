"""The canary: a test call every hour, where the connection wants it, and an alarm when it fails."""

from datetime import datetime, timedelta

from django.utils import timezone

from connector.models import Connection
from journaling.lanes import list_ready_connections
from journaling.models import TrialCall
from journaling.trying.trial_call import begin_trial, look_after

EVERY = timedelta(hours=1)
AFTER_FAILURE = timedelta(minutes=10)
REMEMBERED = timedelta(days=1)


def run_canaries() -> None:
    """Each minute: end what can be ended, begin what is due."""
    for trial in TrialCall.objects.filter(ended_at=None).select_related("connection"):
        look_after(trial)
    now, last = timezone.now(), read_last()
    wanted = list_ready_connections(now=now).filter(journal__canary_enabled=True)
    for connection in wanted.order_by("pk"):
        if is_due(last.get(connection.pk), now=now):
            begin_trial(connection, is_canary=True)


def read_last() -> dict[int, TrialCall]:
    """By connection: the newest canary of the last day that did more than begin."""
    known = TrialCall.objects.filter(
        is_canary=True, is_good__isnull=False, began_at__gt=timezone.now() - REMEMBERED
    )
    return {trial.connection_id: trial for trial in known.order_by("began_at")}


def is_due(last: TrialCall | None, *, now: datetime) -> bool:
    if last is None:
        return True
    return last.began_at <= now - (EVERY if last.is_good else AFTER_FAILURE)


def list_failed() -> list[TrialCall]:
    """The last canary of each connection that wants them, if it failed."""
    wanted = Connection.objects.filter(active=True, journal__canary_enabled=True)
    last = read_last()
    found = [last.get(pk) for pk in wanted.order_by("slug").values_list("pk", flat=True)]
    return [trial for trial in found if trial and not trial.is_good]
