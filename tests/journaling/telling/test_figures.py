from datetime import UTC, datetime

import pytest
import time_machine

from connector.models import Connection
from journaling.models import Entry
from journaling.telling.figures import with_figures
from tests.support.builders import build_connection, build_entry

pytestmark = pytest.mark.django_db


@time_machine.travel("2026-11-22T23:30:00+00:00", tick=False)
def test_today_is_the_day_of_each_connection():
    """Half past midnight in Berlin, the evening before in London."""
    for slug, zone in (("berlin", "Europe/Berlin"), ("london", "Europe/London")):
        entry = build_entry(build_connection(slug, time_zone=zone))
        Entry.objects.filter(pk=entry.pk).update(
            state=Entry.State.DELIVERED, created_at=datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
        )
    rows = with_figures(Connection.objects.all())
    today = dict(rows.values_list("slug", "delivered_today"))
    assert today == {"berlin": 0, "london": 1}
