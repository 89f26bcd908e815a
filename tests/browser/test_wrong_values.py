"""What is typed wrong is told beside its field, on whichever tab it stands, and nothing is lost."""

import pytest
from playwright.sync_api import Page, expect

from connector.models import Connection
from tests.browser.walk import Walker
from tests.support.builders import build_connection

pytestmark = pytest.mark.django_db(transaction=True)

WRONG = {
    "zoho": {"accounts_url": "accounts.zoho.eu", "unknown_seconds": "-5"},
    "calls": {"missed": "Call from [Numbr]", "fields_calls": "Call_Purpose"},
    "follow-up": {"holidays": "Christmas", "work_days": "funday"},
    "chats": {"chat_subject": "[Who]"},
    "matching": {"country": "XX", "outside_prefixes": "nine", "keep_out": "Contacts Private"},
    "contacts": {"fields_contact": "Lead_Source"},
    "extensions": {"fallback_owner": "the boss"},
    "dial": {"web_client_port": "99999999"},
    "pbx": {"pbx_url": "javascript:alert(1)", "pbx_addresses": "next door", "slug": "a b"},
    "keeping": {"keep_reports_days": "-1", "keep_texts_days": ""},
}


def type_wrong(page: Page, walker: Walker) -> None:
    for tab, values in WRONG.items():
        walker.open_tab(tab)
        if tab == "follow-up":
            page.locator("#id_follow_up_enabled").check()
        for name, text in values.items():
            page.locator(f"#id_{name}").fill(text)
    walker.open_tab("extensions")
    for row in range(2):
        page.get_by_role("link", name="Add another Extension").click()
        page.locator(f"#id_agents-{row}-extension").fill("101")


def test_every_wrong_value_is_told_beside_its_field_and_kept(page, live_server):
    connection = build_connection()
    page.goto(f"/admin/connector/connection/{connection.pk}/change/")
    walker = Walker(page, live_server.url, "")
    type_wrong(page, walker)
    with page.expect_navigation():
        walker.press("Save and continue editing")
    expect(page.get_by_text("Please correct the errors below")).to_be_visible()
    silent = []
    for tab, values in WRONG.items():
        walker.open_tab(tab)
        count = page.locator(f".pb-tabs a[href='#{tab}'] .pb-count")
        if not count.is_visible():
            silent.append(tab)
        for name, text in values.items():
            field = page.locator(f".field-{name}")
            expect(page.locator(f"#id_{name}")).to_have_value(text)
            if not field.locator(".errorlist").is_visible():
                silent.append(name)
    walker.open_tab("extensions")
    expect(page.locator("#agents-group .errornote").first).to_contain_text("duplicate")
    assert silent == []
    unchanged = Connection.objects.get()
    assert (unchanged.country, unchanged.agents.count()) == ("GB", 0)
