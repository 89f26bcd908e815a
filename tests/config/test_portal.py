"""The whole portal as processes, on both databases."""

from collections.abc import Callable

import pytest
import requests

from tests.support.portal import Portal
from tests.support.processes import wait_until


@pytest.mark.parametrize("database", ["postgres", "sqlite"])
def test_the_portal_runs_on_both_databases(
    make_portal: Callable[..., Portal], database: str
) -> None:
    portal = make_portal(database=database)
    portal.start()
    page = requests.get(f"{portal.url}/admin/login/", timeout=10)
    assert page.status_code == 200
    assert "Patchbay" in page.text


def test_the_web_server_comes_back_after_kill(portal: Portal) -> None:
    portal.kill("web")
    portal.start("web")
    assert requests.get(f"{portal.url}/healthz", timeout=10).text == "ok\n"


def test_killing_the_web_server_leaves_none_of_its_workers(portal: Portal) -> None:
    portal.running["web"].process.kill()
    wait_until(lambda: not is_served(portal.url), what="the end of the web server's workers")


def is_served(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).ok
    except requests.ConnectionError:
        return False
