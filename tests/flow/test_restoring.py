"""An old backup of a real portal is restored after more was delivered: Zoho has everything once."""

from pathlib import Path

import pytest

from tests.faults.clock import Clock
from tests.flow.customer import OPEN, Customer
from tests.support.portal import Portal, lay_out_portal
from tests.support.processes import wait_until

pytestmark = pytest.mark.django_db
MODULES = ("Calls", "Tasks", "Notes")
ENTRIES = "select count(*) from journaling_entry"


def read_zoho(customer: Customer) -> dict[str, list[str]]:
    """Ids of all records; a second one of a call, or one that was written anew, shows."""
    return {name: sorted(row["id"] for row in customer.list_zoho(name)) for name in MODULES}


def count_writes(customer: Customer) -> list[int]:
    return [customer.count_zoho_requests(f"POST {name}") for name in MODULES]


def fill(acme: Customer, backup: Path) -> None:
    """Delivered, waiting and not yet settled at the moment of the backup; more came after it."""
    portal = acme.portal
    acme.play("play", "--calls", "10", "--chats", "2", "--seed", "1")
    acme.wait_until_delivered()
    portal.stop("zoho")
    acme.play("play", "--calls", "10", "--chats", "0", "--seed", "2")
    wait_until(lambda: portal.count(ENTRIES) >= 22, what="entries that wait for Zoho")
    portal.kill("worker")
    Clock(portal).end_leases()
    acme.play("play", "--calls", "5", "--chats", "1", "--seed", "3")
    portal.manage("portal", "backup", str(backup))
    portal.start("zoho", "worker")
    wait_until_delivered(portal)
    acme.play("play", "--calls", "4", "--chats", "0", "--seed", "4")
    acme.wait_until_delivered()
    for name in ("beat", "worker", "web", "broker"):
        portal.kill(name)


def wait_until_delivered(portal: Portal) -> None:
    """What waits for a moment is due at once."""
    clock = Clock(portal)

    def is_done() -> bool:
        clock.end_waits()
        return portal.count(OPEN) == 0

    wait_until(is_done, what="every answer of Zoho", seconds=180)


def test_an_old_backup_on_another_database_doubles_nothing_in_zoho(acme: Customer, tmp_path: Path):
    fill(acme, tmp_path / "old.gz")
    before, writes = read_zoho(acme), count_writes(acme)
    assert (len(before["Calls"]), len(before["Tasks"])) == (29, 3)
    kept = ("FIELD_ENCRYPTION_KEYS", "SECRET_KEY", "ZOHO_TRUSTED_URLS")
    told = {name: acme.portal.environment[name] for name in kept}
    directory = tmp_path / "restored"
    directory.mkdir()
    with lay_out_portal(directory=directory, database_url="", **told) as portal:
        assert "Nothing is sent until you say yes" in restore(portal, tmp_path / "old.gz")
        portal.start()
        opened = portal.count(OPEN)
        assert opened >= 16
        wait_until(lambda: portal.count("select count(*) from connector_pulse") > 2, what="life")
        portal.manage("portal", "doctor", check=False)  # seconds in which everything would be sent
        assert (portal.count(OPEN), count_writes(acme)) == (opened, writes)
        portal.manage("portal", "resume")
        wait_until_delivered(portal)
        delivered = f"{ENTRIES} where state = 'delivered' and kind in ('call', 'chat')"
        assert portal.count(delivered) == 28
    assert (read_zoho(acme), count_writes(acme)) == (before, writes)


def restore(portal: Portal, backup: Path) -> str:
    return portal.manage("portal", "restore", str(backup)).stdout
