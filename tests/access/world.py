"""Two connections with a row of every kind, and people with one role each."""

from types import SimpleNamespace
from typing import Any

from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from connector.clicktocall.agents import make_token
from connector.models import (
    Agent,
    Assignment,
    Connection,
    DialSettings,
    RefusedKnock,
    ZohoOrganisation,
    ZohoUser,
)
from journaling.models import (
    Alarm,
    AlarmReceiver,
    Attempt,
    AttemptVerdict,
    Entry,
    Erasure,
    Event,
    Reconciliation,
)
from tests.access.rules import ADMINISTRATOR, EVERYWHERE, OPERATOR, VIEWER
from tests.support.builders import build_connection, build_entry, build_grant, build_user

ROLES = {VIEWER: "viewer", OPERATOR: "operator", ADMINISTRATOR: "administrator"}
MARK = "zzother"
"""Stands in everything that belongs to the other connection."""
NUMBER = "+441632960011"


def build_rows(slug: str, *, number: str = NUMBER) -> SimpleNamespace:
    """A connection and what belongs to it; `slug` stands in every row that shows itself."""
    now = timezone.now()
    connection = build_connection(slug, name=f"{slug} Ltd")
    organisation = ZohoOrganisation.objects.create(zgid=slug, name=f"{slug} Org")
    build_grant(connection, zgid=slug)
    Agent.objects.create(connection=connection, extension="101", email=f"ann@{slug}.example")
    RefusedKnock.objects.create(
        address="203.0.113.7", slug=slug, reason="no_key", count=3, first_at=now, last_at=now
    )
    parked = build_entry(
        connection, state=Entry.State.PARKED, reason=f"{slug.upper()}_CODE",
        person=f"{slug} Person", number=number, number_key=number,
        words=f"{slug} words about {number}", record={"Subject": f"{slug} secret text {number}"},
        trace=[{"code": "number_read", "number": number, "key": number}],
    )  # fmt: skip
    attempt = Attempt.objects.create(
        connection=connection, sent_at=now, took_ms=5, method="POST", path="/crm/v8/Calls",
        outcome="rejected", words=f"{slug} {number}",
    )  # fmt: skip
    AttemptVerdict.objects.create(
        attempt=attempt, entry=parked, outcome="rejected", code=f"{slug}_code",
        words=f"{slug} {number}",
    )  # fmt: skip
    add_comparisons(connection, parked=parked, number=number)
    delivered = build_entry(connection, state=Entry.State.DELIVERED, person=slug, number=number)
    return SimpleNamespace(
        connection=connection,
        parked=parked,
        attempt=attempt,
        **vars(build_surroundings(connection, organisation)),
        delivered=delivered,
        link=SimpleNamespace(pk=delivered.reference),
        event=Event.objects.create(
            connection=connection, entry=parked, kind="call", identity=slug, received_at=now,
            number=number, extension="101", queue=slug,
            body=f'{{"number": "{number}", "transcript": "{slug} secret text"}}'.encode(),
        ),
        user=User.objects.create_user(f"{slug}-user", is_staff=True),
    )  # fmt: skip


def add_comparisons(connection: Connection, *, parked: Entry, number: str) -> None:
    now = timezone.now()
    Reconciliation.objects.create(
        connection=connection, day=now.date(), kind="zoho", compared_at=now,
        figures={"reports": 3, "calls": 3, "in_zoho": 1, "deleted": 1, "not_found": 1},
        findings=[{"code": "deleted", "entry": parked.pk}],
    )  # fmt: skip
    Reconciliation.objects.create(
        connection=connection, day=now.date(), kind="call_log", compared_at=now,
        figures={"calls": 3, "reported": 2, "missing": 1},
        findings=[
            {"code": "missing", "number": number, "at": now.isoformat(), "type": "Inbound"}
        ],
    )  # fmt: skip


def build_surroundings(connection: Connection, organisation: ZohoOrganisation) -> SimpleNamespace:
    """What is set up beside the calls themselves, and what watches over them."""
    slug = connection.slug
    token, _text = make_token(connection, extension="101", name=f"{slug} agent")
    return SimpleNamespace(
        token=token,
        dialling=DialSettings.objects.create(connection=connection, xapi_client_id=slug),
        zoho_user=ZohoUser.objects.create(
            organisation=organisation, zoho_id="1", email=f"{slug}@zoho.example", name=slug
        ),
        log=LogEntry.objects.log_create(
            connection, force_log=True, action=1, additional_data={"connection": connection.pk}
        ),
        receiver=AlarmReceiver.objects.create(connection=connection, name=slug),
        alarm=Alarm.objects.create(
            connection=connection, key=slug, words={"en": f"{slug} is held"}, url="/",
            began_at=timezone.now(),
        ),
        erasure=Erasure.objects.create(plan="[]", in_zoho=False),
    )  # fmt: skip


def log_in(least: int, *, connection: Any = None, looks_at: Any = None, **values: Any) -> Client:
    """Somebody with this role, for one connection or (EVERYWHERE) for all.

    They are a viewer of `looks_at` besides.
    """
    role = ROLES.get(least, "administrator")
    place = None if least == EVERYWHERE else connection
    client = Client(raise_request_exception=False)
    user = build_user(role, f"user-{least}", connection=place, **values)
    if looks_at:
        Assignment.objects.create(user=user, role="viewer", connection=looks_at)
    client.force_login(user)
    return client
