"""Rows that tests begin with."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from connector.models import Assignment, Connection, ZohoGrant, ZohoOrganisation
from journaling.models import Entry, JournalSettings

CALLED_AT = datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)


def build_connection(slug: str = "acme", **values: Any) -> Connection:
    """A saved connection with default journal settings; `journal={...}` changes those."""
    journal = values.pop("journal", {})
    defaults = {"name": slug.title(), "country": "GB", "time_zone": "Europe/London"}
    connection = Connection.objects.create(slug=slug, **defaults | values)
    JournalSettings.objects.create(connection=connection, **journal)
    return connection


def build_user(role: str, name: str = "ann", **values: Any) -> User:
    """A user of the portal with one role; for every connection unless one is given."""
    user = User.objects.create_user(name, is_staff=True)
    Assignment.objects.create(user=user, role=role, **values)
    return user


def build_grant(
    connection: Connection, *, url: str = "http://127.0.0.1:1", **values: Any
) -> ZohoGrant:
    """A grant whose access token is good for an hour, so that no test asks for another."""
    organisation, _ = ZohoOrganisation.objects.get_or_create(
        zgid=values.pop("zgid", "20042000"), defaults={"name": "Acme Ltd"}
    )
    now = timezone.now()
    return ZohoGrant.objects.create(
        connection=connection,
        organisation=organisation,
        user_zoho_id="5000000000000001",
        user_name="Integration",
        user_email="integration@acme.example",
        accounts_url=url,
        api_url=url,
        refresh_token="1000.refresh",
        access_token="1000.access",
        access_token_issued_at=now - timedelta(minutes=5),
        access_token_expires_at=now + timedelta(hours=1),
        granted_at=now,
        **values,
    )


def build_call_body(**values: Any) -> bytes:
    """A call as our template posts it."""
    call = {
        "type": "Inbound",
        "direction": "Inbound",
        "number": "+441632960011",
        "name": "",
        "agent": "101",
        "agent_email": "ann@acme.example",
        "queue": "",
        "entity_id": "",
        "entity_type": "",
        "start": "2026-11-20T09:15:30Z",
        "end": "2026-11-20T09:18:11Z",
        "seconds": "161",
        "duration": "02:41",
    }
    return json.dumps(call | values).encode()


def build_entry(connection: Connection, **values: Any) -> Entry:
    """A call that is due to be sent."""
    defaults = {
        "kind": Entry.Kind.CALL,
        "module": "Calls",
        "state": Entry.State.WAITING,
        "next_attempt_at": timezone.now() - timedelta(seconds=1),
        "started_at": CALLED_AT,
        "ended_at": CALLED_AT + timedelta(seconds=161),
    }
    return Entry.objects.create(connection=connection, **defaults | values)
