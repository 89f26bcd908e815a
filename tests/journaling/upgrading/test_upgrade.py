"""From an older version's tables to this one's: nothing is lost, and people are told what to do."""

import tomllib
from pathlib import Path

from config.version import VERSION
from journaling.upgrading.changes import describe_changes, list_changes, read_changes
from tests.support.portal import Portal, lay_out_portal

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
