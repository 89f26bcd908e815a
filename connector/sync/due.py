"""Which mirrors there have to be, and for which of them something is to be done now."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, QuerySet

from connector.models import Connection, Mirror, ZohoGrant, ZohoOrganisation
from connector.people.fields import MODULES
from connector.silence import find_silence, is_silent
from connector.sync import rereading
from connector.sync.budget import SLOWEST, is_spent, plan_sync
from connector.sync.work import digest_fields, list_readings
from connector.wording import Wording as _
from connector.zoho.errors import Misconfigured


def make_mirrors() -> None:
    """A row for each module of each organisation that a connection is authorised for."""
    organisations = ZohoOrganisation.objects.filter(
        pk__in=ZohoGrant.objects.values("organisation")
    ).exclude(pk__in=Mirror.objects.values("organisation"))
    Mirror.objects.bulk_create(
        [Mirror(organisation=one, module=module) for one in organisations for module in MODULES],
        ignore_conflicts=True,
    )


def list_due(*, now: datetime) -> Iterator[Mirror]:
    """Mirrors that nobody keeps at the moment and for which something is to be done."""
    free = Mirror.objects.filter(
        Q(claim__isnull=True) | Q(claimed_until__lt=now),
        Q(waits_until__isnull=True) | Q(waits_until__lte=now),
        Q(organisation__waits_until__isnull=True) | Q(organisation__waits_until__lte=now),
        organisation__in=list_ready()
        .exclude(grant__waits_until__gt=now)
        .values("grant__organisation"),
    )
    for mirror in free.select_related("organisation").order_by("pk"):
        digests = [reading.digest for reading in list_readings(mirror.organisation)]
        if is_due(mirror, digests=digests, now=now):
            yield mirror


def list_ready() -> QuerySet[Connection]:
    """Connections with whose grant Zoho may be asked."""
    if is_silent():
        return Connection.objects.none()
    return Connection.objects.filter(
        active=True, held_code="", grant__state=ZohoGrant.State.GRANTED
    )


def is_due(mirror: Mirror, *, digests: list[str], now: datetime) -> bool:
    fields_digest = digest_fields(mirror.organisation, module=mirror.module)
    return (
        mirror.filled_at is None
        or mirror.fill_started_at is not None
        or mirror.fields_digest != fields_digest
        or mirror.compared_at is None
        or rereading.is_needed(mirror, digests)
        or are_changes_due(mirror, now=now)
    )


def are_changes_due(mirror: Mirror, *, now: datetime) -> bool:
    organisation = mirror.organisation
    interval = SLOWEST if is_spent(organisation) else plan_sync(organisation).interval
    return mirror.synced_at is None or now >= mirror.synced_at + interval


def choose_connection(organisation: ZohoOrganisation) -> Connection:
    """Any connection of the organisation whose grant works; raises Misconfigured."""
    calm_first = F("grant__waits_until").asc(nulls_first=True)
    ready = list_ready().filter(grant__organisation=organisation)
    connection = ready.order_by(calm_first, "pk").first()
    if connection is None:
        if silence := find_silence():
            raise Misconfigured(silence.words, code="silent")
        raise Misconfigured(
            _("No connection of this organisation is authorised. Press Authorize on one."),
            code="no_grant",
        )
    return connection
