"""Event (what arrived), Entry (what is to be delivered), Attempt (one request)."""

from journaling.models.alarm import Alarm, AlarmNotice, AlarmReceiver
from journaling.models.attempt import Attempt, AttemptVerdict
from journaling.models.created import CreatedPerson
from journaling.models.entry import Entry, Lane
from journaling.models.erased import ErasedNumber
from journaling.models.erasure import Erasure
from journaling.models.event import Event, EventVersion
from journaling.models.reconciliation import Reconciliation
from journaling.models.settings import JournalSettings
from journaling.models.trial import TrialCall

__all__ = [
    "Alarm",
    "AlarmNotice",
    "AlarmReceiver",
    "Attempt",
    "AttemptVerdict",
    "CreatedPerson",
    "Entry",
    "ErasedNumber",
    "Erasure",
    "Event",
    "EventVersion",
    "JournalSettings",
    "Lane",
    "Reconciliation",
    "TrialCall",
]
