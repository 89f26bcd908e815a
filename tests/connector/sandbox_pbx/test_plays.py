"""The mix of calls and chats that the corridor is tried with."""

from datetime import UTC, datetime

from connector.phones import NumberRules, read_number
from connector.sandbox.pbx.happenings import Call, Chat, Extension
from connector.sandbox.pbx.plays import KNOWN_NUMBERS, WITHHELD, mix_plays
from connector.sandbox.zoho.names import KNOWN_COMPANIES, KNOWN_PEOPLE

NOW = datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)
STAFF = [Extension(number="101"), Extension(number="102")]


def mix(seed: int = 1) -> list[Call | Chat]:
    return list(mix_plays(STAFF, calls=100, chats=10, seed=seed, now=NOW))


def test_the_mix_has_all_kinds_of_calls_and_numbers() -> None:
    calls = [one for one in mix() if isinstance(one, Call)]
    assert len(calls) == 100
    assert {one.legs[0].type for one in calls} == {"Inbound", "Missed", "Outbound", "Notanswered"}
    numbers = {one.number for one in calls}
    assert numbers & set(KNOWN_NUMBERS)
    assert numbers & set(WITHHELD)
    assert numbers - set(KNOWN_NUMBERS) - set(WITHHELD)


def test_nobody_dials_a_withheld_number() -> None:
    outgoing = [one for one in mix() if isinstance(one, Call) and one.direction == "Outbound"]
    assert not {one.number for one in outgoing} & set(WITHHELD)


def test_a_seed_gives_the_same_mix_and_another_seed_another() -> None:
    assert mix() == mix()
    assert mix() != mix(seed=2)


def test_no_two_begin_in_the_same_second_and_none_in_the_future() -> None:
    moments = [one.legs[0].started_at if isinstance(one, Call) else one.started_at for one in mix()]
    assert len(set(moments)) == len(moments) == 110
    assert max(moments) < NOW


def test_the_known_numbers_are_those_of_the_sandboxs_zoho() -> None:
    stored = [*KNOWN_COMPANIES.values()]
    stored += [phone for person in KNOWN_PEOPLE for phone in person.phones.values()]
    found = {
        read_number(phone, NumberRules(country=country)).e164
        for phone in stored
        for country in ("GB", "DE", "RU", "US")
    }
    assert set(KNOWN_NUMBERS) <= found
