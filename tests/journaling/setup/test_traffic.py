"""What the reports of a PBX say about its settings."""

import pytest

from connector.phones import NumberRules
from journaling.ingest import store_report
from journaling.setup.traffic import is_cut, read_traffic
from tests.support.builders import build_call_body, build_connection


@pytest.mark.parametrize(
    ("country", "area_code", "number", "cut"),
    [
        ("NO", "", "22123456", False),
        ("DK", "", "32123456", False),
        ("SG", "", "61234567", False),
        ("NO", "", "123456", True),
        ("GB", "", "32960011", True),
        ("US", "", "5550123", True),
        ("DE", "", "46001234", True),
        ("DE", "30", "46001234", False),
    ],
)
def test_a_short_number_is_cut_unless_its_country_has_such(country, area_code, number, cut):
    assert is_cut(number, rules=NumberRules(country=country, area_code=area_code)) is cut


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "asks"), [("", False), ("anonymous", False), ("108", False), ("960011", True)]
)
def test_only_about_numbers_from_outside_a_lookup_is_missed(number, asks):
    acme = build_connection()
    store_report(connection=acme, kind="call", body=build_call_body(number=number))
    assert read_traffic(acme).asks_in_vain(acme) is asks
