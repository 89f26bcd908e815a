"""The dashboard as a person sees it."""

import pytest
from playwright.sync_api import expect

from tests.support.builders import build_connection, build_entry

pytestmark = pytest.mark.django_db(transaction=True)


def test_charts_are_drawn_and_stand_as_tables_too(page):
    build_entry(build_connection())
    page.goto("/admin/")
    drawn = page.locator("canvas.chart").first
    expect(drawn).to_be_visible()
    blank = "c => !c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
    page.wait_for_timeout(1500)
    assert not drawn.evaluate(blank)
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("cell", name="1", exact=True).first).to_be_visible()


def test_the_checklist_leads_to_the_tab_that_mends(page):
    connection = build_connection()
    page.goto(f"/admin/connector/connection/{connection.pk}/change/")
    shown = page.locator("#pb-steps > li").locator("visible=true")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("Client registered")
    page.get_by_role("button", name="All steps", exact=True).click()
    page.locator(".pb-checklist a[href='#pbx']").first.click()
    expect(page.locator("#pbx-group")).to_be_visible()
    expect(page.locator("#zoho-group")).to_be_hidden()
    page.go_back()
    expect(page.locator("#zoho-group")).to_be_visible()


def test_the_bench_opens_with_what_was_typed(page):
    connection = build_connection()
    page.goto(f"/admin/connector/connection/{connection.pk}/change/")
    page.locator("#id_name").fill("Typed, not saved")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Try without writing").click()
    bench = opened.value
    expect(bench.get_by_text("which are not saved")).to_be_visible()
