"""A person is told everything and erased everywhere, whatever way their number is written."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connector.leases import hold
from connector.models import Connection, DialIntent, MirroredPerson, RefusedKnock
from connector.people import live, mirror
from connector.wording import unpack
from journaling.ending.leftovers import purge_portal
from journaling.ingest import describe_event, spooled, store_report
from journaling.models import Entry, Erasure, Event, EventVersion
from journaling.privacy import scrubbing
from journaling.privacy.erasing import begin, list_unfinished, read_finished, work_on
from journaling.privacy.spellings import spell_number
from journaling.privacy.subject import find_subjects
from journaling.settle import settle_connection
from journaling.spooling.spool import own_spool
from journaling.tasks import erase
from tests.journaling.creating.test_strangers import CREATES, deliver_all
from tests.journaling.test_deliver import report
from tests.support.builders import build_call_body, build_connection, build_entry
from tests.support.mirror import sync
from tests.support.zoho import ControlledZoho

pytestmark = pytest.mark.django_db
NUMBER, EMAIL = "+441632961234", "nina@new.example"
OTHER = "+441632960777"


def ask(*words: str) -> str:
    out = StringIO()
    call_command("privacy", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def dump_database() -> str:
    """Every row of every table, as the database itself writes it."""
    cells = []
    with database.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                cells += [
                    bytes(cell).decode(errors="replace")
                    if isinstance(cell, memoryview)
                    else str(cell)
                    for cell in row
                ]
    return "\n".join(cells)


def is_named(text: str) -> bool:
    digits = re.sub(r"[\s().\-]", "", text)
    words = text.casefold()
    hits = ("1632961234" in digits, "4321692361" in digits, EMAIL in words, "nina newman" in words)
    return any(hits)


@pytest.fixture
def acme(zoho: ControlledZoho, settings, tmp_path) -> Connection:
    """A customer whose portal met Nina in every way that it knows.

    With a spool of its own: other processes of the run sweep the one that they share.
    """
    settings.DATA_DIR = tmp_path
    live.forget_answers()
    mirror.forget_standing()
    own_spool.release()
    acme = zoho.connect(journal=CREATES)
    report(acme, number="01632 961234", name="Nina Newman", transcription="Nina speaks. " * 5000)
    report(acme, number="0044 1632 961234", agent="102", seconds="0", type="Missed")
    report(acme, number=OTHER, transcription="Call Nina: (01632) 961-234 or NINA@new.example.")
    times = {"start": "2026-11-20T09:15:30Z", "end": "2026-11-20T09:20:30Z"}
    chat = {"email": EMAIL, "name": "Nina", "messages": f"I am {EMAIL}", "agent": "101", **times}
    store_report(connection=acme, kind="chat", body=json.dumps(chat).encode())
    settle_connection(acme.pk)
    deliver_all(acme)
    person = Entry.objects.get(kind=Entry.Kind.PERSON, number_key=NUMBER)
    assert person.zoho_id
    event = Event.objects.filter(number_key=NUMBER).first()
    EventVersion.objects.create(
        event=event, digest="0" * 64, body=build_call_body(number=NUMBER),
        received_at=timezone.now(), is_new=False,
    )  # fmt: skip
    now = timezone.now()
    DialIntent.objects.create(
        connection=acme, extension="101", number_key=NUMBER, module="Contacts", zoho_id="1",
        created_at=now, until_at=now + timedelta(minutes=10),
    )  # fmt: skip
    RefusedKnock.objects.create(
        address="203.0.113.1", slug="01632961234", reason="no_key", first_at=now, last_at=now
    )
    own_spool.append(spooled(describe_event(
        connection=acme, kind="call", template_version="", received_at=now,
        body=build_call_body(number=NUMBER, seconds="1"),
    )))  # fmt: skip
    own_spool.release()
    assert is_named(dump_database())
    return acme


def list_zoho(zoho: ControlledZoho) -> str:
    modules = ("Calls", "Tasks", "Notes", "Contacts", "Leads", "Accounts")
    return json.dumps([zoho.list_records(module) for module in modules])


@pytest.mark.django_db(transaction=True)
def test_nothing_of_an_erased_person_is_left_anywhere(zoho: ControlledZoho, acme: Connection):
    sync()
    certificate = json.loads(ask("erase", "01632 961234", "--zoho", "--json"))
    ask("erase", EMAIL.upper(), "--zoho")
    assert not is_named(dump_database())
    assert not is_named(list_zoho(zoho))
    other = Entry.objects.get(number_key=OTHER, kind=Entry.Kind.CALL)
    assert {"connection": "acme", "module": "Calls", "id": other.zoho_id} in certificate[
        "blacked_out_in_zoho"
    ]
    [call] = zoho.list_records("Calls")
    assert "Call Nina: (███ or ███" in call["Description"]
    assert call["Modified_Time"] == other.zoho_modified_at
    assert {row["module"] for row in certificate["erased_in_zoho"]} >= {"Calls", "Contacts"}
    assert certificate["erased"]["journaling.Event"] == 3
    assert any("recycle bin" in line for line in certificate["remains"])
    sync()
    assert not is_named(dump_database())


def test_who_only_mentioned_the_person_keeps_the_rest(acme: Connection):
    ask("erase", NUMBER, "--yes")
    entry = Entry.objects.get(number_key=OTHER, kind=Entry.Kind.CALL)
    body = bytes(entry.events.get().body).decode()
    assert "Call Nina: (... or" in body
    assert entry.zoho_id


def test_without_a_yes_the_records_in_zoho_stay_and_are_named(
    zoho: ControlledZoho, acme: Connection
):
    text = ask("erase", NUMBER, "--yes")
    assert "Nina Newman" in list_zoho(zoho)
    assert not Event.objects.filter(number_key=NUMBER).exists()
    assert re.search(r"Zoho, acme: Contacts \d+ was not deleted", text)
    assert re.search(r"Zoho, acme: the text of Calls \d+, .* may still name the person", text)


@pytest.mark.django_db(transaction=True)
def test_a_person_whom_zoho_still_has_comes_back_and_the_certificate_says_so(
    zoho: ControlledZoho, acme: Connection
):
    sync()
    lane = zoho.find_person("Contacts", "Lane")
    text = ask("erase", lane["Phone"] or lane["Mobile"], "--zoho")
    assert f"Contacts {lane['id']} was not written by the portal" in text
    assert not MirroredPerson.objects.filter(zoho_id=lane["id"]).exists()
    assert zoho.find_person("Contacts", "Lane")


def test_access_tells_all_of_it_as_json_and_as_a_table(acme: Connection):
    told = json.loads(ask("access", "+44 (0)1632 961234", "--json"))["connections"]["acme"]
    assert {row["kind"] for row in told["calls_and_chats"]} >= {"call", "person", "note"}
    assert len(told["reports"]) == 2
    assert told["directory"][0]["last_name"] == "Nina Newman"
    table = ask("access", NUMBER, "--csv")
    assert "Nina speaks." in table
    chat = json.loads(ask("access", EMAIL))["connections"]["acme"]
    assert [row["kind"] for row in chat["calls_and_chats"]] == ["chat"]


def test_only_the_named_connection_is_touched(acme: Connection):
    beta = build_connection("beta")
    build_entry(beta, number=NUMBER, number_key=NUMBER)
    ask("erase", NUMBER, "--yes", "--connection", "acme")
    assert list(Entry.objects.filter(number_key=NUMBER)) == [Entry.objects.get(connection=beta)]


def test_what_is_being_sent_is_not_erased_under_the_workers_hands(acme: Connection):
    build_entry(acme, number_key=NUMBER, state=Entry.State.SENDING)
    with pytest.raises(CommandError, match="repeat it in a minute"):
        ask("erase", NUMBER, "--zoho")
    assert Entry.objects.filter(number_key=NUMBER, state=Entry.State.DELIVERED).exists()


def test_a_worker_that_dies_is_followed_by_another_and_nothing_is_counted_twice(
    acme: Connection, monkeypatch
):
    """Each of many workers does one small step of a few rows."""
    monkeypatch.setattr(scrubbing, "BATCH", 2)
    subjects = find_subjects(NUMBER, connections=Connection.objects.all())
    whole = begin(subjects, asked=NUMBER, in_zoho=False)
    with hold(Erasure.objects.filter(pk=whole.pk), lasting=timedelta(minutes=1)):
        work_on(whole.pk)  # somebody else has it: nothing happens
    assert Event.objects.filter(number_key=NUMBER).exists()
    for _step in range(500):
        work_on(whole.pk, seconds=0)
    assert list_unfinished() == []
    whole.refresh_from_db()
    told = read_finished(whole).as_json()
    assert told["erased"]["journaling.Event"] == 3
    assert set(told["blacked_out"]) == {"journaling.Event", "journaling.Entry"}
    whole.delete()
    assert not re.search("1632961234", re.sub(r"[\s().\-]", "", dump_database()))


def test_what_names_no_single_person_is_refused(acme: Connection):
    for asked in ("101", "anonymous", "nobody@", "ann@acme.example"):
        with pytest.raises(CommandError):
            ask("erase", asked, "--zoho")


@pytest.mark.parametrize(
    ("text", "is_hit"),
    [
        ("+441632961234", True), ("01632 961234", True), ("(01632) 961-234", True),
        ("00441632961234", True), ("+44 (0) 1632.961234", True), ("1632961234", True),
        ("14416329612345", False), ("11632961234", False), ("+441632961235", False),
    ],
)  # fmt: skip
def test_a_number_is_found_in_every_usual_spelling(text: str, is_hit: bool):
    assert bool(re.search(spell_number(NUMBER), f"call {text}, please")) is is_hit


def test_the_page_shows_downloads_and_erases_with_a_certificate(
    acme: Connection, admin_client: Client
):
    page = reverse("privacy")
    wanted = {"asked": "01632 961234", "connection": ""}
    assert admin_client.get(page).status_code == 200
    shown = admin_client.post(page, {**wanted, "wish": "show"}).context["found"]
    assert (shown[0]["entries"], shown[0]["reports"]) == (3, 2)
    told = admin_client.post(page, {**wanted, "wish": "json"})
    assert told["Content-Disposition"] == 'attachment; filename="person.json"'
    assert "Nina speaks." in told.content.decode()
    admin_client.post(page, {**wanted, "wish": "erase"})
    assert Event.objects.filter(number_key=NUMBER).exists()
    done = admin_client.post(page, {**wanted, "wish": "erase", "sure": "1", "in_zoho": "1"})
    assert admin_client.get(done.url)["Refresh"]
    assert not is_named(Erasure.objects.values_list("asked", "plan", "certificate")[0].__repr__())
    erase.run(Erasure.objects.get().pk)
    assert "Zoho&#x27;s recycle bin" in admin_client.get(done.url).content.decode()
    assert done.url in admin_client.get(page).content.decode()
    Erasure.objects.update(finished_at=timezone.now() - timedelta(days=1, minutes=1))
    purge_portal()
    assert admin_client.get(done.url).status_code == 404
    assert not Event.objects.filter(number_key=NUMBER).exists()
    assert list_told() == [
        "Saved what is stored about a person (…234).",
        "Began to erase a person (…234).",
    ]


def list_told() -> list[str]:
    told = LogEntry.objects.exclude(additional_data__words=None).order_by("pk")
    return [str(unpack(row.additional_data["words"])) for row in told]


def test_a_request_at_the_terminal_stands_in_the_history_without_the_person(acme: Connection):
    ask("access", NUMBER)
    ask("erase", NUMBER, "--yes")
    assert list_told() == [
        "Saved what is stored about a person (…234).",
        "Began to erase a person (…234).",
    ]
    assert LogEntry.objects.latest("pk").additional_data["connection"] == acme.pk


def test_the_page_is_for_those_who_may_erase(client: Client):
    client.force_login(User.objects.create_user("olga", is_staff=True))
    assert client.get(reverse("privacy")).status_code == 403
