"""The whole database as a file, into any other database: nothing lost or changed."""

import fcntl
import gzip
import json
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from connector.models import Connection, Pulse
from connector.moving.dumping import dump
from connector.moving.layout import FaultyFile, write_line
from connector.moving.loading import NotEmpty, load, make_preparer
from connector.moving.reading import DumpFile
from connector.moving.running import find_running
from journaling.models import Entry, JournalSettings
from tests.support.builders import build_connection
from tests.support.portal import Portal, lay_out_portal

SEED = """
import uuid
from datetime import time, timedelta
from django.contrib.auth.models import Group, User
from django.utils import timezone
from connector.models import *
from journaling.models import *
from tests.support.builders import *
acme = build_connection("acme", client_secret="geheim", outside_prefixes=["9", "0"])
build_grant(acme)
anna = User.objects.create_superuser("anna", "anna@acme.example", "secret-secret")
anna.groups.add(Group.objects.get_or_create(name="ours")[0])
old = timezone.now() - timedelta(days=40)
trace = [{"at": "x", "code": "ünïcode \\U0001f4de"}]
Entry.objects.bulk_create(
    Entry(connection=acme, kind="call", trace=trace, claim=uuid.uuid4()) for _ in range(2500)
)
Entry.objects.update(created_at=old)
entry = Entry.objects.last()
event = Event.objects.create(connection=acme, kind="call", identity="i", body=bytes(range(256)),
    received_at=old, entry=entry)
Attempt.objects.create(connection=acme, sent_at=old, took_ms=1, method="POST", path="/",
    outcome="answered").verdicts.create(entry=entry, outcome="delivered")
AlarmReceiver.objects.create(name="x", email="a@b.example", quiet_from=time(22))
Entry.objects.all().first().delete()
"""

GO_ON = """
from connector.models import *
from journaling.models import *
from tests.support.builders import *
acme = Connection.objects.get()
assert acme.client_secret.reveal() == "geheim"
assert bytes(Event.objects.get().body) == bytes(range(256))
assert build_entry(acme).pk == 2501
"""


def read_lines(path: Path) -> list[str]:
    """Without the header."""
    with gzip.open(path, "rt") as file:
        return list(file)[1:]


def test_postgresql_moves_to_sqlite_and_back(make_portal, tmp_path):
    """The SQLite database has no tables yet: loading makes them."""
    old: Portal = make_portal()
    keys = {"FIELD_ENCRYPTION_KEYS": old.environment["FIELD_ENCRYPTION_KEYS"]}
    first, second, third = (tmp_path / f"{number}.gz" for number in range(3))
    old.manage("shell", "-c", SEED)
    old.manage("portal", "dump", str(first))
    with lay_out_portal(directory=make_directory(tmp_path), database_url="", **keys) as small:
        told = small.manage("portal", "load", str(first)).stdout
        small.manage("portal", "dump", str(second))
    assert "Nothing is sent to Zoho yet" in told
    assert "FIELD_ENCRYPTION_KEYS" not in told
    assert read_lines(second) == read_lines(first)
    new: Portal = make_portal(**keys)
    new.manage("portal", "load", str(second))
    new.manage("portal", "dump", str(third))
    assert read_lines(third) == read_lines(first)
    new.manage("shell", "-c", GO_ON)


def make_directory(place: Path) -> Path:
    directory = place / "small"
    directory.mkdir()
    return directory


def test_postgresql_gets_texts_without_the_nul_that_sqlite_holds():
    prepare = make_preparer(Entry._meta.get_field("words"))
    assert prepare("a\0b") == "ab"


@pytest.fixture
def backup(transactional_db, tmp_path) -> Path:
    build_connection()
    return dump(tmp_path / "backup.gz", purpose="backup").path


def change(path: Path, *, migrations: int = 0, lines: int | None = None) -> DumpFile:
    """With an unknown migration more in its header, or without its last lines."""
    header, *rest = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    facts = json.loads(header)
    facts["migrations"] += [["connector", "9999_future"]] * migrations
    path.write_bytes(gzip.compress(write_line(facts) + b"".join(rest[:lines])))
    return DumpFile(path)


def test_a_database_with_anything_in_it_is_left_alone(backup):
    with pytest.raises(NotEmpty, match="is not empty"):
        load(DumpFile(backup))
    assert Connection.objects.exists()


def test_a_newer_file_is_refused_before_anything_is_touched(backup):
    Connection.objects.all().delete()
    with pytest.raises(FaultyFile, match=r"newer version \(connector.9999_future\)"):
        load(change(backup, migrations=1))


def test_a_file_without_its_end_loads_nothing(backup):
    JournalSettings.objects.all().delete()
    Connection.objects.all().delete()
    LogEntry.objects.all().delete()
    with pytest.raises(FaultyFile, match="its end is missing"):
        load(change(backup, lines=-1))
    assert not Connection.objects.exists()


def test_a_backup_is_for_its_owner_alone_and_says_where_the_keys_are(transactional_db, tmp_path):
    path, said = tmp_path / "file.gz", StringIO()
    call_command("portal", "backup", str(path), stdout=said)
    assert "Not in it: the keys" in said.getvalue()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="is a backup"):
        call_command("portal", "load", str(path))


def test_a_portal_that_runs_is_not_dumped(transactional_db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with (tmp_path / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="make run runs"):
            call_command("portal", "dump", str(tmp_path / "dump.gz"))
    Pulse.objects.create(name="web@one:7", at=timezone.now() - timedelta(seconds=9))
    lives = threading.Timer(0.5, give_sign)
    lives.start()
    assert find_running() == "web@one:7"
    lives.join()


def give_sign() -> None:
    Pulse.objects.update(at=timezone.now())
    connections.close_all()
