"""What a rule excludes never stands in Zoho, and of its number nothing remains here either."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection as database

from connector.database_limit import forget_away, note_away
from connector.models import Connection
from journaling import entries
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry, Event, EventVersion
from journaling.settle import settle_connection
from journaling.spooling.spool import list_files, own_spool
from journaling.spooling.sweep import sweep_spool
from journaling.telling.story import tell
from journaling.trying.whatif import Bench
from tests.journaling.admin_pages import list_errors, save_page
from tests.support.builders import build_call_body, build_connection

pytestmark = pytest.mark.django_db

NUMBER = "+441632960011"
TEXTS = {
    "transcription": "secret words", "summary": "secret sum", "sentiment": "secret mood",
    "recording_url": "https://pbx.example/secret",
}  # fmt: skip


def rule(kind: str, value: str, journal: str = "never", **more: str) -> dict[str, str]:
    return {"kind": kind, "value": value, "journal": journal, **more}


def report(connection: Connection, **values) -> Entry:
    store_report(connection=connection, kind="call", body=build_call_body(**values))
    settle_connection(connection.pk)
    return Entry.objects.latest("pk")


def dump_database() -> str:
    """Every row of what arrived and what became of it, as text."""
    rows = []
    with database.cursor() as cursor:
        for table in ("journaling_event", "journaling_eventversion", "journaling_entry"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += [
                bytes(value).decode() if isinstance(value, memoryview | bytes) else str(value)
                for row in cursor.fetchall()
                for value in row
            ]
    return " ".join(rows)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "01632 960011"), ("pattern", "+44163296*"), ("extension", "101"), ("queue", "800")],
)
def test_of_an_excluded_call_nothing_of_the_number_remains(kind, value):
    acme = build_connection(exclusions=[rule(kind, value, note="Works council")])
    entry = report(acme, name="Ann Lane", queue="800", **TEXTS)
    assert (entry.state, entry.reason, entry.number) == (Entry.State.LEFT_OUT, "excluded", "")
    stored = dump_database()
    for trace in ("960011", "Ann Lane", "ann@acme", "secret", '"101"'):
        assert trace not in stored
    assert set(json.loads(bytes(Event.objects.get().body))) == {
        "kind", "time", "rule", "note", "number_hash", "identity"
    }  # fmt: skip
    assert tell(entry)[-1].text.endswith("keeps it out (Works council).")


@pytest.mark.django_db(transaction=True)
def test_a_repeat_of_an_excluded_report_is_one_report():
    acme = build_connection(exclusions=[rule("number", NUMBER)])
    first, second = report(acme), report(acme, transcription="later")
    assert first == second
    assert not EventVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_excluded_report_is_reduced_in_the_spool_as_well(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    acme = build_connection(exclusions=[rule("number", NUMBER)])
    acme = Connection.objects.select_related("journal").get(pk=acme.pk)
    note_away()
    store_report(connection=acme, kind="call", body=build_call_body())
    forget_away()
    [file] = list_files()
    assert json.loads(file.read_text())["reduced"]
    own_spool.release()
    assert sweep_spool() == 1
    settle_connection(acme.pk)
    assert Entry.objects.get().reason == "excluded"
    assert "960011" not in dump_database()


def test_an_excluded_call_cannot_be_tried_again():
    entry = report(build_connection(exclusions=[rule("number", NUMBER)]))
    assert entries.release([entry.pk], by="ann") == 0


def test_others_are_journaled_as_ever():
    acme = build_connection(exclusions=[rule("number", "+441632960012"), rule("queue", "801")])
    assert report(acme, queue="800").state == Entry.State.SETTLING


def test_without_texts_the_call_stands_in_zoho_and_its_texts_do_not(zoho):
    acme = zoho.connect(
        exclusions=[rule("extension", "101", "without_texts")], journal={"settle_seconds": 0}
    )
    tried = Bench(acme).try_report(build_call_body(**TEXTS), kind="call")
    entry = report(acme, **TEXTS)
    deliver_lane(connection_id=acme.pk, module="Calls")
    [call] = zoho.list_records("Calls")
    assert (call["Call_Type"], call["Subject"]) == ("Inbound", "3CX PhoneSystem Call")
    assert not (call["Description"] or "").replace(f"ref {entry.reference}", "")
    assert call.get("Voice_Recording__s") is None
    assert "secret" not in dump_database()
    assert tried.record["Subject"] == call["Subject"]
    entry.refresh_from_db()
    words = [line.text for line in tell(entry)]
    assert "A rule for this extension keeps its texts out of Zoho." in words


def test_what_may_not_leave_the_pbx_is_dropped_at_the_door():
    acme = build_connection(journal={"send_transcript": False, "send_recording_link": False})
    report(acme, **{**TEXTS, "summary": "an order"})
    stored = dump_database()
    assert "an order" in stored
    assert "secret words" not in stored
    assert "pbx.example" not in stored


def test_a_report_that_holds_nothing_forbidden_is_kept_to_the_byte():
    acme = build_connection(journal={"send_transcript": False})
    body = build_call_body(transcription="").replace(b", ", b" ,\n")
    store_report(connection=acme, kind="call", body=body)
    assert bytes(Event.objects.get().body) == body


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (rule("number", "anonymous"), "is no number of the outside"),
        (rule("pattern", "*"), "is no pattern"),
        (rule("pattern", "Smith"), "is no pattern"),
        (rule("queue", ""), "The value is empty"),
        (rule("colour", "red"), "A rule has a kind"),
        (rule("queue", "1", "sometimes"), "A rule has a kind"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(row, words):
    acme = build_connection()
    acme.exclusions = [rule("queue", "800"), row]
    with pytest.raises(ValidationError, match=f"Rule 2: .*{words}"):
        acme.full_clean()


def test_the_bench_says_that_a_call_is_excluded(zoho):
    acme = zoho.connect(exclusions=[rule("number", NUMBER)])
    trial = Bench(acme).try_report(build_call_body(), kind="call")
    assert (trial.request, trial.entry.reason) == (None, "excluded")


def test_rules_are_typed_in_rows_on_the_connections_page(admin_client):
    acme = build_connection(exclusions=[rule("queue", "800")])
    columns = {
        "exclusions-kind": ["queue", "extension", "number"],
        "exclusions-value": ["800", " 105 ", ""],
        "exclusions-journal": ["never", "without_texts", "never"],
        "exclusions-note": ["", "Works council", ""],
    }
    assert save_page(admin_client, acme, **columns).status_code == 302
    acme.refresh_from_db()
    assert acme.exclusions == [
        rule("queue", "800"), rule("extension", "105", "without_texts", note="Works council")
    ]  # fmt: skip
    columns["exclusions-kind"][1] = "pattern"
    columns["exclusions-value"][1] = "abc"
    errors = list_errors(save_page(admin_client, acme, **columns))
    assert "Rule 2" in errors["exclusions"][0]
