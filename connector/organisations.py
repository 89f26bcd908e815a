"""What is known of a Zoho organisation, read at once and stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from connector.models import ZohoOrganisation, ZohoUser
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured
from connector.zoho.layouts import read_required
from connector.zoho.organisation import (
    OrganisationFacts,
    UserFacts,
    read_current_user,
    read_fields,
    read_organisation,
    read_users,
)

WRITTEN = ("Calls", "Tasks", "Contacts", "Leads")
MODULES = ("Calls", "Tasks", "Contacts", "Leads", "Accounts", "Deals")
OPTIONAL = ("Deals",)
"""A user who may not see these does without them."""
Fields = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Everything that is read with a new consent, before it is used."""

    organisation: OrganisationFacts
    user: UserFacts
    users: list[UserFacts]
    fields: Fields


def read_snapshot(client: ZohoClient) -> Snapshot:
    return Snapshot(
        organisation=read_organisation(client),
        user=read_current_user(client),
        users=read_users(client),
        fields=read_all_fields(client),
    )


def read_all_fields(client: ZohoClient) -> Fields:
    """By module; one that the organisation does not have is left out."""
    fields: Fields = {}
    for module in MODULES:
        try:
            fields[module] = read_module_fields(client, module=module)
        except Misconfigured as error:
            if error.code not in ("INVALID_MODULE", "NOT_SUPPORTED") and module not in OPTIONAL:
                raise
    return fields


def read_module_fields(client: ZohoClient, *, module: str) -> dict[str, dict[str, Any]]:
    fields = read_fields(client, module=module)
    if module in WRITTEN:
        mark_required(fields, read_required(client, module=module))
    return fields


def mark_required(fields: dict[str, dict[str, Any]], required: set[str]) -> None:
    """A layout's demand counts like Zoho's own."""
    for name in required & set(fields):
        fields[name]["mandatory"] = True


def store_snapshot(snapshot: Snapshot, *, environment: str) -> ZohoOrganisation:
    facts = snapshot.organisation
    with transaction.atomic():
        organisation, _made = ZohoOrganisation.objects.update_or_create(
            zgid=facts.zgid,
            environment=environment,
            defaults={
                "name": facts.name,
                "time_zone": facts.time_zone,
                "edition": facts.edition[:40],
                "licensed_users": facts.licensed_users,
            },
        )
        store_users(organisation, snapshot.users)
        store_fields(organisation, snapshot.fields)
    return organisation


def store_users(organisation: ZohoOrganisation, users: Sequence[UserFacts]) -> None:
    """Who is no longer among the active ones stays, as inactive: records may name them."""
    # In one order, so that two writers wait for each other instead of locking each other out.
    known = {user.zoho_id: user for user in sorted(users, key=lambda user: user.zoho_id)}
    rows = [
        ZohoUser(organisation=organisation, zoho_id=key, email=user.email, name=user.name)
        for key, user in known.items()
    ]
    with transaction.atomic():
        ZohoUser.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["organisation", "zoho_id"],
            update_fields=["email", "name", "active"],
        )
        gone = ZohoUser.objects.filter(organisation=organisation, active=True)
        gone.exclude(zoho_id__in=list(known)).update(active=False)
        organisation.users_fetched_at = timezone.now()
        organisation.save(update_fields=["users_fetched_at"])


def store_fields(organisation: ZohoOrganisation, fields: Fields) -> None:
    organisation.fields = fields
    organisation.fields_fetched_at = timezone.now()
    organisation.save(update_fields=["fields", "fields_fetched_at"])


def refresh_fields(organisation: ZohoOrganisation, client: ZohoClient, *, module: str) -> None:
    """Read the fields of one module anew. Raises ZohoError."""
    fields = read_module_fields(client, module=module)
    organisation.refresh_from_db(fields=["fields"])
    organisation.fields[module] = fields
    organisation.save(update_fields=["fields"])


def find_environment(api_url: str) -> str:
    """By the API host: sandbox.zohoapis.<tld>, developer.zohoapis.<tld>, else production."""
    name = (urlsplit(api_url).hostname or "").partition(".")[0]
    environments = ZohoOrganisation.Environment
    return {"sandbox": environments.SANDBOX, "developer": environments.DEVELOPER}.get(
        name, environments.PRODUCTION
    )
