"""The queues page of a real portal: without a worker, and with three."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from config import programs
from tests.flow.customer import Customer
from tests.support.portal import Portal
from tests.support.processes import start_process, wait_until

pytestmark = pytest.mark.django_db
NAMES = [f"worker-{number}" for number in range(3)]


@pytest.fixture
def portal(make_portal) -> Portal:
    portal: Portal = make_portal()
    portal.start("broker", "web")
    return portal


@pytest.fixture
def page(browser: Browser, portal: Portal) -> Iterator[Page]:
    cookies = Customer(portal).log_in().cookies
    context = browser.new_context(base_url=portal.url)
    context.add_cookies(
        [{"name": name, "value": value, "url": portal.url} for name, value in cookies.items()]
    )
    yield context.new_page()
    context.close()


def start_workers(portal: Portal) -> None:
    for name in NAMES:
        command = [*programs.plan_worker().command, "-n", f"{name}@here"]
        log = portal.directory / f"{name}.log"
        portal.running[name] = start_process(command, environment=portal.environment, log=log)
    wait_until(
        lambda: (
            portal.count("select count(*) from connector_pulse where name like 'worker@%'") == 3
        ),
        what="three signs of life",
    )


def test_the_page_is_right_without_a_worker_and_with_three(page: Page, portal: Portal):
    page.goto("/admin/queues/")
    expect(page.locator("#engine h2")).to_have_text("No worker answers.")
    expect(page.locator("#engine")).to_contain_text("systemctl start patchbay-worker")
    expect(page.locator("#workers")).to_contain_text("None answered within a second.")
    start_workers(portal)
    portal.start("beat")
    rows = page.locator("#workers tbody tr")

    def shows_all() -> bool:
        """On a loaded machine a worker may be late for the second that it is given."""
        page.reload()
        return rows.count() == 3 and page.get_by_text("Everything moves.").is_visible()

    wait_until(shows_all, what="three workers and beat on the page")
    assert [row.split()[0] for row in rows.all_inner_texts()] == [f"{name}@here" for name in NAMES]
    expect(page.locator("#machines tbody tr")).to_have_count(1)
    for name in NAMES:
        portal.kill(name)
    page.reload()
    expect(page.locator("#engine h2")).to_have_text("No worker answers.")
    expect(page.locator("#workers")).to_contain_text("gave its last sign of life")
