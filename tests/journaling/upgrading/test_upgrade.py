"""From an older version's tables to this one's: nothing is lost, and people are told what to do."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import psycopg

from config import programs
from config.version import VERSION
from journaling.upgrading.changes import describe_changes, list_changes, read_changes
from tests.support.portal import Portal, lay_out_portal
from tests.support.processes import start_process, wait_until

OLD = [("connector", "0018_template_content"), ("journaling", "0016_follow_up")]
ROOT = Path(__file__).parents[3]

UPGRADE = f"""
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
executor = MigrationExecutor(connection)
executor.migrate({OLD})
old = executor.loader.project_state({OLD}).apps
acme = old.get_model("connector", "Connection").objects.create(
    slug="acme", name="Acme", country="GB", client_secret="geheim"
)
old.get_model("journaling", "JournalSettings").objects.create(connection=acme)
old.get_model("journaling", "Entry").objects.create(
    connection=acme, kind="call", state="waiting", words="Grüße"
)
call_command("portal", "upgrade", BACKUP)
call_command("portal", "changes")
call_command("portal", "changes")
"""
RESTORE = """
from django.core.management import call_command
call_command("portal", "restore", BACKUP)
"""
LOOK = """
from connector.models import Connection, Installation
from journaling.models import Entry
[entry] = Entry.objects.all()
assert Connection.objects.get().client_secret.reveal() == "geheim"
print(entry.words, entry.state, entry.ask_first, Installation.objects.get().silent_code)
"""

MAKE_CONNECTION = """
from tests.support.builders import build_connection
build_connection()
"""
REPORT = """
from connector.models import Connection
from journaling.ingest import store_report
from journaling.models import Event
store_report(connection=Connection.objects.get(), kind="call", body=b"{}")
print(Event.objects.count(), "stored")
"""
HELD_UP = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
NEW_INDEX = """
SELECT count(*) FROM pg_indexes JOIN pg_class ON relname = indexname
JOIN pg_index ON indexrelid = pg_class.oid
WHERE indexname LIKE 'entry_due%' AND indexdef LIKE '%next_attempt_at IS NOT NULL%' AND indisvalid
"""


def run(portal: Portal, script: str, backup: Path) -> str:
    script = f"BACKUP = {str(backup)!r}\n{script}{LOOK}"
    return portal.manage("shell", "--no-imports", "-c", script).stdout


def test_an_older_portal_is_upgraded_and_its_backup_restored(make_portal, tmp_path):
    """Upgraded on PostgreSQL; the backup, of the older tables, is restored on SQLite."""
    big: Portal = make_portal()
    told = run(big, UPGRADE, tmp_path / "before.gz")
    assert "journaling.0020_connections_are_named" in told
    first, second = told.split("What changed for people since ")[1:]
    assert first.startswith("an unnumbered version")
    assert "need a role" in first
    assert second.startswith(f"{VERSION}:\n  Authorize again in Zoho: no\n")
    assert second.endswith("Grüße waiting False \n")
    (tmp_path / "small").mkdir()
    keys = {"FIELD_ENCRYPTION_KEYS": big.environment["FIELD_ENCRYPTION_KEYS"]}
    with lay_out_portal(directory=tmp_path / "small", database_url="", **keys) as small:
        told = run(small, RESTORE, tmp_path / "before.gz")
    assert told.endswith("Grüße waiting True restored\n")


def test_every_version_says_what_people_have_to_do():
    versions = [change.version for change in read_changes()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert versions[-1] == VERSION == project["version"]
    assert versions == sorted(set(versions), key=lambda text: [*map(int, text.split("."))])
    assert list_changes(since=VERSION) == []
    assert "  Upload the template to the PBX again:" in describe_changes(list_changes(since=""))


def test_an_index_that_is_made_anew_keeps_no_report_waiting(make_portal: Callable[..., Portal]):
    """A long read holds the upgrade up; what arrives meanwhile is stored, not spooled."""
    portal = make_portal(SANDBOX="0")
    portal.manage("migrate")
    portal.manage("shell", "--no-imports", "-c", MAKE_CONNECTION)
    portal.manage("migrate", "journaling", "0026")
    with psycopg.connect(portal.environment["DATABASE_URL"]) as reader:
        reader.execute("SELECT count(*) FROM journaling_entry")
        command = programs.run_manage("migrate", "journaling")
        log = portal.directory / "migrate.log"
        upgrade = start_process(command, environment=portal.environment, log=log)
        wait_until(lambda: portal.count(HELD_UP) == 1, what="the upgrade to wait")
        told = portal.manage("shell", "--no-imports", "-c", REPORT).stdout
    assert told.endswith("1 stored\n")
    assert not list((portal.directory / "spool").glob("*"))
    assert upgrade.process.wait(60) == 0
    assert portal.count(NEW_INDEX) == 1
