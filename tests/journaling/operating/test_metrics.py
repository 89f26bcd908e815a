"""What /metrics says and to whom; dashboard and alerts ask only for what exists."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from connector import auth
from connector.counting import tallies
from connector.models import Pulse, Tally
from journaling.models import Entry, Event
from tests.support.builders import build_call_body, build_connection, build_entry

pytestmark = pytest.mark.django_db
OPS = Path(__file__).parents[3] / "docs" / "ops"


@pytest.fixture(autouse=True)
def forget_counts():
    tallies.flush()
    Tally.objects.all().delete()


def read_metrics(**headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = Client(headers=headers).get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def find(name: str, **labels: str) -> float:
    return read_metrics()[name, tuple(sorted(labels.items()))]


def test_everything_appears_with_zero_before_anything_happened():
    names = {name for name, _labels in read_metrics()}
    for word in ("lookup", "backlog", "zoho", "queue", "worker"):
        assert [name for name in names if word in name], word
    assert find("patchbay_lookup_seconds_count") == 0
    assert find("patchbay_backlog") == 0
    assert find("patchbay_workers_alive") == 0
    assert find("patchbay_beat_tick_age_seconds") == -1


def test_a_new_connection_appears_with_zeros():
    build_connection()
    assert find("patchbay_lookups_total", connection="acme", status="200") == 0
    assert find("patchbay_reports_total", connection="acme", kind="call", status="202") == 0
    assert find("patchbay_connection_backlog", connection="acme") == 0
    assert find("patchbay_pbx_last_report_age_seconds", connection="acme") == -1


@pytest.mark.django_db(transaction=True)
def test_reports_and_refusals_are_counted_without_the_names_that_strangers_invent():
    acme = build_connection()
    key = auth.make_key(acme)
    post = Client().post
    post("/pbx/acme/calls", build_call_body(), "application/json", headers={"X-Api-Key": key})
    post("/pbx/acme/calls", build_call_body(), "application/json", headers={"X-Api-Key": key})
    post("/pbx/invented/calls", build_call_body(), "application/json")
    assert find("patchbay_reports_total", connection="acme", kind="call", status="202") == 1
    assert find("patchbay_reports_total", connection="acme", kind="call", status="200") == 1
    Event.objects.update(received_at=timezone.now() - timedelta(hours=1))
    assert 3600 <= find("patchbay_pbx_last_report_age_seconds", connection="acme") < 3700
    assert find("patchbay_refused_requests_total", door="pbx-calls") == 1
    assert not [labels for _name, labels in read_metrics() if "invented" in str(labels)]


def test_the_backlog_counts_reports_without_an_entry_and_entries_on_their_way():
    acme = build_connection()
    build_entry(acme)
    build_entry(acme, state=Entry.State.PARKED, reason="bad_field")
    key = auth.make_key(acme)
    Client().post(
        "/pbx/acme/calls", build_call_body(), "application/json", headers={"X-Api-Key": key}
    )
    assert find("patchbay_backlog") == find("patchbay_connection_backlog", connection="acme") == 2
    assert find("patchbay_connection_parked", connection="acme", reason="bad_field") == 1


def test_workers_are_counted_by_their_signs_of_life():
    Pulse.objects.create(name="worker@one:1", at=timezone.now())
    Pulse.objects.create(name="worker@two:2", at=timezone.now() - timedelta(minutes=5))
    assert find("patchbay_workers_alive") == 1


def test_counts_of_several_processes_add_up():
    tallies.count("tasks", task="journaling.tick", outcome="done")
    tallies.flush()
    tallies.count("tasks", 2, task="journaling.tick", outcome="done")
    assert find("patchbay_tasks_total", task="journaling.tick", outcome="done") == 3


def test_what_was_counted_before_a_label_came_is_added_to_those_without_its_value():
    tallies.count("outcomes", connection="acme", outcome="rejected")
    tallies.count("outcomes", connection="acme", outcome="rejected", reason="")
    told = {"connection": "acme", "outcome": "rejected", "reason": ""}
    assert find("patchbay_outcomes_total", **told) == 2


def test_buckets_of_a_histogram_are_summed_up_from_below():
    for seconds in (0.01, 0.2, 99):
        tallies.observe("lookup_seconds", seconds)
    assert find("patchbay_lookup_seconds_bucket", le="0.25") == 2
    assert find("patchbay_lookup_seconds_bucket", le="+Inf") == 3
    assert find("patchbay_lookup_seconds_sum") == pytest.approx(99.21)


def test_counts_are_kept_while_the_database_is_away():
    def refuse(*_args):
        raise DatabaseError

    tallies.count("tasks", task="journaling.tick", outcome="done")
    with connection.execute_wrapper(refuse):
        tallies.flush()
    assert find("patchbay_tasks_total", task="journaling.tick", outcome="done") == 1


def test_strangers_are_refused():
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 403


def test_what_a_proxy_on_this_machine_passes_on_is_a_strangers(settings):
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert Client(headers=forwarded).get("/metrics").status_code == 403
    settings.TRUSTED_PROXIES = 1
    assert Client(headers=forwarded).get("/metrics").status_code == 403
    claimed = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
    assert Client(headers=claimed).get("/metrics").status_code == 403


def test_the_token_opens_from_anywhere(settings):
    settings.METRICS_TOKEN = "a-word-of-ours"
    right = Client(REMOTE_ADDR="203.0.113.9", headers={"Authorization": "Bearer a-word-of-ours"})
    wrong = Client(REMOTE_ADDR="203.0.113.9", headers={"Authorization": "Bearer another"})
    assert right.get("/metrics").status_code == 200
    assert wrong.get("/metrics").status_code == 403


def list_asked() -> list[str]:
    dashboard = json.loads((OPS / "grafana-dashboard.json").read_text())
    rules = yaml.safe_load((OPS / "prometheus-alerts.yaml").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return asked + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def test_dashboard_and_alerts_ask_for_what_exists_and_every_metric_is_shown():
    text = Client().get("/metrics").content.decode()
    families = {family.name: family.type for family in text_string_to_metric_families(text)}
    endings = {"counter": "_total", "histogram": "_bucket"}
    known = {f"{name}{endings.get(kind, '')}" for name, kind in families.items()}
    asked = {name for words in list_asked() for name in re.findall(r"patchbay_\w+", words)}
    assert asked - known == set()
    assert {name for name in known if name.startswith("patchbay_")} - asked == set()
