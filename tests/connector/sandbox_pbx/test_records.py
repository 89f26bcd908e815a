"""What Rules and Variables take out of an answer."""

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from connector.sandbox.pbx.expressions import Scope
from connector.sandbox.pbx.records import read_records

SCOPE = Scope(variables={"Number": "7700900123", "Wanted": "b"})
ANSWER = {
    "matches": [
        {"id": 1, "kind": "a", "vip": True, "tags": ["x", "y"], "one": ["z"]},
        {"id": 2, "kind": "b", "vip": None, "tags": [], "phones": [{"t": "m", "n": "5"}]},
    ]
}


def read(rules: str, variables: str, answer: Any = ANSWER) -> list[dict[str, str]]:
    scenario = fromstring(
        f"<Scenario><Rules>{rules}</Rules><Variables>{variables}</Variables></Scenario>"
    )
    return read_records(scenario, answer, SCOPE)


ANY = '<Rule Type="Any" Ethalon="">matches.id</Rule>'
ID = '<Variable Name="Id" Path="matches.id"><Filter /></Variable>'


def test_each_element_of_a_list_is_one_record() -> None:
    assert read(ANY, ID) == [{"Id": "1"}, {"Id": "2"}]


def test_an_empty_list_gives_no_record() -> None:
    assert read(ANY, ID, {"matches": []}) == []


def test_a_rule_on_the_list_itself_passes_although_it_is_empty() -> None:
    assert read('<Rule Type="Any">matches</Rule>', ID, {"matches": []}) == [{"Id": ""}]


def test_nothing_that_came_back_gives_no_record() -> None:
    assert read(ANY, ID, None) == []


def test_a_path_may_stand_as_text() -> None:
    old = (
        '<Variable Name="A" Path="">matches.id</Variable><Variable Name="B">matches.kind</Variable>'
    )
    assert read(ANY, old)[1] == {"A": "2", "B": "b"}


def test_equals_compares_with_an_expression() -> None:
    assert read('<Rule Type="Equals" Ethalon="[Wanted]">matches.kind</Rule>', ID) == [{"Id": "2"}]


def test_all_rules_must_pass_for_the_same_record() -> None:
    rules = ANY + '<Rule Type="Equals" Ethalon="True">matches.vip</Rule>'
    assert read(rules, ID) == [{"Id": "1"}]


@pytest.mark.parametrize("numbers", ["+447700900123", ["1", "+44 7700 900123"]])
def test_number_compares_with_the_searched_number(numbers: object) -> None:
    answer = {"matches": [{"id": 1, "n": "1"}, {"id": 2, "n": numbers}]}
    assert read('<Rule Type="Number">matches.n</Rule>', ID, answer) == [{"Id": "2"}]


def test_booleans_are_words_and_null_is_nothing() -> None:
    found = read(ANY, '<Variable Name="V" Path="matches.vip" />')
    assert found == [{"V": "True"}, {"V": ""}]


def test_an_inner_list_gives_a_value_only_when_it_has_one_element() -> None:
    answer = {"matches": [{"id": 1, "p": [{"n": "5"}]}, {"id": 2, "p": [{"n": "6"}, {"n": "7"}]}]}
    found = read(ANY, '<Variable Name="N" Path="matches.p.n"><Filter /></Variable>', answer)
    assert found == [{"N": "5"}, {"N": ""}]


FILTER = '<Rule Type="Equals" Ethalon="m">matches.p.t</Rule>'


def test_a_filter_picks_an_element_of_an_inner_list() -> None:
    answer = {"matches": [{"id": 1, "p": [{"t": "h", "n": "5"}, {"t": "m", "n": "6"}]}]}
    variable = f'<Variable Name="N" Path="matches.p.n"><Filter>{FILTER}</Filter></Variable>'
    assert read(ANY, variable, answer) == [{"N": "6"}]


def test_a_filters_wrapper_is_ignored() -> None:
    answer = {"matches": [{"id": 1, "p": [{"t": "h", "n": "5"}, {"t": "m", "n": "6"}]}]}
    wrapped = f"<Filters><Filter>{FILTER}</Filter></Filters>"
    variable = f'<Variable Name="N" Path="matches.p.n">{wrapped}</Variable>'
    assert read(ANY, variable, answer) == [{"N": ""}]


@pytest.mark.parametrize("path", ["matches.0.id", "matches[0].id", "nothing.here"])
def test_positions_and_unknown_keys_give_nothing(path: str) -> None:
    assert read(ANY, f'<Variable Name="V" Path="{path}" />') == [{"V": ""}, {"V": ""}]
