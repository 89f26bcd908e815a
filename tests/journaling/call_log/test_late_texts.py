"""Recordings and texts that the PBX's call log has, and its reports had not."""

from dataclasses import replace

import pytest

from connector.sandbox.pbx.happenings import Call
from journaling.call_log.days import compare_day
from journaling.gathering import gather_call
from journaling.models import Entry, EventVersion, JournalSettings
from journaling.settle import settle_connection
from tests.journaling.call_log.plays import DAY, compare, make_call, report

pytestmark = pytest.mark.django_db

RECORDING = "https://pbx.acme.example/recordings/7"


def make_recorded_call() -> Call:
    return replace(make_call(), recording_url=RECORDING, transcription="Hello?", summary="Sold.")


@pytest.fixture
def call(acme, pbx) -> Entry:
    """Its report has a summary, but neither recording nor transcript; the log has all three."""
    pbx.call_log.add(make_recorded_call())
    report(acme, make_call())
    settle_connection(acme.pk)
    return Entry.objects.latest("started_at")


def test_the_log_brings_what_the_report_lacked_and_takes_nothing_away(acme, call):
    assert compare(acme)["completed"] == 1
    told = gather_call(Entry.objects.get(pk=call.pk)).report
    assert (told.recording_url, told.transcription, told.summary) == (RECORDING, "Hello?", "Told.")


def test_what_the_log_brought_is_brought_once(acme, call):
    assert [compare(acme)["completed"] for _ in range(3)] == [1, 0, 0]
    assert EventVersion.objects.count() == 1


def test_a_call_in_zoho_is_completed_there(acme, call):
    Entry.objects.filter(pk=call.pk).update(state=Entry.State.DELIVERED, zoho_id="500")
    compare(acme)
    completion = Entry.objects.get(kind=Entry.Kind.COMPLETION)
    assert (completion.after_id, completion.state) == (call.pk, Entry.State.WAITING)


def test_what_may_not_leave_the_pbx_does_not_come_through_the_log(acme, call):
    settings, _ = JournalSettings.objects.get_or_create(connection=acme)
    settings.send_transcript = settings.send_recording_link = False
    settings.save()
    acme.refresh_from_db()
    assert compare_day(acme, DAY).figures["completed"] == 0
    assert not EventVersion.objects.exists()


def test_a_call_whose_texts_a_rule_keeps_back_is_not_completed(acme, call):
    acme.exclusions = [{"kind": "number", "value": call.number, "journal": "never", "note": ""}]
    acme.save()
    assert compare_day(acme, DAY).figures["completed"] == 0


def test_the_texts_of_another_extension_are_not_taken(acme, pbx, call):
    for row in pbx.call_log.rows:
        row["DestinationDn"] = row["DestinationDn"].replace("101", "102")
    assert compare_day(acme, DAY).figures["completed"] == 0
