"""The users of each organisation and how its modules are made, fetched every 6 hours."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from connector.granting import grants
from connector.models import CreditHour, UnreadableSecret, ZohoOrganisation
from connector.organisations import read_metadata, store_metadata
from connector.sync.due import choose_connection, list_ready
from connector.zoho.errors import ZohoError

log = logging.getLogger(__name__)

AFTER_TROUBLE = timedelta(hours=1)


def list_with_old_users(*, now: datetime) -> Iterator[int]:
    """Organisations whose users are to be fetched again."""
    old = ZohoOrganisation.objects.filter(
        Q(users_fetched_at__isnull=True) | Q(users_fetched_at__lte=now - grants.USERS_EVERY),
        Q(waits_until__isnull=True) | Q(waits_until__lte=now),
        pk__in=list_ready().values("grant__organisation"),
    )
    yield from old.values_list("pk", flat=True)


def refresh_users(organisation_id: int) -> None:
    """Trouble is tried again in an hour; a delivery that needs a user asks by itself."""
    organisation = ZohoOrganisation.objects.get(pk=organisation_id)
    try:
        client = grants.open_client(choose_connection(organisation), work=CreditHour.Work.BACKFILL)
        if grants.refresh_users(organisation, client):
            store_metadata(organisation, read_metadata(client))
    except (ZohoError, UnreadableSecret) as error:
        log.warning("the users of %s were not fetched: %s", organisation, error)
        tried_at = timezone.now() - grants.USERS_EVERY + AFTER_TROUBLE
        ZohoOrganisation.objects.filter(pk=organisation_id).update(users_fetched_at=tried_at)
