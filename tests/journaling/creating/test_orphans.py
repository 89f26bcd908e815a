"""An account made for a contact that does not come to be goes again, whatever dies meanwhile."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import requests
import time_machine
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connector.auth import forget_connections, make_key
from connector.models import Connection, ZohoOrganisation
from connector.people import live, mirror
from journaling import entries, lanes
from journaling.deliver import deliver_lane
from journaling.models import CreatedPerson, Entry
from tests.support.processes import start_process, wait_until
from tests.support.zoho import ControlledZoho

pytestmark = pytest.mark.django_db

NUMBER = "+441632961234"
COMPANY = "Brand New Ltd"
CREATE = (
    "from connector.models import Connection; from connector.phones import read_number; "
    "from journaling.creating.creation import create_person; "
    "from journaling.creating.newcomers import Wish; "
    "acme = Connection.objects.get(); number = read_number('+441632961234', acme.number_rules); "
    "create_person(acme, Wish(number=number, last='Newman', company='Brand New Ltd'))"
)


@pytest.fixture(autouse=True)
def forget() -> None:
    """What a process remembers of an earlier test."""
    forget_connections()
    mirror.forget_standing()
    live.forget_answers()


@pytest.fixture
def acme(zoho: ControlledZoho) -> Connection:
    return zoho.connect()


def post(connection: Connection, **form: str) -> HttpResponse:
    return Client().post(
        f"/pbx/{connection.slug}/contacts",
        json.dumps({"number": NUMBER, "last": "Newman", "company": COMPANY} | form),
        content_type="application/json",
        headers={"X-Api-Key": make_key(connection)},
    )


def refuse_contacts(zoho: ControlledZoho) -> None:
    zoho.fail("bad_record", method="POST", path="Contacts$", field="Last_Name", contains="Newman")


def list_accounts(zoho: ControlledZoho) -> list[str]:
    return [a["id"] for a in zoho.list_records("Accounts") if a["Account_Name"] == COMPANY]


def list_newmans(zoho: ControlledZoho) -> list[dict]:
    return [row for row in zoho.list_records("Contacts") if row.get("Last_Name") == "Newman"]


def work_off(connection: Connection) -> None:
    """What workers do within the next hour."""
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _ in range(8):
            entries.sweep(now=timezone.now())
            lanes.free_lanes(connection_id=connection.pk)
            deliver_lane(connection_id=connection.pk, module=Entry.CORRECTIONS)
            clock.shift(timedelta(minutes=8))
            ZohoOrganisation.objects.update(waits_until=None)


def write(
    zoho: ControlledZoho, connection: Connection, module: str, *, later: int = 60, **fields: object
) -> None:
    """What a person does in Zoho so many seconds later."""
    zoho.control(clock_ahead_seconds=later)
    requests.request(
        "PUT" if "id" in fields else "POST",
        f"{zoho.url}/crm/v8/{module}",
        json={"data": [fields]},
        headers={"Authorization": f"Zoho-oauthtoken {connection.grant.access_token.reveal()}"},
        timeout=5,
    ).raise_for_status()


def test_the_account_of_a_refused_contact_is_deleted_by_a_worker(zoho, acme):
    refuse_contacts(zoho)
    assert post(acme).status_code == 422
    assert len(list_accounts(zoho)) == 1
    deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
    assert list_accounts(zoho) == []
    row = Entry.objects.get()
    assert (row.state, row.reason, row.person) == ("left_out", "no_account", COMPANY)


def test_its_page_says_what_became_of_it(zoho, acme, admin_client):
    refuse_contacts(zoho)
    post(acme)
    work_off(acme)
    row = Entry.objects.get()
    page = admin_client.get(reverse("admin:journaling_entry_change", args=[row.pk]))
    told = page.content.decode()
    assert "The contact that it was made for was not created: it is not in Zoho." in told
    assert COMPANY in told


def test_the_account_of_a_contact_that_was_created_needs_no_worker(zoho, acme):
    assert post(acme).status_code == 200
    assert not Entry.objects.exists()
    assert len(list_accounts(zoho)) == 1


def test_an_account_that_was_never_sent_leaves_nothing_behind(zoho, acme):
    zoho.fail("bad_record", method="POST", path="Accounts$", field="Account_Name", contains="New")
    assert post(acme).status_code == 422
    assert not Entry.objects.exists()


def test_an_account_that_zoho_had_already_is_nobodys_orphan(zoho, acme):
    """Its name is unique there, and spelled in a way that no query found."""
    write(zoho, acme, "Accounts", Account_Name=COMPANY)
    [account] = list_accounts(zoho)
    verdict = {
        "code": "DUPLICATE_DATA", "details": {"api_name": "Account_Name", "id": account},
        "message": "duplicate data", "status": "error",
    }  # fmt: skip
    zoho.fail("status", method="POST", path="Accounts$", status=400, body={"data": [verdict]})
    refuse_contacts(zoho)
    assert post(acme, company="Brand-New Ltd.").status_code == 422
    work_off(acme)
    assert list_accounts(zoho) == [account]


def test_an_account_that_somebody_changed_stays(zoho, acme):
    refuse_contacts(zoho)
    post(acme)
    [account] = list_accounts(zoho)
    write(zoho, acme, "Accounts", id=account, Phone="+441632960123")
    work_off(acme)
    assert list_accounts(zoho) == [account]
    assert Entry.objects.get().reason == "account_kept"


@pytest.mark.parametrize(
    ("module", "facts"),
    [
        ("Contacts", {"Last_Name": "Other"}),
        ("Deals", {"Deal_Name": "First order", "Stage": "Qualification"}),
    ],
)
def test_an_account_that_somebody_uses_stays(zoho, acme, module, facts):
    refuse_contacts(zoho)
    post(acme)
    [account] = list_accounts(zoho)
    write(zoho, acme, module, Account_Name={"id": account}, **facts)
    work_off(acme)
    assert list_accounts(zoho) == [account]
    assert Entry.objects.get().reason == "account_kept"


def test_whoever_creates_a_contact_of_the_same_company_takes_the_account(zoho, acme):
    refuse_contacts(zoho)
    post(acme)
    [account] = list_accounts(zoho)
    assert post(acme, number="+441632961235", last="Other").status_code == 200
    work_off(acme)
    assert list_accounts(zoho) == [account]
    assert not Entry.objects.exists()


def test_while_the_account_is_being_deleted_no_contact_is_put_on_it(zoho, acme):
    refuse_contacts(zoho)
    post(acme)
    entries.claim(connection_id=acme.pk, module=Entry.CORRECTIONS, limit=1)
    assert post(acme, last="Other").status_code == 503
    work_off(acme)
    assert list_accounts(zoho) == []
    zoho.control(reset=["faults"])
    assert post(acme).status_code == 200


def test_an_account_whose_answer_is_lost_goes_though_nobody_knows_its_id(zoho, acme):
    zoho.fail("cut", method="POST", path="Accounts$", commit="after")
    assert post(acme).status_code == 504
    assert len(list_accounts(zoho)) == 1
    work_off(acme)
    assert list_accounts(zoho) == []


def test_one_that_a_person_entered_at_another_time_is_never_taken_for_ours(zoho, acme):
    zoho.fail("cut", method="POST", path="Accounts$", commit="before")
    assert post(acme).status_code == 504
    write(zoho, acme, "Accounts", later=600, Account_Name=COMPANY)
    work_off(acme)
    assert len(list_accounts(zoho)) == 1


def test_try_again_does_not_delete_under_the_hands_of_whoever_creates(zoho, acme):
    """Pressed while Zoho takes its time for the contact."""
    refuse_contacts(zoho)
    post(acme)
    with someone_creates():
        entries.release(list(Entry.objects.values_list("pk", flat=True)), by="operator")
        deliver_lane(connection_id=acme.pk, module=Entry.CORRECTIONS)
        assert len(list_accounts(zoho)) == 1
    work_off(acme)
    assert list_accounts(zoho) == []


@contextmanager
def someone_creates() -> Iterator[None]:
    until = timezone.now() + timedelta(seconds=60)
    CreatedPerson.objects.update(claim=uuid4(), claimed_until=until)
    yield
    CreatedPerson.objects.update(claim=None, claimed_until=None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commit", ["before", "after"])
@pytest.mark.parametrize("module", ["Accounts", "Contacts"])
def test_kill_9_while_zoho_answers_leaves_no_account_without_a_contact(
    zoho, acme, tmp_path: Path, module: str, commit: str
):
    moment = "after" if commit == "after" else "never"
    zoho.fail("hang", method="POST", path=f"{module}$", commit=moment, seconds=20)
    facts = database.settings_dict
    url = f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    portal = start_process(
        [sys.executable, "manage.py", "shell", "-c", CREATE],
        environment={**os.environ, "DATABASE_URL": url, "ZOHO_TRUSTED_URLS": zoho.url},
        log=tmp_path / "portal.log",
    )
    try:
        wait_until(lambda: zoho.count_inserts(module), what=f"the request for {module}")
    finally:
        portal.kill()
    work_off(acme)
    is_whole = module == "Contacts" and commit == "after"
    assert (len(list_accounts(zoho)), len(list_newmans(zoho))) == (is_whole, is_whole)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        assert post(acme).status_code == 200
    assert (len(list_accounts(zoho)), len(list_newmans(zoho))) == (1, 1)


def test_kill_9_between_deleting_and_noting_it_is_seen_when_looked_at_again(zoho, acme):
    refuse_contacts(zoho)
    post(acme)
    zoho.fail("cut", method="DELETE", module="Accounts", commit="after")
    work_off(acme)
    assert list_accounts(zoho) == []
    assert Entry.objects.get().reason == "no_account"
