"""After a restore: what may have been sent since the backup is asked for before it is sent."""

from datetime import datetime

from connector.models import Connection
from connector.silence import Code, fall_silent
from journaling.models import Entry
from journaling.settle import settle_connection


def prepare_restored(*, data_until: datetime) -> int:
    """Everything that was not in Zoho at the time of the backup; returns how many entries.

    Reports that had no entry yet get theirs first, under the same references as they got then.
    """
    fall_silent(Code.RESTORED, data_until=data_until)
    for pk in Connection.objects.filter(journal__isnull=False).values_list("pk", flat=True):
        settle_connection(pk)
    return Entry.objects.exclude(state=Entry.State.DELIVERED).update(ask_first=True)
