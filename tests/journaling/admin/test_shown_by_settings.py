"""Which calls a day lists, and what the connection's page shows by its settings."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from journaling.admin.conditions import CONDITIONS
from journaling.models import Entry
from tests.support.builders import build_connection, build_entry


@pytest.mark.django_db
def test_a_day_is_that_of_each_connections_zone(admin_client):
    arrived_at = datetime(2026, 3, 5, 9, tzinfo=UTC)
    for zone in ("Asia/Tokyo", "America/New_York"):
        connection = build_connection(zone.partition("/")[2].lower(), time_zone=zone)
        for hour in (3, 14, 16):
            started_at = datetime(2026, 3, 4, hour, tzinfo=UTC)
            build_entry(connection, started_at=started_at, reference=f"{zone[:4]}{hour}")
        build_entry(connection, started_at=None, reference=f"{zone[:4]} arrived")
    Entry.objects.update(created_at=arrived_at)
    url = reverse("admin:journaling_entry_changelist")
    listed = {
        day: {
            row.reference for row in admin_client.get(url, {"day": day}).context["cl"].result_list
        }
        for day in ("2026-03-04", "2026-03-05")
    }
    assert listed == {
        "2026-03-04": {"Asia3", "Asia14", "Amer14", "Amer16"},
        "2026-03-05": {"Asia16", "Asia arrived", "Amer arrived"},
    }
    assert admin_client.get(url, {"day": "9999-12-31"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "words"), [(1, "last 1 day"), (30, "last 30 days")])
def test_refused_requests_are_headed_with_the_days_they_are_kept(admin_client, days, words):
    acme = build_connection(journal={"keep_knocks_days": days})
    page = admin_client.get(f"/admin/connector/connection/{acme.pk}/change/").content.decode()
    assert f"<h2>Refused requests of the {words}</h2>" in page


def is_shown(field: str, **switches: object) -> bool:
    """The page's expressions, in Python's words."""
    off = dict.fromkeys(("calls_enabled", "chats_enabled", "contact_creation"), False)
    words = {"unknown_numbers": "journal", "automations_calls": "fresh", "automations_chats": ""}
    condition = CONDITIONS[field].replace("||", "or").replace("&&", "and")
    return bool(eval(condition, {}, off | words | {"create_as": "contact"} | switches))


def test_settings_appear_with_their_switch():
    for field in ("legs", "send_transcript", "contact_parent", "fields_calls", "fresh_minutes"):
        assert (is_shown(field), is_shown(field, calls_enabled=True)) == (False, True)
    for switch in ({"contact_creation": True}, {"unknown_numbers": "create"}):
        assert (is_shown("layout_contact"), is_shown("layout_contact", **switch)) == (False, True)
