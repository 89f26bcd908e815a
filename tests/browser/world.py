"""A portal in use, with something to see on every page."""

from types import SimpleNamespace

from django.contrib.auth.models import User
from django.utils import timezone

from connector.access import second_step
from connector.models import (
    Agent,
    Assignment,
    Connection,
    ProposedGrant,
    Queue,
    RefusedKnock,
    ZohoGrant,
    ZohoOrganisation,
)
from connector.zoho.scopes import SCOPES
from journaling.models import Attempt, AttemptVerdict, Entry, Event
from tests.access.world import add_comparisons, build_surroundings
from tests.connector.zoho.world import ACME
from tests.support.builders import build_call_body, build_entry
from tests.support.zoho import ControlledZoho

NUMBER = "+441632960011"
PASSWORD = "a long password of a test"


def build_world(zoho: ControlledZoho) -> SimpleNamespace:
    """One connection that is used, one that is new and whose Zoho was authorised anew."""
    acme = zoho.connect(placeholder=True)
    organisation = acme.grant.organisation
    ZohoOrganisation.objects.update(zgid=ACME.zgid)
    ZohoGrant.objects.update(scopes=list(SCOPES))
    parked = build_entry(
        acme, state=Entry.State.PARKED, reason="INVALID_DATA", words="invalid data",
        number=NUMBER, number_key=NUMBER, record={"Subject": "Call"},
        trace=[{"at": "2026-11-22T10:44:31+00:00", "code": "reported", "type": "Missed"}],
    )  # fmt: skip
    delivered = build_entry(
        acme, state=Entry.State.DELIVERED, call_type="Missed", number=NUMBER, person="Ada Lane",
        delivered_at=timezone.now(), zoho_id="5000000000000777",
    )  # fmt: skip
    event = Event.objects.create(
        connection=acme, entry=delivered, kind="call", identity="1", body=build_call_body(),
        received_at=timezone.now(), number=NUMBER, extension="101",
    )  # fmt: skip
    add_comparisons(acme, parked=parked, number=NUMBER)
    add_lists(acme)
    rows = build_surroundings(acme, organisation)
    return SimpleNamespace(
        acme=acme, beta=move_elsewhere(zoho), person=build_person(), parked=parked,
        delivered=delivered, event=event, attempt=add_attempt(parked),
        invited=User.objects.create_user("invited", is_staff=True), **vars(rows),
    )  # fmt: skip


def add_attempt(entry: Entry) -> Attempt:
    attempt = Attempt.objects.create(
        connection=entry.connection, sent_at=timezone.now(), took_ms=412, method="POST",
        path="/crm/v8/Calls", status=200, outcome="rejected", words="invalid data",
    )  # fmt: skip
    AttemptVerdict.objects.create(
        attempt=attempt, entry=entry, outcome="rejected", code="INVALID_DATA",
        words="invalid data", field="Subject",
    )  # fmt: skip
    return attempt


def add_lists(connection: Connection) -> None:
    """Rows of the tables that stand on the connection's page."""
    Agent.objects.create(connection=connection, extension="101", email="ann@acme.example")
    Agent.objects.create(connection=connection, extension="102", has_no_zoho_user=True)
    Queue.objects.create(connection=connection, extension="800", name="Sales and support")
    RefusedKnock.objects.create(
        address="203.0.113.7", slug=connection.slug, reason="wrong_key", route="calls", count=14,
        first_at=timezone.now(), last_at=timezone.now(), last_four="a91f",
    )  # fmt: skip


def build_person() -> User:
    """Somebody who is asked for a code after the password."""
    person = User.objects.create_superuser("cody", "cody@portal.example", PASSWORD)
    step = second_step.begin(person)
    step.confirmed_at = timezone.now()
    step.save()
    Assignment.objects.create(user=person, role=Assignment.Role.VIEWER)
    return person


def move_elsewhere(zoho: ControlledZoho) -> Connection:
    """A customer of 3CX's own integration, for whom somebody authorised another organisation."""
    beta = zoho.connect("beta", name="Beta GmbH", takes_over=True)
    other = ZohoOrganisation.objects.create(zgid="20061000009", name="Gamma SA")
    names = {field.name for field in ProposedGrant._meta.fields} - {"id", "organisation"}
    facts = {name: getattr(beta.grant, name) for name in names}
    ProposedGrant.objects.create(**facts, organisation=other)
    return beta
