"""What Celery runs. The database holds all work; a task only says "look"."""

import logging
from contextlib import suppress
from datetime import date

from celery import shared_task
from django.utils import timezone

from connector.counting.pulses import TICK, note_pulse
from connector.models import Connection
from journaling import entries, lanes
from journaling.alarms.watching import watch
from journaling.call_log import days
from journaling.correcting.late_cards import relink_connection
from journaling.deliver import deliver_lane
from journaling.ending.leftovers import purge_portal
from journaling.ending.retention import purge_connection
from journaling.privacy import erasing
from journaling.reconciling.days import list_due_days
from journaling.reconciling.nightly import reconcile_connection
from journaling.settle import settle_connection
from journaling.spooling.sweep import sweep_spool
from journaling.trying.canary import run_canaries

log = logging.getLogger(__name__)

TICK_SECONDS = 2
RELINK_SECONDS = 600
PURGE_SECONDS = 600
RECONCILE_SECONDS = 600
COMPARE_SECONDS = 3600


@shared_task(name="journaling.tick")
def tick() -> None:
    """Start one task for each connection to settle and each lane with due work."""
    note_pulse(TICK)
    now = timezone.now()
    sweep_what_can_be_read()
    entries.sweep(now=now)
    for pk in erasing.list_unfinished():
        erase.apply_async((pk,), expires=TICK_SECONDS)
    for connection_id in lanes.list_connections_to_settle():
        settle.apply_async((connection_id,), expires=TICK_SECONDS)
    for connection_id, module in lanes.list_due_lanes(now=now):
        deliver.apply_async((connection_id, module), expires=TICK_SECONDS)


def sweep_what_can_be_read() -> None:
    """A disk in trouble stops no call that the database has."""
    try:
        sweep_spool()
    except OSError:
        log.exception("the spool cannot be read")


@shared_task(name="journaling.relink_all")
def relink_all() -> None:
    """Start one task for each connection that may write to Zoho."""
    ready = lanes.list_ready_connections(now=timezone.now())
    for connection_id in ready.values_list("pk", flat=True):
        relink.apply_async((connection_id,), expires=RELINK_SECONDS)


@shared_task(name="journaling.relink")
def relink(connection_id: int) -> None:
    relink_connection(connection_id)


@shared_task(name="journaling.purge_all")
def purge_all() -> None:
    """Start one task for each connection, and delete what belongs to none."""
    purge_portal()
    for connection_id in Connection.objects.values_list("pk", flat=True):
        purge.apply_async((connection_id,), expires=PURGE_SECONDS)


@shared_task(name="journaling.purge")
def purge(connection_id: int) -> None:
    purge_connection(connection_id)


@shared_task(name="journaling.reconcile_all")
def reconcile_all() -> None:
    """Start one task for each connection with a day that nobody has compared with Zoho."""
    now = timezone.now()
    for connection in lanes.list_ready_connections(now=now).order_by("pk"):
        if list_due_days(connection, now=now):
            reconcile.apply_async((connection.pk,), expires=RECONCILE_SECONDS)


@shared_task(name="journaling.reconcile")
def reconcile(connection_id: int) -> None:
    reconcile_connection(connection_id)


@shared_task(name="journaling.compare_call_logs")
def compare_call_logs() -> None:
    """Start one task for each day that a PBX's call log was not compared for yet."""
    for connection_id, day in days.list_due(now=timezone.now()):
        compare_call_log.apply_async((connection_id, day.isoformat()), expires=COMPARE_SECONDS)


@shared_task(name="journaling.compare_call_log")
def compare_call_log(connection_id: int, day: str) -> None:
    connection = Connection.objects.get(pk=connection_id)
    days.compare_day(connection, date.fromisoformat(day))


@shared_task(name="journaling.canaries")
def send_canaries() -> None:
    run_canaries()


@shared_task(name="journaling.settle")
def settle(connection_id: int) -> None:
    settle_connection(connection_id)


@shared_task(name="journaling.erase")
def erase(erasure_id: int) -> None:
    with suppress(erasing.BeingSent):  # the next tick tries again
        erasing.work_on(erasure_id)


@shared_task(name="journaling.deliver")
def deliver(connection_id: int, module: str) -> None:
    deliver_lane(connection_id=connection_id, module=module)


@shared_task(name="journaling.watch")
def watch_for_alarms() -> None:
    watch()
