"""axe finds nothing serious on the admin's pages: both languages, dark, and as narrow as a phone.

axe-core 4.14.1 stands in vendor/ with its licence (MPL 2.0); only tests load it.
"""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from journaling.models import Entry, Event
from tests.support.builders import build_connection, build_entry, build_grant

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SERIOUS = {"serious", "critical"}
LOOKS = {
    "wide": {"width": 1280, "dark": False, "language": "en"},
    "narrow": {"width": 390, "dark": False, "language": "ru"},
    "dark": {"width": 1280, "dark": True, "language": "ru"},
}


@pytest.fixture
def addresses() -> list[str]:
    connection = build_connection()
    build_grant(connection)
    trace = [{"at": "2026-11-22T10:44:31+00:00", "code": "reported", "type": "Missed"}]
    entry = build_entry(
        connection, state=Entry.State.PARKED, reason="INVALID_DATA", words="invalid data",
        number="+441632960011", record={"Subject": "Call"}, trace=trace,
    )  # fmt: skip
    delivered = build_entry(connection, state=Entry.State.DELIVERED, call_type="Missed")
    Event.objects.create(
        connection=connection, entry=delivered, kind="call", identity="1", body=b"{}",
        received_at=timezone.now(),
    )  # fmt: skip
    change = [connection.pk]
    return [
        reverse("admin:index"),
        reverse("admin:connector_connection_changelist"),
        reverse("admin:connector_connection_add"),
        reverse("admin:connector_connection_change", args=change),
        reverse("admin:connector_connection_try", args=change),
        reverse("admin:journaling_entry_changelist"),
        reverse("admin:journaling_entry_change", args=[entry.pk]),
        reverse("admin:journaling_entry_write_anew", args=[delivered.pk]),
        reverse("admin:journaling_event_changelist"),
        reverse("admin:journaling_attempt_changelist"),
        reverse("admin:connector_connection_proof", args=change),
        reverse("admin:connector_connection_delete", args=change),
        reverse("admin:journaling_alarm_changelist"),
        reverse("admin:journaling_alarmreceiver_add"),
        reverse("admin:connector_agenttoken_add"),
        reverse("admin:auth_user_add"),
        reverse("queues"),
        reverse("privacy"),
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_serious(page, addresses, look):
    wanted = LOOKS[look]
    page.set_viewport_size({"width": wanted["width"], "height": 900})
    page.set_extra_http_headers({"Accept-Language": wanted["language"]})
    page.emulate_media(color_scheme="dark" if wanted["dark"] else "light")
    page.goto("/admin/")
    is_dark = page.evaluate("document.documentElement.classList.contains('dark')")
    assert is_dark == wanted["dark"]
    found = [line for address in addresses for line in examine(page, address)]
    assert found == []


def examine(page, address: str) -> list[str]:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text())
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{address}: {fault['id']} {node['target']}"
        for fault in result["violations"]
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]


def test_no_page_is_wider_than_a_telephone(page, addresses):
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_extra_http_headers({"Accept-Language": "ru"})
    wide = []
    for address in addresses:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(address)
    assert wide == []
