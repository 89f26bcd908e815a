"""What holds where nobody has set anything, as the guides promise it."""

import pytest
from django.core.exceptions import ValidationError

from connector.models import Connection
from journaling.models import JournalSettings

CONNECTION = {
    "matching_strategy": "exact",
    "matching_digits": 9,
    "placeholder": False,
    "module_order": ["Contacts", "Leads", "Accounts"],
    "keep_out": [],
    "exclusions": [],
    "pbx_addresses": [],
    "credit_share": 10,
}
JOURNAL = {
    "keep_reports_days": 30,
    "keep_texts_days": 180,
    "keep_attempts_days": 90,
    "keep_entries_days": 730,
    "keep_knocks_days": 7,
    "legs": "one_per_call",
    "reference_line": True,
    "call_page_link": False,
    "unknown_seconds": 120,
    "unknown_numbers": "journal",
    "create_for": ["answered_inbound"],
    "canary_enabled": False,
    "follow_up_enabled": False,
    "send_sentiment": False,
    "journal_from": None,
}


@pytest.mark.parametrize(
    ("row", "promised"), [(Connection(), CONNECTION), (JournalSettings(), JOURNAL)]
)
def test_what_nobody_has_set_is_as_promised(row, promised):
    assert {name: getattr(row, name) for name in promised} == promised


def test_fewer_than_six_last_digits_cannot_be_set():
    with pytest.raises(ValidationError) as refused:
        Connection(matching_digits=5).clean_fields()
    assert "matching_digits" in refused.value.error_dict
