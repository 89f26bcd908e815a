"""Worker, beat and broker die by kill -9: alarm, page and metric say which, until it is back."""

import pytest
import requests

from tests.faults.clock import Clock
from tests.flow.customer import Customer
from tests.support.portal import Portal
from tests.support.processes import wait_until

pytestmark = pytest.mark.django_db
WATCH = "from journaling.alarms.watching import watch; watch()"
"""What beat asks a worker each minute and, without both, a web process does by itself."""


def list_alarms(portal: Portal) -> set[str]:
    """The portal's own that last, after one more look at everything."""
    portal.manage("shell", "-c", WATCH)
    keys = ("broker", "workers", "beat")
    query = "select count(*) from journaling_alarm where ended_at is null and key = '{}'"
    return {key for key in keys if portal.count(query.format(key))}


def read_metric(portal: Portal, name: str) -> float:
    text = requests.get(f"{portal.url}/metrics", timeout=10).text
    [line] = [line for line in text.splitlines() if line.startswith(f"patchbay_{name} ")]
    return float(line.split()[1])


def forget_sign(portal: Portal, name: str) -> None:
    """As if the clock went on: the last sign of life is a minute old."""
    clock = Clock(portal)
    moment = clock.shift("at", minutes=-1)
    clock.run(f"update connector_pulse set at = {moment} where name like '{name}%'")


def test_what_dies_is_told_by_alarm_page_and_metric_until_it_is_back(make_portal):
    portal: Portal = make_portal()
    portal.start("broker", "web", "worker", "beat")
    boss = Customer(portal).log_in()

    def show_engine() -> str:
        """The first box of the queues page."""
        page = boss.get(f"{portal.url}/admin/queues/", timeout=20).text
        return page.partition('id="engine"')[2].partition("</h2>")[0]

    def wait_until_all_moves() -> None:
        wait_until(lambda: "Everything moves." in show_engine(), what="everything")

    wait_until_all_moves()
    assert list_alarms(portal) == set()

    portal.kill("worker")
    forget_sign(portal, "worker@")
    assert list_alarms(portal) == {"workers"}
    assert "No worker answers." in show_engine()
    assert read_metric(portal, "workers_alive") == 0
    portal.start("worker")
    wait_until_all_moves()
    assert list_alarms(portal) == set()
    assert read_metric(portal, "workers_alive") == 1

    portal.kill("beat")
    forget_sign(portal, "tick")
    assert list_alarms(portal) == {"beat"}
    assert "beat does not tick" in show_engine()
    assert read_metric(portal, "beat_tick_age_seconds") > 30
    portal.start("beat")
    wait_until_all_moves()
    assert list_alarms(portal) == set()
    assert 0 <= read_metric(portal, "beat_tick_age_seconds") < 30

    portal.kill("broker")
    assert list_alarms(portal) == {"broker"}
    assert "The broker does not answer" in show_engine()
    assert read_metric(portal, "broker_up") == 0
    portal.start("broker")
    wait_until_all_moves()
    assert list_alarms(portal) == set()
    assert read_metric(portal, "broker_up") == 1
