"""The charts of the dashboard."""

import json
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journaling.models import Attempt, AttemptVerdict, Entry
from journaling.telling.charts import draw_charts
from tests.support.builders import build_connection, build_entry

pytestmark = pytest.mark.django_db


def test_without_calls_nothing_is_drawn(admin_client):
    build_connection()
    assert draw_charts() == []
    assert admin_client.get("/admin/").status_code == 200


def test_calls_are_counted_by_hour_beside_last_weeks():
    connection = build_connection()
    for _number in range(3):
        build_entry(connection)
    old = build_entry(connection)
    Entry.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=7))
    [chart] = draw_charts(zone="Asia/Kolkata")
    today, before = json.loads(chart.data)["datasets"]
    assert (today["data"][-1], sum(today["data"]), sum(before["data"])) == (3, 3, 1)
    assert chart.title.endswith("(Asia/Kolkata)")
    assert {label[-3:] for label in json.loads(chart.data)["labels"]} == {":30"}


def test_the_delay_is_measured_from_hang_up():
    now = timezone.now()
    connection = build_connection()
    for minutes in (1, 2, 9):
        build_entry(
            connection, state=Entry.State.DELIVERED, delivered_at=now,
            ended_at=now - timedelta(minutes=minutes),
        )  # fmt: skip
    _calls, chart = draw_charts()
    middle, _p95 = json.loads(chart.data)["datasets"]
    assert middle["data"][-1] == 2.0


def test_failures_are_counted_by_zohos_reason():
    entry = build_entry(build_connection())
    attempt = Attempt.objects.create(
        connection=entry.connection, sent_at=timezone.now(), took_ms=1, method="POST",
        path="/crm/v8/Calls", outcome="answered",
    )  # fmt: skip
    for outcome, code in (("rejected", "INVALID_DATA"), ("delivered", "")):
        AttemptVerdict.objects.create(attempt=attempt, entry=entry, outcome=outcome, code=code)
    assert draw_charts()[-1].rows == [["Zoho does not accept a value.", 1]]


def test_no_query_depends_on_the_number_of_connections():
    for number in range(3):
        build_entry(build_connection(f"acme-{number}"))
    with CaptureQueriesContext(database) as queries:
        draw_charts()
    assert len(queries) == 4
