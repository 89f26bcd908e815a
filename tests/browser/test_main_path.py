"""From the first log-in to a call on its card in Zoho, in both languages, on a portal that runs."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.walk import PASSWORD, USER, Walker
from tests.support.portal import Portal

pytestmark = pytest.mark.django_db

ADA = "+441632960011"


@pytest.fixture
def portal(make_portal: Callable[..., Portal]) -> Portal:
    portal = make_portal(
        DJANGO_SUPERUSER_PASSWORD=PASSWORD, DJANGO_SUPERUSER_EMAIL="admin@portal.example"
    )
    portal.manage("createsuperuser", "--no-input", "--username", USER)
    portal.start("broker", "zoho", "web", "worker", "beat")
    return portal


@pytest.fixture
def walk(browser: Browser, portal: Portal) -> Iterator[Callable[[str], Walker]]:
    contexts = []

    def begin(language: str) -> Walker:
        contexts.append(browser.new_context(base_url=portal.url, locale=language))
        return Walker(contexts[-1].new_page(), portal.url, portal.zoho_url, language)

    yield begin
    for context in contexts:
        context.close()


def test_clicks_alone_lead_from_the_first_log_in_to_a_call_in_zoho(walk, portal, tmp_path):
    for language in ("en", "ru"):
        walker = walk(language)
        walker.log_in()
        walker.add_customer("Acme Ltd")
        walker.register_client()
        walker.authorize()
        expect(walker.consent.get_by_text("integration@acme.example")).to_be_visible()
        walker.name_fallback_owner("boss@acme.example")
        walker.write_at_once()
        template, key = walker.fetch_template(tmp_path)
        assert "Patchbay" in template.read_text()
        portal.manage("sandbox", "install", "--connection", "acme-ltd", "--key", key)
        portal.manage("sandbox", "call", "--connection", "acme-ltd", "--from", ADA)
        walker.open_call("01632 960011")
        walker.see("The story")
        walker.wait_for_delivery()
        with walker.page.expect_popup() as opened:
            walker.follow("Open in Zoho")
        expect(opened.value.get_by_text("Ada Lane").first).to_be_visible()
        walker.delete_customer("Acme Ltd")
