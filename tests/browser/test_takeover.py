"""The steps of who leaves 3CX's own integration: each is broken, and mended by its button."""

import pytest
from playwright.sync_api import expect

from connector.granting.tokens import REDIRECT_PATH
from connector.models import Connection, ZohoOrganisation
from connector.threecx.template import VERSION
from journaling.models import JournalSettings
from tests.browser.steps import List, Pbx
from tests.browser.walk import Walker
from tests.connector.zoho.world import ACME
from tests.support.zoho import ControlledZoho, run_zoho

pytestmark = pytest.mark.django_db(transaction=True)
ADA = "+441632960011"


@pytest.fixture
def zoho(settings):
    with run_zoho(people=5, organisations=[ACME]) as zoho:
        settings.ZOHO_TRUSTED_URLS = [zoho.url]
        yield zoho


@pytest.fixture
def acme(zoho: ControlledZoho) -> Connection:
    """Nothing of the move is done yet; what Zoho demands would stop every call."""
    zoho.control(required_fields={"Calls": ["Call_Purpose"]})
    acme = zoho.connect(takes_over=True)
    ZohoOrganisation.objects.update(zgid=ACME.zgid)
    Connection.objects.update(client_id="")
    return acme


@pytest.fixture
def steps(page, live_server, settings, zoho, acme) -> List:
    settings.PUBLIC_URL = live_server.url
    page.goto(f"/admin/connector/connection/{acme.pk}/change/")
    return List(Walker(page, live_server.url, zoho.url))


def test_the_portals_half_of_the_move_is_mended_from_top_to_bottom(steps):
    page = steps.page
    client = "The Zoho client that 3CX uses today"
    address = f"{steps.walker.url}{REDIRECT_PATH}"
    expect(steps.find(client).locator("[data-copy]")).to_have_attribute("data-copy", address)
    steps.press(client, "Paste them", state="to do")
    page.locator("#id_client_id").fill("1000.SANDBOX")
    steps.save()
    steps.see(client, "done", "1000.SANDBOX")

    steps.press("The texts of 3CX's form", "Paste the texts", state="not seen")
    page.locator("#id_missed").fill("Nobody answered [Number]")
    steps.save()
    steps.see("The texts of 3CX's form", "done", "Changed: Missed Call.")

    steps.press("From when on", "From now on", state="to do", words="twice")
    steps.see("From when on", "done")
    assert JournalSettings.objects.get().journal_from

    steps.press("Look before you leap", "Try without writing", state="not seen")
    page.locator("#id_try-number").fill(ADA)
    steps.walker.press("Try")
    expect(page.get_by_text("Ada Lane").first).to_be_visible()
    steps.walker.follow("Back to the connection")

    steps.press("Test call written", "Send a test call", state="to do")
    steps.press("Test call written", "Send a test call", state="mend", words="Call_Purpose")
    steps.find("Mandatory fields").locator("select").select_option("Prospecting")
    steps.press("Mandatory fields", "Fill", state="mend")
    steps.press("Test call written", "Send a test call", state="mend")
    steps.see("Test call written", "done")


def test_the_pbxs_half_of_the_move_is_mended_from_top_to_bottom(steps):
    page, pbx = steps.page, Pbx(steps.walker.url)
    titles = page.locator("#pb-steps > li strong").all_inner_texts()
    order = [
        next(place for place, title in enumerate(titles) if words in title)
        for words in ("Key of the PBX", "does not copy", "3CX runs", "3CX restarted", "First call")
    ]
    assert order == sorted(order)

    steps.press("does not copy", "Enter the PBX's address", state="not seen", words="once")
    page.locator("#id_pbx_url").fill("https://pbx.acme.example")
    steps.save()
    for title in ("does not copy", "3CX restarted"):
        outside = steps.find(title).get_by_role("link", name="Open 3CX")
        expect(outside).to_have_attribute("href", "https://pbx.acme.example")

    pbx.key = steps.make_key()
    steps.press("3CX runs", "Show how", state="to do", words="one CRM integration at a time")
    with page.expect_download():
        page.locator("a[href$='/template/']").click()
    steps.see("3CX restarted", "not seen", "3CX System")
    assert pbx.ask("hello") == 200
    page.reload()
    steps.see("3CX runs", "done", f"version {VERSION}")
    steps.see("3CX restarted", "done")
    expect(page.get_by_text("Look before you leap")).to_have_count(0)
    expect(page.get_by_text("The way back:")).to_be_visible()
