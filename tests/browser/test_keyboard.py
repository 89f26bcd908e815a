"""The pages without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from connector.models import PbxKey
from tests.support.builders import build_connection, build_entry

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TABS = 80
# On itself, or on the frame around it.
SHOWS_FOCUS = """element => [element, element.parentElement, element.parentElement.parentElement]
    .some(one => getComputedStyle(one).outlineStyle !== "none")"""
FIND_BLIND = f"""() => {{
    const one = document.activeElement;
    return one === document.body || ({SHOWS_FOCUS})(one) ? "" : one.outerHTML.slice(0, 200);
}}"""


def go_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, and see that it shows it."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    focused = page.locator(selector).first
    expect(focused).to_be_focused()
    assert focused.evaluate(SHOWS_FOCUS), f"{selector} does not show its focus"


def send(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_text_is_changed_and_a_key_made_by_keyboard_alone(page):
    connection = build_connection()
    page.goto(f"/admin/connector/connection/{connection.pk}/change/")
    go_to(page, ".pb-tabs a[href='#chats']")
    page.keyboard.press("Enter")
    go_to(page, "#id_chat_subject")
    page.keyboard.press("Control+A")
    page.keyboard.type("Chat with [Name]")
    go_to(page, "button[name='_continue']")
    send(page)
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    connection.journal.refresh_from_db()
    assert connection.journal.chat_subject == "Chat with [Name]"
    page.goto(f"/admin/connector/connection/{connection.pk}/change/#pbx")
    go_to(page, "button[form='pb-new-key']")
    send(page)
    expect(page.locator(".pb-copy code")).to_be_visible()
    assert PbxKey.objects.count() == 1


def test_a_call_is_found_opened_and_left_out_by_keyboard_alone(page):
    entry = build_entry(build_connection(), number="+441632960011", number_key="+441632960011")
    page.goto("/admin/journaling/entry/")
    go_to(page, "#searchbar")
    page.keyboard.type("01632 960011")
    send(page)
    go_to(page, "#result_list tbody a")
    send(page)
    go_to(page, "form[action$='/leave-out/'] button")
    send(page)
    expect(page.get_by_text("excluded by rule").first).to_be_attached()
    entry.refresh_from_db()
    assert entry.state == entry.State.LEFT_OUT


def test_every_stop_of_the_tab_key_shows_its_focus(page):
    connection = build_connection()
    build_entry(connection)
    change = f"/admin/connector/connection/{connection.pk}"
    blind = []
    for path in (f"{change}/change/", f"{change}/try/", "/admin/journaling/entry/", "/admin/"):
        page.goto(path)
        for _press in range(MOST_TABS):
            page.keyboard.press("Tab")
            if hidden := page.evaluate(FIND_BLIND):
                blind.append((path, hidden))
    assert blind == []


def test_nothing_moves_for_who_asks_for_less_motion(page):
    longest = """() => Math.max(...[...document.querySelectorAll("*")].flatMap((one) =>
        getComputedStyle(one).transitionDuration.split(",").map(parseFloat)))"""
    page.goto(f"/admin/connector/connection/{build_connection().pk}/change/")
    assert page.evaluate(longest) > 0.1
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(longest) < 0.001
