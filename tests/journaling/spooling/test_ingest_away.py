"""Reports while the database cannot take them: spooled, stored once, refused only with the disk."""

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys

import psycopg
import pytest
import time_machine
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from connector import database_limit
from connector.auth import forget_connections, keep_locks, make_key
from connector.known_keys import find_file, recall_keys, remember_keys
from connector.models import Connection
from journaling.health import list_findings
from journaling.models import Entry, Event, EventVersion
from journaling.models.event import RefusedReports
from journaling.operating.machines import measure_here
from journaling.spooling import refused
from journaling.spooling.spool import find_directory, list_files, make_file, own_spool
from journaling.spooling.sweep import sweep_spool
from journaling.tasks import tick
from tests.support.builders import build_call_body, build_connection, build_entry

COUNT_AND_DIE = """
import os, signal, django
django.setup()
from connector.models import Connection
from journaling.spooling import count_file, refused
count_file.own_counts.prepare()
refused.note_refused(Connection(pk={0}))
refused.note_refused(Connection(pk={0}))
os.kill(os.getpid(), signal.SIGKILL)
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.DATABASE_SECONDS = 1.0
    forget_connections()
    yield
    own_spool.release()
    database_limit.forget_away()


@pytest.fixture
def key() -> str:
    return make_key(build_connection())


def post(key: str, **values):
    return Client().post(
        "/pbx/acme/calls",
        build_call_body(**values),
        content_type="application/json",
        headers={"X-Api-Key": key, "X-Template-Version": "1"},
    )


def sweep() -> int:
    own_spool.release()
    return sweep_spool()


def end_other_sessions() -> None:
    """What a restarted server does to our connection."""
    facts = database.get_connection_params()
    with psycopg.connect(
        host=facts["host"], port=facts["port"], user=facts["user"], dbname="postgres",
        autocommit=True,
    ) as other:  # fmt: skip
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
            [facts["dbname"]],
        )


def test_a_dead_connection_is_dropped_and_the_insert_tried_once_more(key):
    post(key, agent="1")
    end_other_sessions()
    assert post(key, agent="2").status_code == 202
    assert Event.objects.count() == 2
    assert not list_files()


def test_while_the_database_is_away_a_report_is_spooled_under_the_id_that_it_keeps(key):
    remember_keys()
    database_limit.note_away()
    answers = [post(key, agent=str(number)) for number in range(3)]
    assert {answer.status_code for answer in answers} == {202}
    assert not Event.objects.exists()
    database_limit.forget_away()
    assert sweep() == 3
    events = Event.objects.order_by("pk")
    assert [str(event.pk) for event in events] == [answer.json()["id"] for answer in answers]
    assert [event.extension for event in events] == ["0", "1", "2"]
    assert not list_files()


def test_a_lock_that_is_held_too_long_makes_a_report_go_to_the_spool(key):
    remember_keys()
    facts = database.get_connection_params()
    with psycopg.connect(
        host=facts["host"], port=facts["port"], user=facts["user"], dbname=facts["dbname"]
    ) as other:
        other.execute("lock table journaling_event in exclusive mode")
        answer = post(key)
    assert answer.status_code == 202
    assert len(list_files()) == 1
    database_limit.forget_away()
    sweep()
    assert [str(event.pk) for event in Event.objects.all()] == [answer.json()["id"]]


def test_a_spool_that_was_stored_already_changes_nothing(key):
    remember_keys()
    database_limit.note_away()
    post(key)
    [path] = list_files()
    copy = path.read_bytes()
    database_limit.forget_away()
    sweep()
    path.write_bytes(copy)
    assert sweep() == 1
    assert Event.objects.count() == 1
    assert not EventVersion.objects.exists()


def test_the_unfinished_line_of_a_killed_process_is_passed_over(key):
    remember_keys()
    database_limit.note_away()
    post(key)
    own_spool.release()
    [path] = list_files()
    path.write_bytes(path.read_bytes() + b'{"id": "01')
    database_limit.forget_away()
    assert sweep() == 1


def test_nobody_takes_the_file_that_a_process_writes(key):
    remember_keys()
    database_limit.note_away()
    post(key)
    assert sweep_spool() == 0
    assert stat.S_IMODE(list_files()[0].stat().st_mode) == 0o600


def test_a_process_that_starts_while_the_database_is_away_knows_the_keys(key):
    remember_keys()
    forget_connections()
    recall_keys()
    database_limit.note_away()
    assert post(key).status_code == 202
    assert post("wrong").status_code == 401


def test_the_file_of_known_keys_holds_no_secret(key):
    Connection.objects.update(client_secret="very secret")
    remember_keys()
    text = find_file().read_text()
    assert key not in text
    assert "client_secret" not in text
    assert stat.S_IMODE(find_file().stat().st_mode) == 0o600


def test_when_the_disk_refuses_too_the_report_is_refused_and_counted(key, settings):
    remember_keys()
    database_limit.note_away()
    find_directory().write_text("a file where the spool should be")
    answer = post(key)
    assert answer.status_code == 503
    assert json.loads(answer.content)["error"]
    database_limit.forget_away()
    refused.write_refused()
    assert RefusedReports.objects.get().number == 1
    assert any("was refused" in finding.sentence for finding in list_findings())


class CutOff:
    """What a web server reads of a request whose sender is gone."""

    def read(self, *_size: int) -> bytes:
        raise OSError("the connection was closed")

    readline = read


def test_a_report_that_is_cut_off_on_its_way_is_counted(key):
    answer = Client().post(
        "/pbx/acme/calls", b"", "application/json", headers={"X-Api-Key": key},
        CONTENT_LENGTH="500", **{"wsgi.input": CutOff()},
    )  # fmt: skip
    assert answer.status_code == 400
    assert not Event.objects.exists()
    refused.write_refused()
    assert RefusedReports.objects.get().number == 1


def test_the_count_of_refused_reports_outlives_the_process(key):
    left = subprocess.run(
        [sys.executable, "-c", COUNT_AND_DIE.format(Connection.objects.get().pk)],
        env=os.environ | {"DATA_DIR": str(find_directory().parent)},
    )
    assert left.returncode == -signal.SIGKILL
    refused.write_refused()
    refused.write_refused()
    assert RefusedReports.objects.get().number == 2


def test_a_report_for_a_connection_that_was_just_deleted_is_not_accepted(key):
    connection = Connection.objects.get()
    remember_keys()
    Connection.objects.filter(pk=connection.pk).delete()
    assert post(key).status_code == 401


def test_forgotten_connections_open_no_door(key):
    remember_keys()
    keep_locks([], read_at=0)
    Connection.objects.all().delete()
    assert post(key).status_code == 401


def test_the_spool_is_shortened_to_what_was_acknowledged(key, monkeypatch):
    remember_keys()
    database_limit.note_away()
    post(key, agent="1")
    monkeypatch.setattr(os, "fsync", refuse_to_sync)
    assert post(key, agent="2").status_code == 503
    monkeypatch.undo()
    database_limit.forget_away()
    sweep()
    assert [event.extension for event in Event.objects.all()] == ["1"]


def refuse_to_sync(descriptor: int) -> None:
    raise OSError("no space left on device")


def test_no_sweep_takes_a_file_that_is_just_being_made(key, monkeypatch):
    """Another process finds it before its maker has locked it, and deletes it as empty."""
    remember_keys()
    database_limit.note_away()
    lock = fcntl.flock

    def sweep_first(file, operation: int) -> None:
        monkeypatch.undo()
        sweep_spool()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", sweep_first)
    answer = post(key)
    assert answer.status_code == 202
    database_limit.forget_away()
    assert sweep() == 1
    assert [str(event.pk) for event in Event.objects.all()] == [answer.json()["id"]]


def test_a_report_that_cannot_be_stored_keeps_no_other_one_back(key):
    remember_keys()
    database_limit.note_away()
    for number in range(3):
        post(key, agent=str(number))
    own_spool.release()
    [path] = list_files()
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second.replace(b'"kind": "call"', b'"kind": "nonsense"') + third)
    database_limit.forget_away()
    assert sweep() == 2
    assert list_files() == [path]
    assert [event.extension for event in Event.objects.order_by("pk")] == ["0", "2"]


def test_a_report_that_cannot_be_stored_is_logged_once_in_ten_minutes_and_counts_as_waiting(
    key, caplog
):
    remember_keys()
    database_limit.note_away()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answer = post(key)
        own_spool.release()
        [path] = list_files()
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b'"kind": "call"', b'"kind": "nonsense"'))
        database_limit.forget_away()
        caplog.clear()
        assert [sweep() for _tick in range(3)] == [0, 0, 0]
        assert count_told(caplog) == 1
        assert measure_here().spooled_reports == 1
        clock.shift(601)
        assert sweep() == 0
        assert count_told(caplog) == 2
        path.write_bytes(whole)
        clock.shift(601)
        assert sweep() == 1
    assert str(Event.objects.get().pk) == answer.json()["id"]


def count_told(caplog) -> int:
    """Lines of the log that a report cannot be read, each with a traceback."""
    told = [record for record in caplog.records if record.exc_info]
    return sum(record.getMessage() == "a report cannot be read" for record in told)


def test_a_spool_that_cannot_be_read_stops_nothing_else(key):
    make_file().close()
    [path] = list_files()
    path.unlink()
    path.mkdir()
    entry = build_entry(
        Connection.objects.get(), state=Entry.State.SENDING, claimed_until=timezone.now()
    )
    tick()
    entry.refresh_from_db()
    assert entry.state == Entry.State.WAITING
