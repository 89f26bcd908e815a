"""The PBX's own call log beside the reports, over the sandbox PBX's real API."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from connector.models import Connection, DialSettings
from connector.sandbox.pbx.happenings import Call
from connector.sandbox.pbx.plays import mix_plays
from journaling.call_log.days import compare_day, list_due
from journaling.ending.retention import purge_connection
from journaling.models import Entry, ErasedNumber, Event, JournalSettings
from journaling.settle import settle_connection
from tests.journaling.call_log.plays import (
    ANN,
    BEN,
    DAY,
    NOON,
    NUMBER,
    compare,
    list_entries,
    make_call,
    make_leg,
    report,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hours", [0, -5.5])
def test_withheld_calls_are_found_and_added_once_whatever_the_logs_zone(acme, pbx, hours):
    pbx.call_log.shift = timedelta(hours=hours)
    pbx.call_log.rows.clear()
    plays = list(mix_plays([ANN, BEN], calls=200, chats=0, seed=7, now=NOON))
    for call in plays:
        pbx.call_log.add(call)
    for place, call in enumerate(plays):
        if place not in (50, 100, 150):
            report(acme, call)
    settle_connection(acme.pk)
    figures = compare(acme)
    assert (figures["calls"], figures["reported"], figures["missing"]) == (200, 197, 3)
    assert figures["shift_minutes"] == -60 * hours
    added = Event.objects.filter(source=Event.Source.CALL_LOG)
    wanted = {plays[place].legs[0].started_at.replace(microsecond=0) for place in (50, 100, 150)}
    assert {event.started_at for event in added} == wanted
    again = compare(acme)
    assert (again["missing"], again["added"]) == (3, 0)
    assert added.count() == 3
    assert Entry.objects.exclude(state=Entry.State.LEFT_OUT).count() == 201


def test_the_command_adds_what_the_pbx_never_reported(acme, pbx):
    pbx.call_log.add(make_call())
    out = StringIO()
    call_command("pbx", "calls", "acme", "--day", str(DAY), stdout=out)
    assert "2 calls in the PBX's log, 1 reported, 1 missing (1 added now)" in out.getvalue()
    settle_connection(acme.pk)
    entry = list_entries()[-1]
    assert [row["code"] for row in entry.trace] == ["found_in_call_log"]
    assert (entry.number, entry.extension, entry.call_type) == (NUMBER, "101", "Inbound")


@pytest.mark.parametrize("settled_between", [True, False])
@pytest.mark.parametrize("drift", [0, 70])
def test_a_report_that_comes_after_all_makes_no_second_call(acme, pbx, settled_between, drift):
    pbx.call_log.add(make_call())
    compare_day(acme, DAY)
    if settled_between:
        settle_connection(acme.pk)
    report(acme, make_call(after=drift))
    settle_connection(acme.pk)
    assert len(list_entries()) == 2
    reported = Event.objects.get(source=Event.Source.REPORT, number=NUMBER)
    assert reported.logged.entry == reported.entry
    figures = compare(acme)
    assert (figures["reported"], figures["missing"]) == (2, 0)
    assert len(list_entries()) == 2


def test_an_answer_that_was_not_reported_joins_the_legs_that_were(acme, pbx):
    missed = make_leg("Missed", ANN, seconds=20)
    answered = make_leg("Inbound", BEN, after=21)
    pbx.call_log.add(Call(number=NUMBER, legs=(missed, answered), queue="800"))
    report(acme, Call(number=NUMBER, legs=(missed,), queue="800"))
    settle_connection(acme.pk)
    figures = compare(acme)
    assert (figures["missing"], figures["answers_missing"]) == (0, 1)
    _early, entry = list_entries()
    assert (entry.call_type, entry.extension, entry.queue) == ("Inbound", "102", "800")
    assert compare(acme)["added"] == 0


def test_all_legs_of_one_call_of_the_log_become_one_call(acme, pbx):
    legs = (make_leg("Missed", ANN, seconds=20), make_leg("Inbound", BEN, after=30))
    pbx.call_log.add(Call(number=NUMBER, legs=legs, queue="800"))
    assert compare(acme)["missing"] == 1
    _early, entry = list_entries()
    assert (entry.extension, entry.events.count()) == ("102", 2)


def test_calls_before_the_first_report_and_inside_the_house_are_not_missing(acme, pbx):
    pbx.call_log.add(make_call(after=-18000))
    pbx.call_log.add(make_call("103"))
    figures = compare(acme)
    assert (figures["calls"], figures["left_out"], figures["missing"]) == (2, 1, 0)


def test_a_call_that_a_rule_keeps_out_is_not_added_nor_named(acme, pbx):
    acme.exclusions = [{"kind": "number", "value": NUMBER, "journal": "never", "note": ""}]
    acme.save()
    pbx.call_log.add(make_call())
    pbx.call_log.add(make_call(after=60))
    report(acme, make_call(after=60))
    row = compare_day(acme, DAY)
    assert (row.figures["left_out"], row.figures["missing"], row.findings) == (1, 0, [])
    acme.exclusions = []
    acme.save()
    pbx.call_log.rows.pop(1)
    assert compare(acme)["reported"] == 2
    assert not Event.objects.filter(source=Event.Source.CALL_LOG).exists()


def test_an_erased_person_does_not_return_from_the_log(acme, pbx):
    pbx.call_log.add(make_call())
    report(acme, make_call())
    settle_connection(acme.pk)
    call_command("privacy", "erase", NUMBER, "--yes", stdout=StringIO())
    row = compare_day(acme, DAY)
    assert (row.figures["left_out"], row.figures["missing"], row.findings) == (1, 0, [])
    ErasedNumber.objects.update(erased_at=NOON - timedelta(hours=1))
    assert compare(acme)["added"] == 1
    ErasedNumber.objects.update(erased_at=NOON - timedelta(days=31))
    JournalSettings.objects.get_or_create(connection=acme)
    purge_connection(acme.pk)
    assert not ErasedNumber.objects.exists()


@pytest.mark.parametrize("is_excluded", [True, False])
def test_a_new_signing_key_beside_the_former_one_forgets_no_erased_or_excluded_number(
    acme, pbx, settings, is_excluded
):
    former = settings.SECRET_KEY
    if is_excluded:
        rule = {"kind": "number", "value": NUMBER, "journal": "never", "note": ""}
        Connection.objects.update(exclusions=[rule])
        acme.refresh_from_db()
    report(acme, make_call())
    settle_connection(acme.pk)
    if not is_excluded:
        call_command("privacy", "erase", NUMBER, "--yes", stdout=StringIO())
    pbx.call_log.add(make_call())
    Connection.objects.update(exclusions=[])
    acme.refresh_from_db()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, []
    assert compare_day(acme, DAY).figures["missing"] == 1
    settings.SECRET_KEY_FALLBACKS = [former]
    assert compare_day(acme, DAY).figures["missing"] == 0


def test_no_call_is_added_whose_report_may_have_ended_by_its_time(acme, pbx):
    Event.objects.update(started_at=NOON - timedelta(days=90))
    early = NOON - timedelta(days=40)
    pbx.call_log.add(make_call(after=(early - NOON).total_seconds()))
    row = compare_day(acme, early.date())
    assert (row.figures["calls"], row.figures["left_out"]) == (1, 1)


def test_a_pbx_without_an_api_is_told_on_the_day(acme, pbx):
    pbx.licensed = False
    row = compare_day(acme, DAY)
    assert row.compared_at is None
    assert "Enterprise" in str(row.trouble)


def test_days_are_due_until_they_were_compared(acme):
    morning = NOON + timedelta(hours=17)
    assert list(list_due(now=morning)) == [(acme.pk, DAY)]
    compare_day(acme, DAY)
    assert list(list_due(now=morning)) == []
    DialSettings.objects.update(compare_call_log=False)
    assert list(list_due(now=morning + timedelta(days=1))) == []
