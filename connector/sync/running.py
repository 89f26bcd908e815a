"""Keeping a mirror: the steps that are due, one after the other under a lease."""

import logging
from datetime import timedelta

from django.utils import timezone

from connector import breaker
from connector.granting import grants
from connector.leases import Lease, LeaseLost, hold
from connector.models import CreditHour, Mirror, UnreadableSecret
from connector.sync import changes, comparing, filling, rereading
from connector.sync.budget import DELETIONS_EVERY, note_costs
from connector.sync.due import are_changes_due, choose_connection
from connector.sync.work import CreditsSpent, Work, list_readings
from connector.wording import Wording as _
from connector.zoho.client import Exchange
from connector.zoho.errors import GrantRefused, Misconfigured, Rejected, Temporary, ZohoError

log = logging.getLogger(__name__)

BACKFILL = CreditHour.Work.BACKFILL
ABSENT = ("INVALID_MODULE", "NOT_SUPPORTED", "FEATURE_NOT_SUPPORTED", "NO_PERMISSION")
AFTER_REFUSAL = timedelta(minutes=10)
AFTER_ABSENCE = timedelta(hours=1)
AFTER_SPENDING = timedelta(minutes=15)


def sync_mirror(mirror_id: int, *, at_once: bool = False) -> bool:
    """Do what is due, with `at_once` the changes in any case; False when another keeps it.

    Trouble is written on the mirror's row, not raised.
    """
    one = Mirror.objects.filter(pk=mirror_id).select_related("organisation")
    with hold(one) as lease:
        if lease is None:
            return False
        costs: list[Exchange] = []
        try:
            keep(lease, at_once=at_once, costs=costs)
        except LeaseLost:
            log.warning("the mirror of %s was taken over", lease.row)
        except CreditsSpent:
            wait_for_credits(lease)
        except (ZohoError, UnreadableSecret) as error:
            note_trouble(lease, error)
        finally:
            note_costs(lease.row.organisation_id, sum(one.credits for one in costs))
        return True


def keep(lease: Lease[Mirror], *, at_once: bool, costs: list[Exchange]) -> None:
    """`costs` collects the requests."""
    mirror = lease.row
    connection = choose_connection(mirror.organisation)
    client = grants.open_client(connection, on_exchange=costs.append, work=BACKFILL)
    work = Work(client=client, lease=lease, readings=list_readings(mirror.organisation))
    work.check_credits()
    now = timezone.now()
    if filling.is_needed(work):
        filling.fill(work)
        rereading.mend_converted(work)
        at_once = True
    rereading.follow_readings(work)
    if at_once or are_changes_due(mirror, now=now):
        changes.follow_changes(work)
    if mirror.deletions_at is None or now >= mirror.deletions_at + DELETIONS_EVERY:
        changes.follow_deletions(work)
    if comparing.is_due(mirror, now=now):
        compare(work)
    breaker.close(mirror.organisation)


def compare(work: Work) -> None:
    """An organisation that forbids COQL keeps a mirror that follows changes only."""
    try:
        comparing.compare(work)
    except (Rejected, Misconfigured) as error:
        log.warning("the mirror of %s was not compared: %s", work.mirror, error)
        work.lease.write(compared_at=timezone.now())


def wait_for_credits(lease: Lease[Mirror]) -> None:
    log.warning("the mirror of %s waits for API credits", lease.row)
    words = _("Zoho's API credits are nearly used up; the directory waits until there are more.")
    lease.write(trouble=words, waits_until=timezone.now() + AFTER_SPENDING)


def note_trouble(lease: Lease[Mirror], error: ZohoError | UnreadableSecret) -> None:
    """Zoho away: the organisation waits. Anything else concerns this mirror alone."""
    words = error.words
    log.warning("the mirror of %s waits: %s", lease.row, words)
    code = error.code if isinstance(error, ZohoError) else ""
    until = None
    if code in breaker.ACCESS_CODES:
        breaker.note_trouble(choose_connection(lease.row.organisation), error)
    elif isinstance(error, Temporary):
        organisation = lease.row.organisation
        organisation.refresh_from_db(fields=["waits_until", "failures"])
        # Modules that failed side by side are one trouble.
        if not breaker.is_open(organisation):
            breaker.trip(organisation, words=words, retry_after=error.retry_after)
    elif not isinstance(error, GrantRefused):
        until = timezone.now() + (AFTER_ABSENCE if code in ABSENT else AFTER_REFUSAL)
    lease.write(trouble=words, waits_until=until, is_absent=lease.row.is_absent or code in ABSENT)
