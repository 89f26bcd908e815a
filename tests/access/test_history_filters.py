"""The history narrowed to a connection, to a person, to what was done."""

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connector.auditing import note, note_opened
from tests.access.rules import ADMINISTRATOR
from tests.access.world import log_in
from tests.support.builders import build_connection, build_entry

pytestmark = pytest.mark.django_db
LIST = reverse("admin:auditlog_logentry_changelist")


@pytest.fixture
def places():
    """Ann paused acme and read a call of beta; Ben paused beta."""
    acme, beta = build_connection("acme"), build_connection("beta")
    ann, ben = User.objects.create_user("ann"), User.objects.create_user("ben")
    LogEntry.objects.all().delete()
    with set_actor(ann):
        note(acme, "Paused by Ann.")
        note_opened(build_entry(beta))
    with set_actor(ben):
        note(beta, "Paused by Ben.")
    return {"acme": acme.pk, "beta": beta.pk, "ann": ann.pk, "ben": ben.pk}


def list_found(client: Client, **query: object) -> list[tuple[str, int]]:
    rows = client.get(LIST, query).context["cl"].result_list
    return sorted((row.actor.username, row.action) for row in rows)


READ, CHANGED = LogEntry.Action.ACCESS, LogEntry.Action.UPDATE


def test_by_connection_person_and_action(admin_client, places):
    assert list_found(admin_client, connection=places["acme"]) == [("ann", CHANGED)]
    assert list_found(admin_client, connection=places["beta"]) == [("ann", READ), ("ben", CHANGED)]
    assert list_found(admin_client, person=places["ann"]) == [("ann", CHANGED), ("ann", READ)]
    assert list_found(admin_client, action__exact=READ) == [("ann", READ)]
    both = {"connection": places["beta"], "person": places["ben"]}
    assert list_found(admin_client, **both) == [("ben", CHANGED)]


def test_what_was_done_to_a_person_stands_with_what_they_did(admin_client, places):
    with set_actor(User.objects.get(pk=places["ben"])):
        note(User.objects.get(pk=places["ann"]), "Code taken away.")
    found = list_found(admin_client, person=places["ann"])
    assert found == [("ann", CHANGED), ("ann", READ), ("ben", CHANGED)]


@pytest.mark.parametrize("asked", ["x", "-1", "1' or '1'='1", "9" * 30, "٣", ""])
def test_an_id_that_is_none_filters_nothing(admin_client, places, asked):
    assert len(list_found(admin_client, connection=asked, person=asked)) == 3


def test_a_filter_offers_and_finds_what_the_person_may_see(places):
    client = log_in(ADMINISTRATOR, connection=build_connection("own"))
    for name in ("acme", "beta"):
        assert list_found(client, connection=places[name]) == []
    page = client.get(LIST).content.decode()
    assert "Acme" not in page
    assert "?person=" + str(places["ann"]) not in page
