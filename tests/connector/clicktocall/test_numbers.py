import pytest

from connector.clicktocall.links import write_web_client_link
from connector.clicktocall.numbers import NotDiallable, read_dialled, write_dialled
from connector.models import Connection, DialSettings
from connector.phones import NumberRules

BRITISH = NumberRules(country="GB", outside_prefixes=("9",))


@pytest.mark.parametrize(
    ("typed", "number_format", "dialled"),
    [
        ("020 7946 0011", "e164", "+442079460011"),
        ("+44 (0)20 7946 0011", "national", "02079460011"),
        ("+44 20 7946 0011", "outside", "902079460011"),
        ("+49 30 901820", "national", "004930901820"),
        ("+49 30 901820", "outside", "9004930901820"),
        (" 442079460011", "e164", "+442079460011"),
        ("101", "outside", "101"),
        ("112", "e164", "112"),
    ],
)
def test_a_number_is_dialled_as_the_outbound_rules_want_it(typed, number_format, dialled):
    number = read_dialled(typed, BRITISH)
    assert write_dialled(number, number_format=number_format, rules=BRITISH) == dialled


def test_an_american_number_keeps_no_country_code_at_home():
    american = NumberRules(country="US")
    number = read_dialled("+1 212 555 0123", american)
    assert write_dialled(number, number_format="national", rules=american) == "2125550123"


@pytest.mark.parametrize("typed", ["", "hello", "anonymous", "7"])
def test_a_text_without_a_number_is_not_dialled(typed):
    with pytest.raises(NotDiallable):
        read_dialled(typed, BRITISH)


@pytest.mark.parametrize(
    ("address", "version", "port", "origin"),
    [
        ("https://pbx.acme.example", "v20", None, "https://pbx.acme.example"),
        ("https://pbx.acme.example:5001", "v20", None, "https://pbx.acme.example:5001"),
        ("https://pbx.acme.example", "v18", None, "https://pbx.acme.example:5001"),
        ("https://pbx.acme.example", "v18", 443, "https://pbx.acme.example:443"),
        ("https://pbx.acme.example:5015", "v18", None, "https://pbx.acme.example:5015"),
    ],
)
def test_the_web_client_stands_at_its_versions_port(address, version, port, origin):
    connection = Connection(pbx_url=address, pbx_version=version)
    settings = DialSettings(connection=connection, web_client_port=port)
    link = write_web_client_link(settings, "+442079460011")
    assert link == f"{origin}/webclient/#/call?phone=%2B442079460011"
