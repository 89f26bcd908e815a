"""What is wrong is told once, where it is wrong."""

import pytest
from playwright.sync_api import expect

from tests.support.builders import build_connection

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_wrong_password_is_told_once(page):
    page.context.clear_cookies()
    page.goto("/admin/login/")
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill("wrong")
    page.locator("#id_password").press("Enter")
    page.locator(".errornote").last.wait_for()
    [told] = page.locator(".errornote:visible").all_inner_texts()
    assert "correct username and password" in told


def test_an_unknown_variable_is_told_once_and_anew_when_it_is_typed_anew(page):
    connection = build_connection()
    page.goto(f"/admin/connector/connection/{connection.pk}/change/#calls")
    page.locator("#id_missed").fill("Call from [Numbr]")
    page.locator("button[name='_continue']").click()
    row = page.locator("#calls-group .field-missed")
    expect(row.locator(".errorlist")).to_contain_text("[Numbr]")
    expect(row.get_by_text("[Numbr] is unknown", exact=False)).to_have_count(1)
    page.locator("#id_missed").fill("Call from [Nam]")
    expect(row.locator("#id_missed_preview")).to_contain_text("[Nam] is unknown")
    expect(row.locator(".errorlist")).to_have_count(0)
