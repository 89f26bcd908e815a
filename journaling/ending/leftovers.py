"""What belongs to no connection's rule also has an end: what is over, expired or nobody's."""

import json
from datetime import timedelta

from auditlog.models import LogEntry
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry as DjangosOwnLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from connector.clicktocall.intents import delete_old_intents
from connector.knocks import delete_old
from connector.models import Connection, ConsentRequest, DialSettings, Tally, TrialKey, XapiToken
from journaling.models import Alarm, Erasure, TrialCall

TRIALS_KEPT = timedelta(days=30)
ALARMS_KEPT = timedelta(days=90)
CONSENTS_KEPT = timedelta(days=1)
CERTIFICATES_KEPT = timedelta(days=1)
XAPI_TOKENS_KEPT = timedelta(days=30)
HISTORY_KEPT = timedelta(days=730)
"""Of what people changed, repaired and opened in the admin."""
ATTEMPTS_KEPT = timedelta(days=7)
"""Of log-ins with a wrong password."""


def purge_portal() -> None:
    now = timezone.now()
    delete_old_intents()
    delete_old()
    TrialCall.objects.filter(ended_at__lt=now - TRIALS_KEPT).delete()
    Alarm.objects.filter(ended_at__lt=now - ALARMS_KEPT).delete()
    ConsentRequest.objects.filter(expires_at__lt=now - CONSENTS_KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    LogEntry.objects.filter(timestamp__lt=now - HISTORY_KEPT).delete()
    Erasure.objects.filter(finished_at__lt=now - CERTIFICATES_KEPT).delete()
    DjangosOwnLog.objects.filter(action_time__lt=now - HISTORY_KEPT).delete()
    TrialKey.objects.filter(expires_at__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT).delete()
    clients = DialSettings.objects.values("xapi_client_id")
    unused = XapiToken.objects.exclude(client_id__in=clients)
    unused.filter(expires_at__lt=now - XAPI_TOKENS_KEPT).delete()
    delete_tallies()


def delete_tallies() -> None:
    """Counts of connections that are gone."""
    slugs = set(Connection.objects.values_list("slug", flat=True))
    gone = [
        tally.pk
        for tally in Tally.objects.filter(labels__contains='"connection"')
        if json.loads(tally.labels)["connection"] not in slugs
    ]
    Tally.objects.filter(pk__in=gone).delete()
