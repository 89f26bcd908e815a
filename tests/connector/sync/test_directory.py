"""Who has a number: from the mirror alone once it is complete, from Zoho until then."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import connection as database
from django.db import connections
from django.test import Client
from django.utils import timezone

from connector import directory
from connector.auth import forget_connections, make_key
from connector.granting.grants import open_client
from connector.models import Connection, Mirror, MirroredKey, MirroredPerson, ZohoOrganisation
from connector.people import live, mirror
from connector.phones import read_number
from connector.zoho import records
from tests.support.mirror import count_requests, insert, sync
from tests.support.processes import wait_until
from tests.support.zoho import ControlledZoho

SEARCHES = ("GET Contacts/search", "GET Leads/search", "GET Accounts/search")


@pytest.fixture(autouse=True)
def forget() -> None:
    """What a process remembers of an earlier test."""
    forget_connections()
    mirror.forget_standing()
    live.forget_answers()


def look_up(
    connection: Connection, path: str = "lookup", *, key: str = "", **body: str
) -> list[dict[str, Any]]:
    answer = Client().post(
        f"/pbx/{connection.slug}/{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"X-Api-Key": key or make_key(connection)},
    )
    assert answer.status_code == 200
    return answer.json()["matches"]


def name_found(connection: Connection, number: str) -> list[str]:
    return [f"{one['first']} {one['last']}".strip() for one in look_up(connection, number=number)]


def count_searches(zoho: ControlledZoho) -> int:
    return sum(count_requests(zoho, name) for name in SEARCHES)


def test_any_spelling_finds_the_person_without_asking_zoho(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync()
    for number in ("+441632960011", "01632 960011", "0044 1632 960011"):
        found = look_up(connection, number=number)
        assert [one["last"] for one in found][:1] == ["Lane"], number
        assert found[0]["echo"] == (number if number != "+441632960011" else "")
        assert found[0]["url"].startswith(f"{zoho.url}/crm/org")
    assert count_searches(zoho) == 0


def test_with_a_complete_mirror_a_miss_is_a_miss(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync()
    assert look_up(connection, number="+442079460999") == []
    assert count_searches(zoho) == 0


def test_lookups_go_on_while_zoho_is_stopped(zoho: ControlledZoho, connection: Connection) -> None:
    sync()
    zoho.sandbox.stop()
    assert name_found(connection, "+441632960011") == ["Ada Lane"]


def test_a_lookup_survives_that_the_database_dropped_its_connection(
    connection: Connection,
) -> None:
    sync()
    number = read_number("+441632960011", connection.number_rules)
    known = mirror.find_by_number(connection, number)
    assert known
    assert database.connection is not None
    facts = database.connection.info
    with psycopg.connect(facts.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [facts.backend_pid])
    assert mirror.find_by_number(connection, number) == known


def test_until_the_mirror_is_complete_zoho_is_asked_once_a_minute(
    zoho: ControlledZoho, connection: Connection
) -> None:
    assert name_found(connection, "+441632960011") == ["Ada Lane"]
    assert count_searches(zoho) == 3
    for _ in range(2):
        assert look_up(connection, number="+442079469999") == []
    assert count_searches(zoho) == 6


def test_that_nobody_has_a_number_is_kept_for_a_minute(
    zoho: ControlledZoho, connection: Connection
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert look_up(connection, number="+441632961999") == []
        asked = count_searches(zoho)
        insert(connection, "Contacts", First_Name="Late", Last_Name="Comer", Phone="+441632961999")
        clock.shift(59)
        assert look_up(connection, number="+441632961999") == []
        assert count_searches(zoho) == asked
        clock.shift(1)
        assert name_found(connection, "+441632961999") == ["Late Comer"]


def test_after_ten_seconds_a_zoho_that_did_not_answer_is_asked_again(
    zoho: ControlledZoho, connection: Connection, settings: Any
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        settings.LOOKUP_LIVE_SECONDS = 0.2
        zoho.control(latency_ms=800)
        assert look_up(connection, number="+441632960011") == []
        settings.LOOKUP_LIVE_SECONDS = 20
        zoho.control(latency_ms=0)
        clock.shift(9)
        assert look_up(connection, number="+441632960011") == []
        clock.shift(1)
        assert name_found(connection, "+441632960011") == ["Ada Lane"]


def test_a_clock_that_is_set_back_makes_nobody_unknown_for_longer(
    zoho: ControlledZoho, connection: Connection
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert look_up(connection, number="+441632961999") == []
        insert(connection, "Contacts", First_Name="Late", Last_Name="Comer", Phone="+441632961999")
        clock.shift(-3600)
        assert name_found(connection, "+441632961999") == ["Late Comer"]


def test_zoho_is_asked_again_when_the_last_good_sync_is_old(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync()
    insert(connection, "Contacts", First_Name="Late", Last_Name="Comer", Phone="+441632961999")
    Mirror.objects.update(synced_at=timezone.now() - timedelta(minutes=11))
    assert name_found(connection, "+441632961999") == ["Late Comer"]


def test_with_zero_seconds_zoho_is_never_asked(
    zoho: ControlledZoho, connection: Connection, settings: Any
) -> None:
    settings.LOOKUP_LIVE_SECONDS = 0
    assert look_up(connection, number="+441632960011") == []
    assert count_searches(zoho) == 0


def test_a_zoho_that_does_not_answer_in_time_is_left_alone_for_a_while(
    zoho: ControlledZoho, connection: Connection, settings: Any
) -> None:
    settings.LOOKUP_LIVE_SECONDS = 0.2
    zoho.control(latency_ms=800)
    assert look_up(connection, number="+441632960011") == []
    asked = count_searches(zoho)
    assert look_up(connection, number="+441632960022") == []
    assert count_searches(zoho) == asked


def test_while_the_organisation_is_in_trouble_no_lookup_asks_zoho(
    zoho: ControlledZoho, connection: Connection
) -> None:
    ZohoOrganisation.objects.update(waits_until=timezone.now() + timedelta(minutes=1))
    assert look_up(connection, number="+441632960011") == []
    assert count_searches(zoho) == 0


def test_only_two_lookups_at_a_time_ask_zoho(
    zoho: ControlledZoho, connection: Connection, settings: Any
) -> None:
    settings.LOOKUP_LIVE_SECONDS = 20
    zoho.control(latency_ms=3000)
    key = make_key(connection)

    def ask(number: str) -> list[dict[str, Any]]:
        try:
            return look_up(connection, key=key, number=number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        two = [pool.submit(ask, number) for number in ("+441632960011", "+442079469999")]
        wait_until(lambda: count_searches(zoho) == 6, what="two lookups that ask Zoho")
        assert look_up(connection, key=key, number="+441632960022") == []
        assert count_searches(zoho) == 6
        assert [len(job.result()) for job in two] == [1, 0]
    zoho.control(latency_ms=0)
    assert len(look_up(connection, key=key, number="+441632960022")) == 1


def test_the_last_digits_match_only_where_that_is_the_strategy(connection: Connection) -> None:
    sync()
    assert look_up(connection, number="+491632960011") == []
    Connection.objects.update(matching_strategy="last_digits", matching_digits=9)
    forget_connections()
    assert "Ada Lane" in name_found(connection, "+491632960011")
    Connection.objects.update(matching_digits=11)
    forget_connections()
    assert look_up(connection, number="+491632960011") == []


def test_exact_comes_before_suffix_then_modules_people_and_whom_one_spoke_with(
    connection: Connection,
) -> None:
    number = "+441632961777"
    company = insert(connection, "Accounts", Account_Name="Same Ltd", Phone=number)
    quiet = insert(connection, "Contacts", Last_Name="Quiet", Phone="01632 961777")
    spoken = insert(connection, "Contacts", Last_Name="Spoken", Mobile=number)
    lead = insert(connection, "Leads", Last_Name="Lead", Company="L", Phone=number)
    other = insert(connection, "Contacts", Last_Name="Suffix", Phone="+491632961777")
    sync()
    MirroredKey.objects.filter(person__zoho_id=spoken).update(spoken_at=timezone.now())
    Connection.objects.update(matching_strategy="last_digits")
    ids = [one["id"] for one in look_up(connection, number=number)]
    assert ids == [spoken, quiet, lead, company, other]
    Connection.objects.update(module_order=["Accounts", "Leads", "Contacts"])
    forget_connections()
    ids = [one["id"] for one in look_up(connection, number=number)]
    assert ids == [company, lead, spoken, quiet, other]


def test_at_most_twenty_are_answered(connection: Connection) -> None:
    people = [{"Last_Name": f"Same {one}", "Phone": "+441632961777"} for one in range(22)]
    records.insert(open_client(connection), module="Contacts", records=people, trigger=[])
    sync()
    assert len(look_up(connection, number="01632 961777")) == 20


def test_a_known_caller_of_a_known_pbx_costs_one_select(
    connection: Connection, django_assert_num_queries: Any
) -> None:
    sync()
    key = make_key(connection)
    with time_machine.travel(timezone.now(), tick=False):
        look_up(connection, key=key, number="+441632960011")
        with django_assert_num_queries(1) as asked:
            assert look_up(connection, key=key, number="+441632960011")
    assert asked[0]["sql"].startswith("SELECT module, is_company")


def test_somebody_with_the_number_twice_is_shown_once(connection: Connection) -> None:
    insert(connection, "Contacts", Last_Name="Twice", Phone="+441632961777", Fax="01632 961777")
    Connection.objects.update(matching_strategy="last_digits")
    sync()
    assert [one["last"] for one in look_up(connection, number="+441632961777")] == ["Twice"]


def test_internal_and_withheld_numbers_never_match(connection: Connection) -> None:
    sync()
    for number in ("", "anonymous", "101", "000000"):
        assert look_up(connection, number=number) == [], number


def test_a_chat_visitor_is_known_by_any_e_mail_address(connection: Connection) -> None:
    insert(connection, "Contacts", Last_Name="Mail", Secondary_Email="Second@Mail.example")
    found = look_up(connection, "lookup-by-email", email="second@mail.example")
    assert [one["last"] for one in found] == ["Mail"]
    sync()
    mirror.forget_standing()
    found = look_up(connection, "lookup-by-email", email=" SECOND@mail.example")
    assert [one["last"] for one in found] == ["Mail"]
    assert look_up(connection, "lookup-by-email", email="mail.example") == []


def test_a_delivery_asks_zoho_while_the_mirror_is_incomplete(connection: Connection) -> None:
    sync("Leads")
    number = read_number("+441632960011", connection.number_rules)
    found = directory.find_people(open_client(connection), connection=connection, number=number)
    assert [match.person.last_name for match in found] == ["Lane"]


def test_a_delivery_takes_people_with_owner_and_account_from_the_mirror(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync()
    mirror.forget_standing()
    number = read_number("+441632960011", connection.number_rules)
    [match] = directory.find_people(open_client(connection), connection=connection, number=number)
    row = MirroredPerson.objects.get(zoho_id=match.person.zoho_id)
    assert match.person.owner_zoho_id == row.owner_zoho_id != ""
    assert match.person.account_zoho_id == row.account_zoho_id != ""
    assert match.is_exact
    assert count_searches(zoho) == 0


def test_a_converted_lead_that_the_pbx_names_is_its_contact(connection: Connection) -> None:
    sync()
    lead = MirroredPerson.objects.get(module="Leads", last_name="Field")
    client = open_client(connection)
    person = directory.read_person(
        client, connection=connection, module="Leads", zoho_id=lead.zoho_id
    )
    assert person
    assert (person.module, person.zoho_id) == ("Contacts", lead.converted_to)
