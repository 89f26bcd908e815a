"""The days of a connection that are due, one after the other."""

from django.utils import timezone

from journaling.lanes import list_ready_connections
from journaling.reconciling.comparing import compare_day
from journaling.reconciling.days import list_due_days


def reconcile_connection(connection_id: int) -> int:
    """Returns how many days were compared; the rest goes on later where this one stopped."""
    now, compared = timezone.now(), 0
    ready = list_ready_connections(now=now).select_related("grant__organisation")
    connection = ready.filter(pk=connection_id).first()
    if connection is None:
        return 0
    for day in list_due_days(connection, now=now):
        row = compare_day(connection, day)
        if row is None or row.trouble:
            break
        compared += 1
    return compared
