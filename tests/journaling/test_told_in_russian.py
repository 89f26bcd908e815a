"""What workers and the PBX's requests note is told to each reader in their language."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from connector.extensions import read_extensions
from connector.models import (
    Connection,
    DialSettings,
    Mirror,
    ZohoGrant,
    ZohoOrganisation,
)
from connector.sync.due import make_mirrors
from connector.sync.running import sync_mirror
from connector.wording import Wording
from journaling import entries
from journaling.alarms.watching import watch
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Alarm, Attempt, Entry, Event
from journaling.reconciling.comparing import compare_day
from journaling.reconciling.days import find_today
from journaling.settle import settle_connection
from tests.support.builders import build_call_body
from tests.support.catalogue import find_english, read_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(zoho) -> Connection:
    return zoho.connect(journal={"settle_seconds": 0})


@pytest.fixture
def reader(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    return admin_client


def report(connection: Connection, body: bytes | None = None) -> Entry:
    store_report(connection=connection, kind="call", body=body or build_call_body())
    settle_connection(connection.pk)
    return Entry.objects.order_by("-pk")[0]


def deliver(connection: Connection) -> None:
    deliver_lane(connection_id=connection.pk, module="Calls")


def read_page(reader, name: str, *args) -> str:
    with translation.override("en"):  # a request leaves its language behind
        answer = reader.get(reverse(name, args=args))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'lang="ru"' in page
    return page


def read_pages(reader, connection: Connection) -> dict[str, str]:
    """Every page that tells of the connection and of what became of its calls."""
    names = ["admin:index", "queues", "admin:journaling_entry_changelist",
             "admin:journaling_alarm_changelist"]  # fmt: skip
    found = {name: read_page(reader, name) for name in names}
    for name in ("connector_connection_change", "connector_connection_proof"):
        found[name] = read_page(reader, f"admin:{name}", connection.pk)
    for model, kind in ((Entry, "entry"), (Event, "event"), (Attempt, "attempt")):
        for row in model.objects.all():
            place = f"admin:journaling_{kind}_change"
            found[f"{kind} {row.pk}"] = read_page(reader, place, row.pk)
    return found


def list_english(pages: dict[str, str]) -> dict[str, list[str]]:
    return {name: found for name, page in pages.items() if (found := find_english(page))}


def test_the_search_for_english_finds_it(admin_client, acme):
    report(acme)
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert find_english(page)


def test_a_refused_record_is_told_in_russian_and_zohos_words_are_marked(zoho, acme, reader):
    refused = {
        "code": "INVALID_DATA", "message": "the value is too long", "status": "error",
        "details": {"api_name": "Subject", "json_path": "$.data[0].Subject", "maximum_length": 120},
    }  # fmt: skip
    zoho.fail("status", method="POST", module="Calls", status=400, body={"data": [refused]})
    entry = report(acme)
    deliver(acme)
    pages = read_pages(reader, acme)
    assert list_english(pages) == {}
    text = read_text(pages[f"entry {entry.pk}"])
    assert "Слова Zoho the value is too long (Subject: не больше 120 знаков)" in text
    assert "«the value is too long (Subject: не больше 120 знаков)»" in text


def test_silence_outages_and_dead_workers_are_told_in_russian(zoho, acme, reader):
    zoho.fail("cut", method="POST", module="Calls", commit="after")
    report(acme)
    deliver(acme)
    dead = report(acme, build_call_body(number="+441632960777"))
    moment = timezone.now() - timedelta(hours=1)
    Entry.objects.filter(pk=dead.pk).update(
        state=Entry.State.SENDING, claimed_until=moment, first_sent_at=moment, last_sent_at=moment
    )
    entries.sweep(now=timezone.now())
    pages = read_pages(reader, acme)
    assert list_english(pages) == {}
    assert "Рабочий процесс остановился во время отправки" in read_text(pages[f"entry {dead.pk}"])


def test_an_unreadable_report_is_told_in_russian(acme, reader):
    entry = report(acme, b"[1, 2]")
    event = Event.objects.get()
    assert isinstance(event.unreadable_reason, Wording)
    pages = read_pages(reader, acme)
    assert list_english(pages) == {}
    assert "ожидался один объект JSON" in read_text(pages[f"entry {entry.pk}"])
    assert "ожидался один объект JSON" in read_text(pages[f"event {event.pk}"])


def test_a_revoked_access_holds_the_connection_in_russian(zoho, acme, reader):
    report(acme)
    zoho.control(revoke_grants=True)
    ZohoGrant.objects.update(access_token_expires_at=timezone.now())
    deliver(acme)
    acme.refresh_from_db()
    assert acme.held_code == "grant_refused"
    assert list_english(read_pages(reader, acme)) == {}


def test_trouble_of_directory_proof_and_extensions_is_told_in_russian(zoho, acme, reader):
    make_mirrors()
    DialSettings.objects.update_or_create(connection=acme, defaults={"way": "tel"})
    assert isinstance(read_extensions(acme).trouble, Wording)
    zoho.fail("status", method="GET", module="Contacts", status=500, times=9)
    sync_mirror(Mirror.objects.get(module="Contacts").pk, at_once=True)
    ZohoOrganisation.objects.update(waits_until=None)
    report(acme)
    deliver(acme)
    Entry.objects.update(delivered_at=timezone.now() - timedelta(minutes=10))
    zoho.fail("status", method="GET", module="Calls", status=500, times=9)
    row = compare_day(acme, find_today(acme))
    assert row
    assert isinstance(row.trouble, Wording)
    assert list_english(read_pages(reader, acme)) == {}


def test_alarms_speak_the_language_of_their_reader(acme, reader):
    Connection.objects.filter(pk=acme.pk).update(
        held_code="no_client", held_at=timezone.now(), held_words=Wording("Zoho took too long.")
    )
    watch()
    alarm = Alarm.objects.get(key__contains=acme.slug)
    assert "Zoho took too long" in alarm.words["en"]
    assert "Zoho отвечал слишком долго" in alarm.words["ru"]


def test_rows_of_older_versions_still_show(acme, reader):
    entry = report(acme)
    Entry.objects.filter(pk=entry.pk).update(
        state=Entry.State.PARKED, words="The PBX went away.", reason="rejected", claim=None
    )
    assert "The PBX went away." in read_page(reader, "admin:journaling_entry_change", entry.pk)


def test_a_wording_survives_the_database_with_its_facts(acme):
    inner = Wording("no connection in time")
    kept = Wording("Zoho (%(url)s) cannot be reached: %(reason)s.", url="https://z", reason=inner)
    Connection.objects.filter(pk=acme.pk).update(held_words=kept)
    acme.refresh_from_db()
    assert acme.held_words == kept
    with translation.override("ru"):
        assert "соединение не установлено вовремя" in str(acme.held_words)
    assert str(acme.held_words) == "Zoho (https://z) cannot be reached: no connection in time."
