"""Which number a match carries back to the PBX."""

from dataclasses import replace

from connector.threecx.answers import Match, build_answer
from connector.threecx.scenarios import CONTACT_OUTPUTS

ANN = Match(
    id="1",
    module="Contacts",
    url="https://crm.zoho.eu/crm/org1/tab/Contacts/1",
    first="Ann",
    mobile="+44 7700 900123",
    other="+442079460123",
)


def find_echo(match: Match, searched: str) -> str:
    [found] = build_answer([match], searched=searched)["matches"]
    return found["echo"]


def test_the_searched_number_is_echoed_verbatim() -> None:
    assert find_echo(ANN, "07700900123") == "07700900123"


def test_the_other_phone_stays_when_a_phone_equals_the_searched_number() -> None:
    assert find_echo(replace(ANN, mobile="+447700900123"), "+447700900123") == "+442079460123"


def test_without_a_number_the_other_phone_stays() -> None:
    assert find_echo(ANN, "") == "+442079460123"


def test_nobody_found_is_an_empty_list() -> None:
    assert build_answer([], searched="+44") == {"matches": []}


def test_a_match_has_every_key_that_the_template_reads() -> None:
    [found] = build_answer([ANN])["matches"]
    assert set(CONTACT_OUTPUTS.values()) <= set(found)
