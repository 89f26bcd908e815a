"""Whatever callers, Zoho and strangers write into the portal: no page runs it or breaks by it."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, Model, TextField
from django.urls import reverse
from playwright.sync_api import Page, TimeoutError

from connector.models import Connection
from connector.phones import read_number
from connector.placeholders import seal_link
from journaling.models import Entry
from tests.access.rules import NOBODY, RULES
from tests.access.world import build_rows

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = (
    "\"'><img src=x onerror=pwned=1><script>pwned=1</script>"
    "');pwned=1;('${pwned=1}{{pwned=1}}`</textarea></title>javascript:pwned=1" + "W" * 60
)
OURS = ("connector", "journaling")
NOT_TYPED = {
    "slug", "country", "time_zone", "language", "reference", "data_centre", "accounts_url", "url",
    "crm_url", "api_url", "digest", "module", "zoho_id", "zgid", "labels", "home", "identity",
    "pbx_call_id", "number_key", "created_from", "version", "field_name", "reference_field",
    "call_subject", "call_description", "missed_subject", "chat_subject", "chat_description",
}  # fmt: skip
"""Columns that only the portal itself fills, or that are checked before they are stored."""


NO_PAGES = {
    "zoho-authorize", "admin:jsi18n", "admin:connector_connection_template",
    "admin:connector_connection_proof_sheet", "admin:connector_connection_remove_demo",
}  # fmt: skip


def poison(row: Model) -> None:
    """The hostile text in every column that takes any text."""
    for field in row._meta.concrete_fields:
        is_text = isinstance(field, CharField | TextField) and not field.choices
        if is_text and type(field).__module__.startswith("django.") and field.name not in NOT_TYPED:
            setattr(row, field.name, TEXT[: field.max_length or None])
        elif isinstance(field, JSONField) and getattr(row, field.name):
            setattr(row, field.name, poison_json(getattr(row, field.name)))
    row.save()


def poison_json(value: object) -> object:
    """Texts among them, but the words that the portal itself looks for."""
    if isinstance(value, dict):
        kept = ("code", "at", "kind", "type", "journal", "number", "key", "entry")
        return {k: v if k in kept else poison_json(v) for k, v in value.items()}
    if isinstance(value, list):
        return [poison_json(one) for one in value]
    return TEXT if isinstance(value, str) else value


@pytest.fixture
def addresses() -> list[str]:
    rows = build_rows("acme")
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            for row in model._default_manager.all():
                poison(row)
    rows.event.body = b'{"number": "+441632960011", "name": "%s"}' % TEXT.encode()
    rows.event.save()
    Entry.objects.filter(pk=rows.delivered.pk).update(number="+441632960011")
    Connection.objects.update(placeholder=True)
    acme = Connection.objects.get()
    link = seal_link(acme, read_number("+441632960077", acme.number_rules))
    pages = [
        reverse(name, args=[getattr(rows, rule.row).pk] if rule.row else [])
        for name, rules in RULES.items()
        for rule in rules
        if rule.method == "get" and rule.least != NOBODY and name not in NO_PAGES
    ]
    return [reverse("caller", args=[link]), *pages]


def list_troubles(page: Page, address: str) -> Iterator[str]:
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(address)
    if answer is None or answer.status >= 400:
        yield f"no page: {answer and answer.status}"
    if page.evaluate("typeof pwned !== 'undefined'"):
        yield "the text ran"
    if page.locator("img[src='x']").count():
        yield "the text is a tag"
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        try:  # charts follow a moment later
            page.wait_for_function(
                "document.documentElement.scrollWidth <= innerWidth", timeout=2000
            )
        except TimeoutError:
            yield f"too wide at {width}"


def test_no_page_runs_or_breaks_by_a_text_from_outside(page: Page, addresses: list[str]):
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("dialog", lambda dialog: dialog.dismiss())
    found = {address: list(list_troubles(page, address)) for address in addresses}
    assert {address: troubles for address, troubles in found.items() if troubles} == {}
    assert [line for line in said if "Content Security Policy" in line] == []
