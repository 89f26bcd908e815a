"""A deleted connection leaves nothing behind, here or at Zoho, that nobody else needs."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connector.models import Connection, MirroredPerson, ZohoOrganisation
from journaling.connection_file.applying import apply_file
from journaling.models import Attempt, AttemptVerdict, Entry, Event, EventVersion
from tests.support.builders import build_entry
from tests.support.zoho import ControlledZoho

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 1200


def fill(acme: Connection) -> None:
    now = timezone.now()
    entry = build_entry(acme)
    build_entry(acme, kind=Entry.Kind.NOTE, module="Notes", after=entry)
    Event.objects.bulk_create(
        Event(connection=acme, entry=entry, kind="call", identity=str(row), body=b"{}",
              received_at=now)
        for row in range(MANY)
    )  # fmt: skip
    EventVersion.objects.create(
        event=Event.objects.first(), digest="1", body=b"{}", received_at=now
    )
    attempt = Attempt.objects.create(connection=acme, sent_at=now, took_ms=1)
    AttemptVerdict.objects.create(attempt=attempt, entry=entry, outcome="failed")
    MirroredPerson.objects.create(
        organisation=acme.grant.organisation, module="Contacts", zoho_id="1", seen_at=now
    )


def count_revoked(zoho: ControlledZoho) -> int:
    return int(zoho.read_counters()["requests"].get("POST oauth/v2/token/revoke", 0))


def find_page(acme: Connection) -> str:
    return reverse("admin:connector_connection_delete", args=[acme.pk])


def test_the_page_says_what_goes_and_lists_no_rows(zoho: ControlledZoho, admin_client: Client):
    acme = zoho.connect()
    fill(acme)
    page = admin_client.get(find_page(acme)).content.decode()
    assert "2 calls and chats are not in Zoho yet and never will be." in page
    assert "The contact directory of Acme Ltd goes: 1 person." in page
    assert str(MANY) in page
    assert len(page) < 100_000


def test_all_of_it_goes_and_zoho_takes_the_grant_back(zoho: ControlledZoho, admin_client: Client):
    acme = zoho.connect()
    fill(acme)
    answer = admin_client.post(find_page(acme), {"post": "yes"}, follow=True)
    assert "did not take" not in answer.content.decode()
    models = (Connection, Event, EventVersion, Entry, Attempt, ZohoOrganisation, MirroredPerson)
    assert [model.__name__ for model in models if model.objects.exists()] == []
    assert count_revoked(zoho) == 1


def test_what_another_connection_uses_stays(zoho: ControlledZoho, admin_client: Client):
    acme, beta = zoho.connect(), zoho.connect("beta")
    fill(acme)
    type(beta.grant).objects.filter(connection=beta).update(
        refresh_token=acme.grant.refresh_token.reveal()
    )
    assert "contact directory" not in admin_client.get(find_page(acme)).content.decode()
    admin_client.post(find_page(acme), {"post": "yes"})
    assert MirroredPerson.objects.count() == 1
    assert list(Connection.objects.all()) == [beta]
    assert count_revoked(zoho) == 0


def test_pruning_a_file_does_the_same(zoho: ControlledZoho, tmp_path):
    fill(zoho.connect())
    file = tmp_path / "none.yaml"
    file.write_text("connections:\n  beta: {}\n")
    apply_file(file, delete=["acme"])
    assert not MirroredPerson.objects.exists()
    assert count_revoked(zoho) == 1


def test_zoho_away_keeps_nobody_from_deleting(zoho: ControlledZoho, admin_client: Client):
    acme = zoho.connect()
    zoho.fail("html", status=503, path="revoke$")
    page = admin_client.post(find_page(acme), {"post": "yes"}, follow=True).content.decode()
    assert "Zoho did not take the authorization of Acme back." in page
    assert not Connection.objects.exists()
