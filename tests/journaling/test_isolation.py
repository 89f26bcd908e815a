"""One record, one connection, one organisation in trouble: the others do not notice."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from connector.granting.grants import fetch_organisation_facts, open_client
from connector.granting.tokens import MOST_REFRESHES
from connector.models import Connection, ZohoGrant, ZohoOrganisation
from connector.sandbox.zoho.organisation import Specification
from journaling import lanes
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry
from journaling.settle import settle_connection
from tests.support.builders import build_call_body
from tests.support.zoho import run_zoho

pytestmark = pytest.mark.django_db

State = Entry.State
PROMPT = {"settle_seconds": 0}
REFUSED = {"code": "INVALID_DATA", "message": "invalid data", "status": "error", "details": {}}


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal=PROMPT)


def report(connection: Connection, *, count: int = 1) -> None:
    start = timezone.now().replace(microsecond=0) - timedelta(hours=3)
    for number in range(count):
        moment = (start + timedelta(seconds=30 * number)).isoformat()
        body = build_call_body(number="anonymous", start=moment, end=moment, seconds="0")
        store_report(connection=connection, kind="call", body=body)
    settle_connection(connection.pk)


def deliver(connection: Connection) -> list[str]:
    deliver_lane(connection_id=connection.pk, module="Calls")
    own = Entry.objects.filter(connection=connection).order_by("pk")
    return list(own.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "INVALID_MODULE"), (403, "NO_PERMISSION"), (401, "OAUTH_SCOPE_MISMATCH")],
)
def test_a_refusal_that_concerns_all_holds_the_connection_and_counts_no_try(
    zoho, acme, status, code
):
    body = {"code": code, "message": "no", "status": "error", "details": {}}
    zoho.fail("status", method="POST", module="Calls", status=status, body=body, times=None)
    report(acme, count=2)
    assert deliver(acme) == [State.WAITING] * 2
    acme.refresh_from_db()
    assert acme.held_code == code
    assert set(Entry.objects.values_list("tries", flat=True)) == {0}
    assert lanes.list_due_lanes(now=timezone.now()) == []


def test_a_connection_that_is_held_does_not_stop_another_of_the_same_organisation(zoho, acme):
    beta = zoho.connect("beta", journal=PROMPT)
    Connection.objects.filter(pk=acme.pk).update(held_code="NO_PERMISSION")
    report(acme)
    report(beta)
    assert lanes.list_due_lanes(now=timezone.now()) == [(beta.pk, "Calls")]
    assert deliver(acme) == [State.SETTLING]
    assert deliver(beta) == [State.DELIVERED]


def test_a_batch_that_is_refused_as_a_whole_is_halved_until_the_guilty_one_is_alone(zoho, acme):
    for skip in (0, 1, 2):  # all four, the second half, the last one
        zoho.fail("status", method="POST", module="Calls", status=400, body=REFUSED, skip=skip)
    report(acme, count=4)
    assert deliver(acme) == [State.DELIVERED] * 3 + [State.PARKED]
    assert len(zoho.list_records("Calls")) == 3
    assert zoho.count_inserts("Calls") == 5
    acme.refresh_from_db()
    assert acme.held_code == ""


def test_a_question_that_zoho_does_not_take_stops_no_other_call(zoho, acme):
    zoho.fail("cut", method="POST", module="Calls", commit="after")
    zoho.fail("status", path="coql", status=400, body=REFUSED, times=None)
    report(acme, count=2)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        assert deliver(acme) == [State.UNKNOWN] * 2
        clock.shift(timedelta(minutes=6))
        report(acme)
        assert deliver(acme) == [State.PARKED] * 2 + [State.DELIVERED]
    assert set(Entry.objects.values_list("reason", flat=True)) == {"unknown_outcome", ""}


def test_an_access_that_may_not_be_renewed_delays_no_other_of_the_same_organisation(zoho, acme):
    beta = zoho.connect("beta", journal=PROMPT)
    now = timezone.now()
    ZohoGrant.objects.filter(connection=acme).update(
        access_token_expires_at=now, refreshed_at_moments=[now.isoformat()] * MOST_REFRESHES
    )
    report(acme)
    report(beta)
    assert deliver(acme) == [State.WAITING]
    assert lanes.list_due_lanes(now=timezone.now()) == [(beta.pk, "Calls")]
    assert lanes.list_due_lanes(now=now + timedelta(minutes=11)) == [
        (acme.pk, "Calls"),
        (beta.pk, "Calls"),
    ]


def test_an_organisation_that_is_down_does_not_delay_another(zoho, acme, settings):
    with run_zoho(organisations=(Specification(zgid="777"),)) as healthy:
        settings.ZOHO_TRUSTED_URLS = [zoho.url, healthy.url]
        beta = healthy.connect("beta", journal=PROMPT)
        beta.grant.organisation = ZohoOrganisation.objects.create(zgid="777", name="Beta Ltd")
        beta.grant.save()
        fetch_organisation_facts(beta, open_client(beta))
        zoho.fail("status", status=503, times=None)
        report(acme)
        report(beta)
        assert deliver(acme) == [State.UNKNOWN]
        assert lanes.list_due_lanes(now=timezone.now()) == [(beta.pk, "Calls")]
        assert deliver(beta) == [State.DELIVERED]
    failures = ZohoOrganisation.objects.order_by("zgid").values_list("failures", flat=True)
    assert sorted(failures) == [0, 1]
