"""The set-up checklist: every step is broken, and mended by the button on its line."""

import json
import re

import pytest
import requests
from playwright.sync_api import expect

from connector.models import Agent, Connection, ZohoGrant, ZohoOrganisation
from connector.threecx.template import VERSION
from journaling.models import JournalSettings
from tests.browser.steps import List, Pbx, authorize
from tests.browser.walk import Walker
from tests.connector.zoho.world import ACME, BETA
from tests.support.zoho import ControlledZoho, run_zoho

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "+441632960011"


@pytest.fixture
def zoho(settings):
    with run_zoho(people=5, organisations=[ACME, BETA]) as zoho:
        settings.ZOHO_TRUSTED_URLS = [zoho.url]
        yield zoho


@pytest.fixture
def acme(zoho: ControlledZoho) -> Connection:
    """Zoho's half of the list is broken from top to bottom."""
    zoho.control(required_fields={"Calls": ["Call_Purpose"]})
    acme = zoho.connect()
    ZohoOrganisation.objects.update(zgid=ACME.zgid)
    Connection.objects.update(client_id="")
    refused = {"state": "refused", "refused_words": "invalid_code", "scopes": ["ZohoCRM.org.READ"]}
    ZohoGrant.objects.update(**refused)
    Agent.objects.create(connection=acme, extension="109", email="nobody@acme.example")
    return acme


@pytest.fixture
def steps(page, live_server, settings, zoho, acme) -> List:
    settings.PUBLIC_URL = live_server.url
    page.goto(f"/admin/connector/connection/{acme.pk}/change/")
    return List(Walker(page, live_server.url, zoho.url))


def test_zohos_half_is_mended_from_top_to_bottom(steps):
    page = steps.page
    steps.press("Client registered", "Show how", state="to do", words="is missing")
    page.locator("#id_client_id").fill("1000.SANDBOX")
    steps.save()
    steps.see("Client registered", "done", "1000.SANDBOX")

    steps.see("All permissions", "mend", "ZohoCRM.modules")
    steps.see("Authorised by", "mend", "invalid_code")
    again = steps.find("Authorised by").get_by_role("link", name="Authorize again")
    authorize(steps, again, account="integration@acme.example")
    steps.see("Authorised by", "done")
    steps.see("All permissions", "done")

    steps.see("Mandatory fields", "mend", "Call Purpose")
    steps.find("Mandatory fields").locator("select").select_option("Prospecting")
    steps.press("Mandatory fields", "Fill", state="mend")
    steps.see("Mandatory fields", "done")
    assert JournalSettings.objects.get().fields_calls == {"Call_Purpose": "Prospecting"}

    steps.press("Extensions have their users", "Show the table", state="mend", words="109")
    page.locator("#id_agents-0-has_no_zoho_user").check()
    steps.save()
    steps.see("Extensions have their users", "done", "1 of 1")

    steps.press("Reference field", "Create it in Zoho", state="not seen", words="PBX_Ref")
    steps.see("Reference field", "done", "PBX_Ref")

    again = page.locator("#zoho-group [data-authorize]")
    steps.walker.open_tab("zoho")
    authorize(steps, again, account="ann@beta.example")
    steps.press("The right account", "Decide", state="mend", words="Beta GmbH")
    steps.walker.press("Confirm the move")
    steps.see("The right account", "done", "Beta GmbH")


def test_the_pbxs_half_is_mended_from_top_to_bottom(steps):
    page, pbx = steps.page, Pbx(steps.walker.url)
    for title in ("3CX edition", "3CX asks", "First call", "Phonebook option", "The trunk"):
        steps.see(title, "not seen")
    steps.press("First call", "Enter the PBX's address", state="not seen")
    page.locator("#id_pbx_url").fill("https://pbx.acme.example")
    steps.save()
    outside = steps.find("First call").get_by_role("link", name="Open 3CX")
    expect(outside).to_have_attribute("href", "https://pbx.acme.example")

    assert pbx.ask("hello") == 401
    pbx.key = steps.make_key()
    steps.press("Key of the PBX", "Template and key", state="mend", words="…a91f")
    expect(page.locator("#pbx-group")).to_be_visible()
    pbx.version -= 1
    assert pbx.ask("hello") == 200
    page.reload()
    steps.see("Key of the PBX", "done")
    steps.press("3CX runs", "Download it", state="to do", words=f"{VERSION} is the newest")
    with page.expect_download():
        page.locator("a[href$='/template/']").click()

    pbx.version = VERSION
    pbx.report(number="960012", agent="108", agent_email="")
    page.reload()
    for title in ("3CX runs", "3CX edition", "First call", "The trunk"):
        steps.see(title, "done")
    steps.see("3CX asks", "mend", "Always query CRM")
    steps.see("Phonebook option", "mend", "arrived cut")
    steps.press("Extensions have e-mails", "Or map them here", state="mend", words="108")
    page.get_by_role("link", name="Add another Extension").click()
    page.locator("#id_agents-1-extension").fill("108")
    page.locator("#id_agents-1-zoho_user").fill("ann@acme.example")
    steps.save()
    steps.see("Extensions have e-mails", "done")

    assert pbx.ask("lookup", json.dumps({"number": NUMBER})) == 200
    for minute in (30, 31):
        pbx.report(number=NUMBER, start=f"2026-11-20T09:{minute}:00Z")
    page.reload()
    steps.see("3CX asks", "done")
    steps.see("Phonebook option", "done", "uncut")
    steps.see("3CX does not copy", "not seen", "Delete CRM contacts")


def test_click_to_call_is_set_up_from_its_line(steps, acme):
    page = steps.page
    steps.press("Click to call", "Make a token", state="not seen")
    page.locator("#id_extension").fill("101")
    steps.walker.press("Save")
    [token] = re.findall(r"pba_\S+", steps.walker.see("shown this once").inner_text())
    page.goto(f"/admin/connector/connection/{acme.pk}/change/")
    steps.press("Click to call", "Show how", state="to do")
    expect(page.locator("#dial-group")).to_be_visible()
    headers, dialled = {"Authorization": f"Bearer {token}"}, {"number": NUMBER, "way": "tel"}
    url = f"{steps.walker.url}/agent/call"
    assert requests.post(url, json=dialled, headers=headers, timeout=10).status_code == 200
    page.reload()
    steps.see("Click to call", "done", "Last dialled")
