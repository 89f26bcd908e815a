"""Mirrors brought up to date in tests, and people changed at the sandbox's Zoho meanwhile."""

from typing import Any

from connector.granting.grants import open_client
from connector.models import Connection, Mirror, MirroredPerson
from connector.sync import due, running
from connector.zoho import records
from tests.support.zoho import ControlledZoho

MODULES = ("Contacts", "Leads", "Accounts")


def find_mirror(module: str) -> Mirror:
    due.make_mirrors()
    return Mirror.objects.get(module=module)


def sync(*modules: str) -> None:
    """Bring mirrors up to date at once."""
    for module in modules or MODULES:
        assert running.sync_mirror(find_mirror(module).pk, at_once=True)


def list_stored(zoho: ControlledZoho, module: str) -> set[str]:
    return {record["id"] for record in zoho.list_records(module)}


def list_mirrored(module: str) -> set[str]:
    return set(MirroredPerson.objects.filter(module=module).values_list("zoho_id", flat=True))


def count_requests(zoho: ControlledZoho, name: str) -> int:
    """`name` like "GET Contacts"."""
    return int(zoho.read_counters()["requests"].get(name, 0))


def insert(connection: Connection, module: str, **values: Any) -> str:
    client = open_client(connection)
    [verdict] = records.insert(client, module=module, records=[values], trigger=[])
    assert verdict.outcome == "delivered", verdict
    return verdict.zoho_id


def update(connection: Connection, module: str, zoho_id: str, **values: Any) -> None:
    client = open_client(connection)
    row = {"id": zoho_id, **values}
    [verdict] = records.update(client, module=module, records=[row], trigger=[])
    assert verdict.outcome == "delivered", verdict


def delete(connection: Connection, module: str, zoho_id: str) -> None:
    records.delete(open_client(connection), module=module, zoho_ids=[zoho_id])


def convert(connection: Connection, zoho_id: str) -> None:
    client = open_client(connection)
    client.post(f"/crm/v8/Leads/{zoho_id}/actions/convert", {"data": [{}]})
