import pytest

from journaling.admin.entry_page import label_record
from tests.support.builders import build_connection, build_entry

pytestmark = pytest.mark.django_db


def test_what_is_no_field_of_the_organisation_is_not_listed_among_its_fields():
    record = {"Subject": "Call", "$se_module": "Accounts"}
    entry = build_entry(build_connection(), record=record)
    assert [field["name"] for field in label_record(entry)] == ["Subject"]
