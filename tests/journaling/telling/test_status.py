"""What `journal status` counts."""

import pytest

from journaling.correcting.late import complete_later
from journaling.models import Entry
from journaling.telling.status import describe_journal
from tests.support.builders import build_connection, build_entry

pytestmark = pytest.mark.django_db

State = Entry.State


def test_a_completed_text_is_no_further_delivered_call():
    call = build_entry(build_connection(), state=State.DELIVERED, zoho_id="77")
    complete_later(call)
    assert describe_journal()["acme"]["waiting"] == 1
    Entry.objects.filter(after=call).update(state=State.DELIVERED)
    counts = describe_journal()["acme"]
    assert (counts["waiting"], counts["delivered"]) == (0, 1)


def test_a_parked_completion_needs_a_decision_like_a_call():
    call = build_entry(build_connection(), state=State.DELIVERED, zoho_id="77")
    complete_later(call)
    Entry.objects.filter(after=call).update(state=State.PARKED, reason="rejected")
    counts = describe_journal()["acme"]
    assert (counts["parked"], counts["parked_by_reason"]) == (1, {"rejected": 1})


def test_what_a_rule_keeps_out_is_counted_apart():
    acme = build_connection()
    build_entry(acme, state=State.LEFT_OUT, reason="internal")
    counts = describe_journal()["acme"]
    assert (counts["left_out"], counts["delivered"], counts["waiting"]) == (1, 0, 0)
