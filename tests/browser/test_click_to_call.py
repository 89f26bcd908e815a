"""Click to call in a real Chromium: numbers are found, a click dials, trouble is told."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from connector.clicktocall.agents import make_token, revoke_tokens
from connector.models import AgentToken, Connection, DialIntent, DialSettings
from connector.sandbox.pbx.happenings import Extension
from connector.sandbox.pbx.xapi import SandboxXapi
from connector.sandbox.zoho.screens import read_samples
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.settle import settle_connection
from tests.browser.extension import Desk, list_marked, open_desk
from tests.support.builders import build_call_body
from tests.support.zoho import run_zoho

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = "+442079460995"
CATCH_TEL = """() => addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node.matches?.("a[href^='tel:']"));
    if (link) { event.preventDefault(); document.body.dataset.dialled = link.href; }
}, true)"""


@pytest.fixture
def pbx():
    with SandboxXapi([Extension(number="101")]) as pbx:
        yield pbx


@pytest.fixture
def zoho(settings):
    with run_zoho(people=20) as zoho:
        settings.ZOHO_TRUSTED_URLS = [zoho.url]
        yield zoho


@pytest.fixture
def acme(zoho, pbx) -> Connection:
    connection = zoho.connect(pbx_url=pbx.url, journal={"settle_seconds": 0})
    DialSettings.objects.create(
        connection=connection, xapi_client_id="900", xapi_client_secret="sandbox-key"
    )
    return connection


@pytest.fixture
def desk(browser, live_server, settings, tmp_path, zoho):
    settings.PUBLIC_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    with open_desk(browser, zoho=zoho, portal=live_server.url, folder=tmp_path) as desk:
        yield desk


@pytest.fixture
def token(acme, desk) -> AgentToken:
    """The token of extension 101, which the desk is signed in with."""
    row, text = make_token(acme, extension="101", name="Ann")
    desk.sign_in(text)
    return row


def open_contact(desk: Desk) -> tuple[Page, str]:
    """A contact's screen with its marks, and the contact's id."""
    person = desk.zoho.list_records("Contacts")[0]
    page = desk.open_record(person)
    page.locator(f".note patchbay-call[data-number='{SEEN}']").wait_for(state="attached")
    return page, person["id"]


def press(page: Page) -> None:
    page.locator(f".note patchbay-call[data-number='{SEEN}'] button").click()


def test_numbers_are_found_and_lookalikes_left_alone(desk, token):
    wanted: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    samples = read_samples()
    assert len(samples) >= 300
    for country in {sample["country"] for sample in samples}:
        Connection.objects.update(country=country)
        desk.worker.evaluate("refreshMe()")
        page = desk.open_screen(f"screens/samples?country={country}")
        page.locator("patchbay-call").first.wait_for(state="attached")
        for place, sample in enumerate(samples):
            if sample["country"] == country:
                wanted.update(f"{place} {number}" for number in sample["numbers"])
                found = list_marked(page, f"[data-place='{place}'] .value")
                marked.update(f"{place} {number}" for number in found)
        page.close()
    right = (wanted & marked).total()
    assert right / wanted.total() >= 0.98, wanted - marked
    assert right / marked.total() >= 0.99, marked - wanted


def test_a_record_is_marked_late_content_and_frames_included(desk, token):
    page, _id = open_contact(desk)
    page.locator("#late patchbay-call").wait_for(state="attached")
    assert list_marked(page, "#late") == ["+442079460993"]
    framed = page.frame_locator("#framed").locator("patchbay-call")
    expect(framed).to_have_attribute("data-number", "+442079460994")
    written = page.frame_locator("#written").locator("patchbay-call")
    expect(written).to_have_attribute("data-number", "+442079460996")
    assert list_marked(page, ".note") == [SEEN]


def test_fields_that_people_type_in_and_links_of_others_stay_as_they_are(desk, token):
    page, _id = open_contact(desk)
    assert list_marked(page, "[contenteditable]") == []
    assert list_marked(page, "p:has(a[href^='tel:'])") == []
    page.locator("[contenteditable]").press_sequentially(" 020 7946 0980")
    page.locator("#late patchbay-call").wait_for(state="attached")
    assert list_marked(page, "[contenteditable]") == []


def test_nothing_on_the_page_moves(desk, token, browser):
    page, _id = open_contact(desk)
    page.locator("#late patchbay-call").wait_for(state="attached")
    bare = browser.new_page(viewport=page.viewport_size)
    bare.goto(page.url)
    bare.locator("#late .arrived").wait_for()
    places = """() => [...document.querySelectorAll("main *:not(patchbay-call)")].map((one) => {
        const box = one.getBoundingClientRect();
        return [one.localName, box.x, box.y, box.width, box.height];
    })"""
    assert page.evaluate(places) == bare.evaluate(places)
    bare.close()


def test_a_list_belongs_to_the_person_of_each_row(desk, token):
    AgentToken.objects.update(way="tel")
    page = desk.open_screen("tab/Contacts/screen")
    page.evaluate(CATCH_TEL)
    row = page.locator("tbody tr").filter(has=page.locator("patchbay-call")).nth(1)
    row.locator("patchbay-call button").first.click()
    page.get_by_text("handed to the phone app").wait_for()
    assert DialIntent.objects.get().zoho_id in str(row.locator("a").get_attribute("href"))


def test_the_web_client_opens_with_the_number(desk, token, pbx):
    page, record_id = open_contact(desk)
    with desk.context.expect_page() as opened:
        press(page)
    assert opened.value.url == f"{pbx.url}/webclient/#/call?phone=%2B442079460995"
    assert DialIntent.objects.get().zoho_id == record_id


def test_a_real_tel_link_is_clicked_by_keyboard_too(desk, token):
    desk.choose_way("tel")
    page, _id = open_contact(desk)
    page.evaluate(CATCH_TEL)
    page.locator(f".note patchbay-call[data-number='{SEEN}'] button").press("Enter")
    page.locator("patchbay-toast").get_by_text("handed to the phone app").wait_for()
    assert page.locator("body").get_attribute("data-dialled") == f"tel:{SEEN}"


def test_the_pbx_dials_for_the_agent(desk, token, pbx):
    desk.choose_way("xapi")
    page, _id = open_contact(desk)
    press(page)
    page.locator("patchbay-toast").get_by_text("Your phone 101 rings").wait_for()
    assert [(call["dn"], call["destination"]) for call in pbx.calls] == [("101", SEEN)]


def test_a_number_in_a_frame_is_told_of_on_the_page_around_it(desk, token, pbx):
    desk.choose_way("xapi")
    page, record_id = open_contact(desk)
    page.frame_locator("#written").locator("patchbay-call button").click()
    page.locator("patchbay-toast").get_by_text("Your phone 101 rings").wait_for()
    assert DialIntent.objects.get().zoho_id == record_id


def test_a_revoked_token_is_told_and_the_web_client_is_offered(desk, token, pbx):
    revoke_tokens(token.pk)
    page, _id = open_contact(desk)
    press(page)
    toast = page.locator("patchbay-toast")
    toast.get_by_text("not valid any more").wait_for()
    link = toast.get_by_role("link", name="Dial in the 3CX web client")
    assert link.get_attribute("href") == f"{pbx.url}/webclient/#/call?phone=%2B442079460995"
    expect(toast.get_by_role("button", name="Options")).to_be_visible()


def test_a_portal_that_is_down_is_told_and_the_web_client_is_offered(desk, token, pbx):
    AgentToken.objects.update(number_format="national")
    desk.worker.evaluate("refreshMe()")
    desk.worker.evaluate("chrome.storage.local.set({portal: 'http://localhost:1'})")
    page, _id = open_contact(desk)
    press(page)
    toast = page.locator("patchbay-toast")
    toast.get_by_text("The portal does not answer").wait_for()
    with desk.context.expect_page() as opened:
        toast.get_by_role("link", name="Dial in the 3CX web client").click()
    assert opened.value.url == f"{pbx.url}/webclient/#/call?phone=02079460995"


def test_another_portal_is_asked_for_when_its_address_is_saved(desk, token):
    """What the person answers stands in for the browser's question, which no test can press."""
    page = desk.open_own("options.html")
    page.locator("#way option[value='tel']").wait_for(state="attached")
    page.evaluate(
        """() => { chrome.permissions.request = async ({origins}) => {
            document.body.dataset.asked = origins;
            return false;
        }}"""
    )
    page.locator("#portal").fill("https://other.example:8443/somewhere")
    page.locator("#form button").click()
    page.get_by_text("Without permission").wait_for()
    assert page.locator("body").get_attribute("data-asked") == "https://other.example/*"
    stored = desk.worker.evaluate("chrome.storage.local.get('portal')")
    assert stored == {"portal": desk.portal}


def test_the_pop_up_dials_what_is_typed_and_remembers_it(desk, token, pbx):
    desk.choose_way("xapi")
    popup = desk.open_own("popup.html")
    expect(popup.locator("#extension")).to_have_text("Extension 101")
    popup.locator("#number").fill("020 7946 0011")
    popup.locator("#number").press("Enter")
    popup.get_by_text("Your phone 101 rings").wait_for()
    popup.locator("#recent button").click()
    popup.get_by_text("Your phone 101 rings").wait_for()
    expect(popup.locator("#recent button")).to_have_text(["020 7946 0011"])
    assert {call["destination"] for call in pbx.calls} == {"+442079460011"}


def test_the_call_that_follows_a_click_stands_on_the_clicked_card(desk, token, acme):
    desk.choose_way("xapi")
    page, record_id = open_contact(desk)
    press(page)
    page.get_by_text("Your phone 101 rings").wait_for()
    start = timezone.now().replace(microsecond=0)
    end = start + timedelta(seconds=30)
    body = build_call_body(
        type="Outbound", number=SEEN, start=start.isoformat(), end=end.isoformat()
    )
    store_report(connection=acme, kind="call", body=body)
    settle_connection(acme.pk)
    deliver_lane(connection_id=acme.pk, module="Calls")
    [call] = desk.zoho.list_records("Calls")
    assert call["Who_Id"]["id"] == record_id


def test_a_selected_number_is_called_over_the_context_menu(desk, token, pbx):
    desk.choose_way("xapi")
    page, record_id = open_contact(desk)
    page.bring_to_front()
    desk.worker.evaluate(
        """async () => {
            const [tab] = await chrome.tabs.query({active: true, lastFocusedWindow: true});
            const info = {menuItemId: "call-selection", selectionText: "020 7946 0044"};
            chrome.contextMenus.onClicked.dispatch(info, tab);
        }"""
    )
    page.get_by_text("Your phone 101 rings").wait_for()
    assert [call["destination"] for call in pbx.calls] == ["+442079460044"]
    assert DialIntent.objects.get().zoho_id == record_id
