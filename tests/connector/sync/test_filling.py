"""The mirror is filled once, and goes on where it stopped."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from connector.leases import hold
from connector.models import Connection, Mirror, MirroredKey, MirroredPerson, ZohoOrganisation
from connector.sync import counting, due, running, standing
from tests.support.mirror import (
    MODULES,
    count_requests,
    find_mirror,
    insert,
    list_mirrored,
    list_stored,
    sync,
)
from tests.support.processes import wait_until
from tests.support.zoho import ControlledZoho


def list_states(organisation: ZohoOrganisation) -> list[str]:
    return [one.state for one in standing.describe_directory(organisation)]


def test_a_fill_brings_every_record_converted_leads_too(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync()
    for module in ("Contacts", "Leads", "Accounts"):
        assert list_mirrored(module) == list_stored(zoho, module)
        assert find_mirror(module).trouble == ""
    assert list_states(connection.grant.organisation) == ["complete"] * 3


def test_a_number_leads_to_its_person_backwards_too(connection: Connection) -> None:
    sync("Contacts")
    ada = MirroredKey.objects.get(key="+441632960011")
    assert json.loads(ada.answer)["last"] == "Lane"
    assert ada.tail == "110069236144"


def test_a_sign_that_no_database_takes_stops_no_mirror(connection: Connection) -> None:
    insert(connection, "Contacts", Last_Name="No\0va", Phone="+441632961888")
    sync("Contacts")
    assert find_mirror("Contacts").filled_at
    assert MirroredPerson.objects.get(phones__Phone="+441632961888").last_name == "Nova"


@pytest.mark.parametrize("modules", [("Leads", "Contacts"), ("Contacts", "Leads")])
def test_a_converted_lead_leads_to_its_contact_whichever_comes_first(
    connection: Connection, modules: tuple[str, ...]
) -> None:
    sync(*modules)
    lead = MirroredPerson.objects.get(module="Leads", last_name="Field")
    assert [json.loads(key.answer)["module"] for key in lead.keys.all()] == ["Contacts"]


def test_a_fill_goes_on_where_it_stopped(zoho: ControlledZoho, connection: Connection) -> None:
    zoho.fail("status", status=500, module="Contacts", skip=2)
    sync("Contacts")
    mirror = find_mirror("Contacts")
    assert mirror.trouble
    assert mirror.filled_at is None
    assert mirror.pages == 1
    ZohoOrganisation.objects.update(waits_until=None, failures=0)
    before = count_requests(zoho, "GET Contacts")
    sync("Contacts")
    assert list_mirrored("Contacts") == list_stored(zoho, "Contacts")
    # Two pages that were missing, and a look for changes.
    assert count_requests(zoho, "GET Contacts") - before == 3


def test_how_long_a_fill_still_takes_is_known_from_its_size_and_this_runs_rate(
    connection: Connection,
) -> None:
    now = timezone.now()
    mirror = Mirror(
        fill_started_at=now - timedelta(days=1),
        resumed_at=now - timedelta(seconds=10),
        resumed_records=5_000,
        records=6_000,
        expected=11_000,
    )
    assert standing.measure_rate(mirror) == pytest.approx(100, rel=0.05)
    assert standing.estimate_seconds(mirror) == pytest.approx(50, rel=0.05)
    mirror.expected = None
    assert standing.estimate_seconds(mirror) is None


def test_a_large_module_is_counted_once_and_a_small_one_never(
    zoho: ControlledZoho, connection: Connection, monkeypatch
) -> None:
    monkeypatch.setattr(counting, "ASKED_AFTER", 1)
    sync()
    counted = [count_requests(zoho, f"GET {module}/actions/count") for module in MODULES]
    assert counted == [1, 1, 0]
    assert find_mirror("Contacts").expected == len(zoho.list_records("Contacts"))


def test_a_page_token_that_ended_is_replaced_by_the_last_id(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync("Contacts")
    first = sorted(list_mirrored("Contacts"), key=int)[9]
    MirroredPerson.objects.filter(zoho_id__gt=first).delete()
    Mirror.objects.filter(module="Contacts").update(
        fill_started_at=timezone.now() - timedelta(days=2),
        page_token="WzEsICJ4IiwgMV0=",
        last_zoho_id=first,
    )
    sync("Contacts")
    assert list_mirrored("Contacts") == list_stored(zoho, "Contacts")


def test_a_new_phone_field_has_everything_read_again(connection: Connection) -> None:
    sync("Contacts")
    before = find_mirror("Contacts").filled_at
    organisation = ZohoOrganisation.objects.get()
    organisation.fields["Contacts"]["Second_Mobile"] = {"type": "phone"}
    organisation.save(update_fields=["fields"])
    assert "Contacts" in {mirror.module for mirror in due.list_due(now=timezone.now())}
    sync("Contacts")
    assert find_mirror("Contacts").filled_at != before


def test_two_workers_never_keep_the_same_mirror(connection: Connection) -> None:
    mirror = find_mirror("Contacts")
    with hold(Mirror.objects.filter(pk=mirror.pk)) as lease:
        assert lease
        assert running.sync_mirror(mirror.pk) is False
    assert running.sync_mirror(mirror.pk) is True


def test_a_module_that_the_organisation_lacks_does_not_keep_the_mirror_incomplete(
    zoho: ControlledZoho, connection: Connection
) -> None:
    refusal = {"code": "INVALID_MODULE", "message": "no", "status": "error", "details": {}}
    zoho.fail("status", status=400, body=refusal, module="Accounts")
    sync()
    assert list_states(ZohoOrganisation.objects.get()) == ["complete", "complete", "absent"]
    assert find_mirror("Accounts").is_absent


def test_the_command_fills_everything_and_says_how_many_people_there_are(
    connection: Connection,
) -> None:
    said = io.StringIO()
    call_command("directory", "sync", "acme", stdout=said)
    assert f"complete: {MirroredPerson.objects.count()} people" in said.getvalue()
    told = io.StringIO()
    call_command("directory", "status", "acme", "--json", stdout=told)
    modules = json.loads(told.getvalue())[0]["modules"]
    assert [module["state"] for module in modules] == ["complete"] * 3


def test_the_command_joins_a_sync_that_runs(zoho: ControlledZoho, connection: Connection) -> None:
    sync("Contacts")
    alone = count_requests(zoho, "GET Contacts")
    Mirror.objects.all().delete()
    MirroredPerson.objects.all().delete()
    mirror = find_mirror("Contacts")
    zoho.control(latency_ms=200)

    def run() -> bool:
        try:
            return running.sync_mirror(mirror.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as pool:
        job = pool.submit(run)
        wait_until(lambda: Mirror.objects.get(pk=mirror.pk).claim, what="a sync that runs")
        said = io.StringIO()
        call_command("directory", "sync", "acme", stdout=said)
        assert job.result()
    assert "is complete" in said.getvalue()
    # One more asks for changes, where the other ended between two looks at it.
    assert count_requests(zoho, "GET Contacts") <= 2 * alone + 1


def test_the_command_fails_with_zohos_words(zoho: ControlledZoho, connection: Connection) -> None:
    zoho.sandbox.stop()
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("directory", "sync", "acme", stdout=io.StringIO())


def test_the_command_names_the_connections_there_are(connection: Connection) -> None:
    with pytest.raises(CommandError, match=r"no connection nowhere. Connections: acme\."):
        call_command("directory", "status", "nowhere")
