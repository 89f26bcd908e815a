"""Each thing is broken once: the alarm, the page and the metric say so."""

import re
import shutil
import socket
import time
from dataclasses import asdict
from datetime import timedelta
from types import SimpleNamespace

import pytest
import requests
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from connector.counting import tallies
from connector.granting.tokens import GrantTokens
from connector.models import (
    Connection,
    Mirror,
    Pulse,
    Tally,
    ZohoGrant,
    ZohoOrganisation,
    ZohoUser,
)
from connector.zoho.errors import ZohoError
from journaling.alarms.watching import watch
from journaling.deliver import deliver_lane
from journaling.models import Alarm, Entry, TrialCall
from journaling.models.event import RefusedReports
from journaling.operating.machines import measure_here, note_worker
from journaling.spooling.spool import find_directory, own_spool
from tests.support.builders import build_entry
from tests.support.portal import Portal
from tests.support.processes import wait_until
from tests.support.zoho import ControlledZoho, run_zoho

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoho(settings):
    with run_zoho() as sandbox:
        settings.ZOHO_TRUSTED_URLS = [sandbox.url]
        yield sandbox


@pytest.fixture
def acme(zoho: ControlledZoho) -> Connection:
    """Everything that is no matter of this file lives."""
    for name in ("worker@one:1", "tick"):
        Pulse.objects.create(name=name, at=timezone.now())
    tallies.flush()
    Tally.objects.all().delete()
    own_spool.release()
    for file in find_directory().glob("*"):  # of tests for which the database was slow
        file.unlink()
    return zoho.connect(last_lookup_at=timezone.now())


def list_alarms() -> list[str]:
    watch()
    known = Alarm.objects.filter(ended_at=None).exclude(key="broker").order_by("key")
    return list(known.values_list("key", flat=True))


def read_metric(name: str, **labels: str) -> float:
    text = Client().get("/metrics").content.decode()
    return next(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == f"patchbay_{name}" and labels.items() <= sample.labels.items()
    )


def read_page(client: Client, name: str = "admin:index") -> str:
    return client.get(reverse(name)).content.decode()


def test_nothing_is_wrong_to_begin_with(acme: Connection):
    assert list_alarms() == []


def deliver_one(acme: Connection) -> Entry:
    """A person who is to be created: nothing has to be looked up first."""
    entry = build_entry(
        acme, kind=Entry.Kind.PERSON, module="Contacts", record={"Last_Name": "Nina"},
        number_key="+441632960000",
    )  # fmt: skip
    deliver_lane(connection_id=acme.pk, module="Contacts")
    return entry


def try_again(entry: Entry) -> str:
    """The waits are over; the state that it comes to."""
    ZohoOrganisation.objects.update(waits_until=None)
    ZohoGrant.objects.update(waits_until=None)
    Entry.objects.update(next_attempt_at=timezone.now())
    deliver_lane(connection_id=entry.connection_id, module=entry.module)
    entry.refresh_from_db()
    return entry.state


def test_zoho_answers_401(zoho: ControlledZoho, acme: Connection, admin_client: Client):
    ZohoGrant.objects.update(access_token="wrong", refresh_token="wrong")
    entry = deliver_one(acme)
    assert list_alarms() == ["acme grant_refused"]
    assert "Zoho refuses the access." in read_page(admin_client)
    assert read_metric("connection_held", connection="acme") == 1
    ZohoGrant.objects.update(state=ZohoGrant.State.GRANTED, **zoho.make_tokens())
    admin_client.post(reverse("queues-resume", args=[acme.pk]))
    assert try_again(entry) == Entry.State.DELIVERED
    assert list_alarms() == []
    assert read_metric("connection_held", connection="acme") == 0


@pytest.mark.parametrize(
    "fault", [{"kind": "too_many_requests"}, {"kind": "status", "status": 500}]
)
def test_zoho_answers_429_and_500(
    zoho: ControlledZoho, acme: Connection, admin_client: Client, fault: dict
):
    zoho.control(faults=[{**fault, "times": 50}])
    entry = deliver_one(acme)
    assert read_metric("zoho_failures", organisation=acme.grant.organisation.zgid) > 0
    Entry.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(minutes=20))
    assert list_alarms() == ["acme oldest"]
    assert "The oldest waits for 20" in read_page(admin_client)
    assert read_metric("connection_backlog_oldest_seconds", connection="acme") > 1000
    zoho.control(reset=["faults"])
    assert try_again(entry) == Entry.State.DELIVERED
    assert list_alarms() == []
    assert read_metric("connection_backlog_oldest_seconds", connection="acme") == 0
    assert read_metric("zoho_failures", organisation=acme.grant.organisation.zgid) == 0


def test_the_disk_is_full(acme: Connection, admin_client: Client, monkeypatch):
    full = SimpleNamespace(free=5_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    [alarm] = list_alarms()
    assert alarm.startswith("disk ")
    assert "Only 5 MB are free" in read_page(admin_client, "admin:journaling_alarm_changelist")
    assert "4.8\xa0MB" in read_page(admin_client, "queues")
    assert read_metric("disk_free_bytes") == 5_000_000


def tell_of_another_machine(**facts: float | str) -> None:
    machine = asdict(measure_here()) | {"name": "web-2", "disk": "2", "place": "/data"} | facts
    told = {"at": timezone.now(), "facts": {"machine": machine}}
    Pulse.objects.update_or_create(name="web@web-2:7", defaults=told)


def test_the_disk_of_another_machine_is_full(acme: Connection, admin_client: Client):
    tell_of_another_machine(free_bytes=7_000_000)
    assert list_alarms() == ["disk 2"]
    assert "Only 7 MB are free in /data on web-2." in str(Alarm.objects.get(key="disk 2").words)
    assert "web-2" in read_page(admin_client, "queues")
    assert read_metric("disk_free_bytes", machine="web-2") == 7_000_000
    tell_of_another_machine()
    assert list_alarms() == []


def test_reports_wait_on_the_disk_of_another_machine(acme: Connection, admin_client: Client):
    tell_of_another_machine(spooled_reports=4, spool_oldest_seconds=95)
    assert list_alarms() == ["spool 2"]
    assert "the oldest for 95 s" in read_page(admin_client, "queues")
    assert read_metric("spool_reports", machine="web-2") == 4


def test_a_machine_that_is_gone_alarms_nobody(acme: Connection):
    tell_of_another_machine(free_bytes=1)
    Pulse.objects.filter(name="web@web-2:7").update(at=timezone.now() - timedelta(minutes=5))
    assert list_alarms() == []


def test_containers_that_share_a_disk_tell_it_once(acme: Connection):
    tell_of_another_machine(free_bytes=1, disk="x")
    machine = asdict(measure_here()) | {"name": "worker-1", "disk": "x", "free_bytes": 2}
    Pulse.objects.create(name="worker@worker-1:8", at=timezone.now(), facts={"machine": machine})
    assert list_alarms() == ["disk x"]
    assert "on web-2, worker-1." in str(Alarm.objects.get(key="disk x").words)


def test_a_disk_that_cannot_be_read_keeps_back_neither_signs_of_life_nor_alarms(
    acme: Connection, settings, tmp_path
):
    tell_of_another_machine(free_bytes=1)
    settings.DATA_DIR = tmp_path / "gone"
    note_worker()
    assert Pulse.objects.filter(name__startswith=f"worker@{socket.gethostname()}").exists()
    assert list_alarms() == ["disk 2"]


def test_beat_stops(acme: Connection, admin_client: Client):
    Pulse.objects.filter(name="tick").update(at=timezone.now() - timedelta(minutes=3))
    assert 180 <= read_metric("beat_tick_age_seconds") < 300
    seconds = re.search(r"(\d+) s ago", read_page(admin_client, "queues"))
    assert int(seconds[1]) >= 180


def test_reports_wait_on_disk(acme: Connection):
    find_directory().mkdir(exist_ok=True)
    file = find_directory() / f"{time.time_ns() - 90 * 10**9}-1.jsonl"
    file.write_text('{"id": 1}\n{"id": 2}\n')
    try:
        assert [name.partition(" ")[0] for name in list_alarms()] == ["spool"]
        assert read_metric("spool_reports") == 2
        assert read_metric("spool_oldest_seconds") > 60
    finally:
        file.unlink()
    assert list_alarms() == []


def test_reports_were_refused(acme: Connection, admin_client: Client):
    now = timezone.now()
    RefusedReports.objects.create(connection=acme, number=3, first_at=now, last_at=now)
    assert list_alarms() == ["acme refused_reports"]
    assert "3 reports from the PBX were refused" in read_page(admin_client)
    assert read_metric("connection_refused_reports", connection="acme") == 3


def test_callers_are_named_late(acme: Connection):
    watch()
    for seconds in [0.05] * 8 + [4.5] * 4:
        tallies.observe("lookup_seconds", seconds)
    Pulse.objects.filter(name="lookups").update(at=timezone.now() - timedelta(minutes=6))
    assert list_alarms() == ["lookups"]
    assert read_metric("lookup_seconds_bucket", le="2") == 8
    Pulse.objects.filter(name="lookups").update(at=timezone.now() - timedelta(minutes=6))
    assert list_alarms() == []


def test_the_directory_is_no_longer_compared(acme: Connection, admin_client: Client):
    organisation, long_ago = acme.grant.organisation, timezone.now() - timedelta(minutes=61)
    Mirror.objects.create(
        organisation=organisation, module="Contacts", filled_at=long_ago, synced_at=long_ago
    )
    assert list_alarms() == [f"mirror {organisation.pk} Contacts"]
    alarms = read_page(admin_client, "admin:journaling_alarm_changelist")
    assert "Contacts was not compared with Zoho for more than an hour." in alarms
    assert read_metric("mirror_age_seconds", module="Contacts") > 3600
    Mirror.objects.update(synced_at=timezone.now())
    assert list_alarms() == []


def test_the_grant_is_about_to_break(acme: Connection, admin_client: Client, settings):
    ZohoUser.objects.filter(zoho_id=acme.grant.user_zoho_id).delete()
    ZohoUser.objects.create(
        organisation=acme.grant.organisation, zoho_id=acme.grant.user_zoho_id, email="x@x.example",
        name="Gone", active=False,
    )  # fmt: skip
    assert list_alarms() == ["acme grant_user"]
    assert "is no longer active in Zoho" in read_page(admin_client)
    ZohoUser.objects.update(active=True)
    ZohoGrant.objects.update(access_token_expires_at=timezone.now() - timedelta(minutes=30))
    assert list_alarms() == ["acme grant_renewal"]
    assert read_metric("zoho_token_age_seconds", connection="acme") > 0


def test_a_key_is_missing(acme: Connection, settings):
    keys, settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS, []
    settings.FIELD_ENCRYPTION_KEYS = ["A" * 43 + "="]
    with pytest.raises(ZohoError):
        GrantTokens(acme.pk).read()
    settings.FIELD_ENCRYPTION_KEYS = keys
    assert list_alarms() == ["acme grant_renewal"]


def test_the_canary_fell(acme: Connection, admin_client: Client):
    type(acme.journal).objects.update(canary_enabled=True)
    now = timezone.now()
    TrialCall.objects.create(
        connection=acme, is_canary=True, is_good=False, code="late", began_at=now
    )
    assert list_alarms() == ["acme canary"]
    assert "The hourly test call failed: Not in Zoho" in read_page(admin_client)
    page = admin_client.get(reverse("admin:connector_connection_change", args=[acme.pk]))
    assert "Last test call" in page.content.decode()
    assert "Last test call" in read_page(admin_client, "queues")
    assert read_metric("connection_canary", connection="acme") == 0


def test_workers_beat_and_broker_are_gone(make_portal):
    """Real processes: the web process alone notices, and its pages say so."""
    portal: Portal = make_portal()
    portal.start("broker", "web")
    wait_until(
        lambda: portal.count("select count(*) from journaling_alarm") > 0,
        what="the web process's own alarm",
    )
    metrics = requests.get(f"{portal.url}/metrics", timeout=10).text
    assert "patchbay_workers_alive 0.0" in metrics
    assert "patchbay_broker_up 1.0" in metrics
    assert "patchbay_beat_tick_age_seconds -1.0" in metrics
    portal.kill("broker")
    ready = requests.get(f"{portal.url}/readyz", timeout=10)
    assert ready.status_code == 503
    assert "patchbay_broker_up 0.0" in requests.get(f"{portal.url}/metrics", timeout=10).text
