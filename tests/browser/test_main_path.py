"""From the first log-in to a call on its card in Zoho, in both languages, on a portal that runs."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.steps import List
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
        call_in(portal, key=key)
        see_call_in_zoho(walker)
        walker.delete_customer("Acme Ltd")


def call_in(portal: Portal, *, key: str) -> None:
    """As a PBX does that runs the template."""
    portal.manage("sandbox", "install", "--connection", "acme-ltd", "--key", key)
    portal.manage("sandbox", "call", "--connection", "acme-ltd", "--from", ADA, "--answered", "5")


def see_call_in_zoho(walker: Walker) -> None:
    walker.open_call("01632 960011")
    walker.see("The story")
    walker.wait_for_delivery()
    with walker.page.expect_popup() as opened:
        walker.follow("Open in Zoho")
    expect(opened.value.get_by_text("Ada Lane").first).to_be_visible()


def test_who_leaves_3cxs_own_integration_moves_by_the_set_up_of_the_page(walk, portal, tmp_path):
    walker = walk("en")
    walker.log_in()
    walker.add_customer("Acme Ltd", door="A customer who uses 3CX's own Zoho integration today")
    steps = List(walker)
    steps.see("The Zoho client that 3CX uses today", "to do", f"{portal.url}/api/oauth2crm")
    walker.register_client()
    steps.see("The Zoho client that 3CX uses today", "done")
    walker.authorize()
    walker.return_to_page()
    steps.see("Authorised by", "done", "integration@acme.example")

    steps.press("The texts of 3CX's form", "Paste the texts", state="not seen")
    walker.type_into("calls", missed="[Number] called in vain", answered_inbound="[Name] called")
    walker.type_into("chats", chat_subject="Chat of [Agent]")
    steps.see("The texts of 3CX's form", "done", "Missed Call, Chat Subject")
    steps.press("From when on", "From now on", state="to do")
    steps.see("From when on", "done")
    walker.name_fallback_owner("boss@acme.example")
    walker.write_at_once()

    steps.press("Look before you leap", "Try without writing", state="not seen")
    for number, name in (("01632 960011", "Ada Lane"), ("+44 1632 960010", "Lane & Sons")):
        walker.page.locator("#id_try-number").fill(number)
        walker.press("Try")
        walker.see("This would be written")
        walker.see(name)
    walker.follow("Back to the connection")

    template, key = walker.fetch_template(tmp_path)
    assert "Patchbay" in template.read_text()
    steps.press("Test call written", "Send a test call", state="to do")
    walker.see("and deleted again. Calls will arrive.")
    steps.see("Test call written", "done")
    steps.see("3CX restarted", "not seen")
    call_in(portal, key=key)
    see_call_in_zoho(walker)
    expect(walker.page.get_by_text("Ada Lane called").first).to_be_visible()
