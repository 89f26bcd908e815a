"""A finished consent becomes the grant in use, or a proposed move to another organisation."""

import logging
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from connector.granting.tokens import build_oauth_client, reveal
from connector.models import Connection, ProposedGrant, ZohoGrant
from connector.models.zoho import GrantFacts
from connector.zoho.datacentres import DATA_CENTRES, OWN, find_data_centre, trim_url
from connector.zoho.errors import ZohoError
from connector.zoho.oauth import revoke_token

log = logging.getLogger(__name__)

FACTS = [fact.name for fact in GrantFacts._meta.get_fields()]


@dataclass(frozen=True, kw_only=True)
class Stale:
    """An authorization that is no longer used."""

    accounts_url: str
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """`moved`: another organisation is in use already, and nothing but the proposal was written."""

    moved: bool
    previous: ZohoGrant | None
    stale: list[Stale]


def settle_consent(connection: Connection, facts: dict[str, Any]) -> Settled:
    """`facts` by the field names of GrantFacts, its organisation stored already."""
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection.pk)
        previous = (
            ZohoGrant.objects.filter(connection=connection).select_related("organisation").first()
        )
        proposed = ProposedGrant.objects.filter(connection=connection).first()
        stale = [describe_stale(proposed)] if proposed else []
        if previous and previous.organisation_id != facts["organisation"].pk:
            ProposedGrant.objects.update_or_create(connection=connection, defaults=facts)
            return Settled(moved=True, previous=previous, stale=stale)
        if previous:
            stale.append(describe_stale(previous))
        put_in_use(connection, facts)
    return Settled(moved=False, previous=previous, stale=stale)


def switch_grant(connection: Connection) -> list[Stale] | None:
    """The proposed grant comes into use; what that leaves behind, or None without a proposal."""
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection.pk)
        proposed = ProposedGrant.objects.filter(connection=connection).first()
        if proposed is None:
            return None
        previous = ZohoGrant.objects.filter(connection=connection).first()
        put_in_use(connection, {name: getattr(proposed, name) for name in FACTS})
        ZohoGrant.objects.filter(connection=connection).update(moved_at=timezone.now())
    return [describe_stale(previous)] if previous else []


def put_in_use(connection: Connection, facts: dict[str, Any]) -> None:
    """A new `refresh_claim` makes a refresh that is under way write nothing."""
    fresh: dict[str, Any] = {
        "state": ZohoGrant.State.GRANTED,
        "refused_words": "",
        "refused_at": None,
        "refresh_claim": uuid.uuid4(),
        "refresh_claimed_until": None,
        "refreshed_at_moments": [],
        "unreadable_since": None,
        "waits_until": None,
    }
    ZohoGrant.objects.update_or_create(connection=connection, defaults={**facts, **fresh})
    ProposedGrant.objects.filter(connection=connection).delete()
    Connection.objects.filter(pk=connection.pk).update(
        held_code="",
        held_words="",
        held_at=None,
        **follow_addresses(
            connection, accounts_url=facts["accounts_url"], api_url=facts["api_url"]
        ),
    )


def follow_addresses(connection: Connection, *, accounts_url: str, api_url: str) -> dict[str, str]:
    """What changes on the connection when the account lives in another data centre."""
    if trim_url(connection.accounts_url) == trim_url(accounts_url):
        return {}
    addresses = {"accounts_url": accounts_url, "api_url": api_url}
    key = find_data_centre(accounts_url=accounts_url)
    if key == OWN:
        return {**addresses, "data_centre": OWN}
    return {**addresses, "data_centre": key, "crm_url": DATA_CENTRES[key].crm_url}


def describe_stale(grant: GrantFacts) -> Stale:
    return Stale(accounts_url=grant.accounts_url, refresh_token=reveal_or_nothing(grant))


def reveal_or_nothing(grant: GrantFacts) -> str:
    try:
        return reveal(grant.refresh_token)
    except ZohoError:
        return ""  # under a lost key there is nothing to take back


def revoke_stale(connection: Connection, stale: list[Stale]) -> None:
    """As far as Zoho lets us; a token that is in use again is spared."""
    kept = {
        reveal_or_nothing(grant)
        for model in (ZohoGrant, ProposedGrant)
        for grant in model.objects.filter(connection=connection)
    }
    for one in stale:
        if one.refresh_token and one.refresh_token not in kept:
            revoke_one(connection, one)


def revoke_unused(connection: Connection, stale: list[Stale]) -> bool:
    """Of a connection that is gone: what no other one uses. True when Zoho took all of it back."""
    kept = {
        reveal_or_nothing(grant)
        for model in (ZohoGrant, ProposedGrant)
        for grant in model.objects.filter(accounts_url__in=[one.accounts_url for one in stale])
    }
    wanted = [one for one in stale if one.refresh_token not in kept]
    left = [one for one in wanted if not (one.refresh_token and revoke_one(connection, one))]
    return not left


def revoke_one(connection: Connection, stale: Stale) -> bool:
    try:
        client = build_oauth_client(connection, accounts_url=stale.accounts_url)
        revoke_token(client, refresh_token=stale.refresh_token)
    except ZohoError as error:
        log.info("%s: an old authorization was not revoked (%s)", connection.slug, error.code)
        return False
    return True
