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
from connector.zoho.layouts import Layout, read_layouts
from connector.zoho.organisation import (
    OrganisationFacts,
    UserFacts,
    read_current_user,
    read_fields,
    read_module_labels,
    read_organisation,
    read_users,
)

WRITTEN = ("Calls", "Tasks", "Contacts", "Leads")
MODULES = ("Calls", "Tasks", "Contacts", "Leads", "Accounts", "Deals")
OPTIONAL = ("Deals",)
"""A user who may not see these does without them."""
Fields = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """How the modules of an organisation are made, by module; shapes as in ZohoOrganisation."""

    fields: Fields
    layouts: dict[str, list[Layout]]
    labels: dict[str, dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Everything that is read with a new consent, before it is used."""

    organisation: OrganisationFacts
    user: UserFacts
    users: list[UserFacts]
    metadata: Metadata


def read_snapshot(client: ZohoClient) -> Snapshot:
    return Snapshot(
        organisation=read_organisation(client),
        user=read_current_user(client),
        users=read_users(client),
        metadata=read_metadata(client),
    )


def read_metadata(client: ZohoClient) -> Metadata:
    """A module that the organisation does not have is left out."""
    fields: Fields = {}
    layouts = {}
    for module in MODULES:
        try:
            fields[module], layouts[module] = read_module(client, module=module)
        except Misconfigured as error:
            if error.code not in ("INVALID_MODULE", "NOT_SUPPORTED") and module not in OPTIONAL:
                raise
    return Metadata(fields=fields, layouts=layouts, labels=read_module_labels(client))


def read_module(
    client: ZohoClient, *, module: str
) -> tuple[dict[str, dict[str, Any]], list[Layout]]:
    fields = read_fields(client, module=module)
    layouts = read_layouts(client, module=module) if module in WRITTEN else []
    mark_required(fields, layouts)
    return fields, layouts


def mark_required(fields: dict[str, dict[str, Any]], layouts: Sequence[Layout]) -> None:
    """A layout's demand counts like Zoho's own; `required_by` are the layouts that demand what
    Zoho itself does not."""
    for name, facts in fields.items():
        demanding = [layout["id"] for layout in layouts if name in layout["required"]]
        if demanding and not facts["mandatory"]:
            facts |= {"mandatory": True, "required_by": demanding}


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
        store_metadata(organisation, snapshot.metadata)
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


def store_metadata(organisation: ZohoOrganisation, metadata: Metadata) -> None:
    organisation.fields = metadata.fields
    organisation.layouts = metadata.layouts
    organisation.module_labels = metadata.labels
    organisation.fields_fetched_at = timezone.now()
    organisation.save(update_fields=["fields", "layouts", "module_labels", "fields_fetched_at"])


def refresh_fields(organisation: ZohoOrganisation, client: ZohoClient, *, module: str) -> None:
    """Read the fields and layouts of one module anew. Raises ZohoError."""
    fields, layouts = read_module(client, module=module)
    organisation.refresh_from_db(fields=["fields", "layouts"])
    organisation.fields[module], organisation.layouts[module] = fields, layouts
    organisation.save(update_fields=["fields", "layouts"])


def find_environment(api_url: str) -> str:
    """By the API host: sandbox.zohoapis.<tld>, developer.zohoapis.<tld>, else production."""
    name = (urlsplit(api_url).hostname or "").partition(".")[0]
    environments = ZohoOrganisation.Environment
    return {"sandbox": environments.SANDBOX, "developer": environments.DEVELOPER}.get(
        name, environments.PRODUCTION
    )
