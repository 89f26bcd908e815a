"""The connection's page as a person uses it."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from connector.models import Connection, PbxKey
from journaling.models import JournalSettings
from tests.support.builders import build_connection
from tests.support.zoho import run_zoho

pytestmark = pytest.mark.django_db(transaction=True)


def open_page(page: Page, connection: Connection, *, tab: str = "") -> None:
    page.goto(f"/admin/connector/connection/{connection.pk}/change/")
    if tab:
        page.get_by_role("link", name=tab).click()


def test_a_new_customer_is_set_up_by_clicks_alone(page):
    page.goto("/admin/")
    page.get_by_role("link", name="A new customer").click()
    page.locator("#id_name").fill("Acme & Sons")
    page.locator("#id_name").press("Tab")
    expect(page.locator("#id_slug")).to_have_value("acme-sons")
    page.locator("#id_data_centre").select_option("eu")
    page.locator("#id_country").fill("GB")
    page.locator("#id_time_zone").select_option("Europe/London")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#id_accounts_url")).to_have_value("https://accounts.zoho.eu")
    expect(page.get_by_text("Enter Client ID and Client Secret below")).to_be_visible()
    page.locator("#id_client_id").fill("1000.ABC")
    page.locator("#id_client_secret").fill("secret")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("link", name="Authorize", exact=True).first).to_be_visible()


def test_a_data_centre_fills_the_three_addresses(page):
    open_page(page, build_connection())
    page.locator("#id_data_centre").select_option("jp")
    expect(page.locator("#id_accounts_url")).to_have_value("https://accounts.zoho.jp")
    expect(page.locator("#id_crm_url")).to_have_value("https://crm.zoho.jp")
    expect(page.locator("#id_api_url")).to_have_value("https://www.zohoapis.jp")


def test_a_variable_is_clicked_into_the_text_at_the_cursor(page):
    open_page(page, build_connection(), tab="Call journaling")
    missed = page.locator("#id_missed")
    missed.fill("Call from ")
    page.locator("#calls-group").get_by_role("button", name="[Number]", exact=True).click()
    expect(missed).to_have_value("Call from [Number]")
    expect(page.locator("#id_missed_preview")).to_have_text(re.compile(r"Call from \+\d+"))


def test_an_unknown_variable_is_marked_while_typing(page):
    open_page(page, build_connection(), tab="Call journaling")
    page.locator("#id_missed").fill("Call from [Numbr]")
    preview = page.locator("#id_missed_preview")
    expect(preview).to_contain_text("Did you mean [Number]?")
    expect(preview).to_have_attribute("data-wrong", "")


def test_an_error_on_another_tab_brings_that_tab_forward(page):
    open_page(page, build_connection(), tab="Call journaling")
    page.locator("#id_missed").fill("Call from [Numbr]")
    page.get_by_role("link", name="Zoho", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#id_missed")).to_be_visible()
    expect(page.locator("#calls-group .errorlist")).to_contain_text("[Number]")


def test_saving_keeps_the_tab_and_both_rows(page):
    connection = build_connection()
    open_page(page, connection, tab="Caller matching")
    page.locator("#id_matching_strategy").select_option("last_digits")
    page.locator("#id_matching_digits").fill("8")
    page.get_by_role("link", name="Chat journaling").click()
    page.locator("#id_chat_subject").fill("Chat with [Name]")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("#id_chat_subject")).to_have_value("Chat with [Name]")
    expect(page.locator("#id_chat_subject")).to_be_visible()
    assert Connection.objects.get().matching_digits == 8
    assert JournalSettings.objects.get().chat_subject == "Chat with [Name]"


def test_texts_hide_with_their_switch(page):
    open_page(page, build_connection(), tab="Chat journaling")
    expect(page.locator("#id_chat_subject")).to_be_visible()
    page.locator("#id_chats_enabled").uncheck()
    expect(page.locator("#id_chat_subject")).to_be_hidden()


def test_a_new_key_is_shown_once_with_a_copy_button(page):
    connection = build_connection()
    open_page(page, connection, tab="3CX template and key")
    page.get_by_role("button", name="New key").first.click()
    key = page.locator(".pb-copy code").inner_text()
    assert key.endswith(PbxKey.objects.get().last_four)
    page.get_by_role("button", name="Copy: Key").click()
    expect(page.get_by_role("button", name="Copy: Key")).to_have_text("Copied")
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text(f"…{key[-4:]}")).to_be_visible()


def test_the_order_of_modules_is_dragged_or_moved_by_buttons(page):
    connection = build_connection()
    open_page(page, connection, tab="Caller matching")
    items = page.locator(".pb-order li")
    items.nth(1).drag_to(items.nth(0), target_position={"x": 20, "y": 2})
    expect(page.locator("#id_module_order")).to_have_value("Leads, Contacts, Accounts")
    page.get_by_role("button", name="Accounts: up").click()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(items.nth(1)).to_contain_text("Accounts")
    connection.refresh_from_db()
    assert connection.module_order == ["Leads", "Accounts", "Contacts"]


def test_authorizing_waits_for_what_is_not_saved_and_loses_nothing(page, settings):
    with run_zoho() as zoho:
        settings.ZOHO_TRUSTED_URLS = [zoho.url]
        open_page(page, zoho.connect())
        authorize = page.locator("#zoho-group [data-authorize]")
        page.locator("#id_client_id").fill("1000.TYPED")
        authorize.click()
        expect(page.get_by_role("alert")).to_contain_text("Save them first")
        assert len(page.context.pages) == 1
        page.locator("#id_client_id").fill("1000.SANDBOX")
        with page.expect_popup():
            authorize.click()
        page.locator("#id_name").fill("Acme and Sons")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_role("alert")).to_contain_text("to see what Zoho answered")
        expect(page.locator("#id_name")).to_have_value("Acme and Sons")
        page.get_by_role("button", name="Save and continue editing").click()
        expect(page.get_by_text("was changed successfully")).to_be_visible()


def test_what_is_not_saved_is_asked_about_before_it_is_lost_and_only_then(page):
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    connection = build_connection()
    PbxKey.objects.create(connection=connection, digest="d", last_four="77c0")
    open_page(page, connection, tab="Caller matching")
    page.get_by_role("button", name="Leads: up").click()
    page.get_by_role("link", name="3CX template and key").click()
    with page.expect_download():
        page.locator("a[href$='/template/']").click()
    assert asked == []
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Try without writing").click()
    opened.value.close()
    page.get_by_role("link", name="Proof").click()
    expect(page).to_have_url(re.compile("/proof/"))
    assert asked == ["beforeunload"]

    open_page(page, connection, tab="Caller matching")
    page.get_by_role("button", name="Leads: up").click()
    page.get_by_role("button", name="Leads: down").click()
    page.get_by_role("link", name="Proof").click()
    expect(page).to_have_url(re.compile("/proof/"))
    assert asked == ["beforeunload"]
