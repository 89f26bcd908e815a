"""A large module is read from both ends, each record once, wherever a try stops."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
from django.utils import timezone
from pytest_django import Settings

from connector.granting.grants import open_client
from connector.leases import hold
from connector.models import Connection, Mirror, MirroredPerson, ZohoOrganisation
from connector.sync import filling, portions
from connector.sync.drafting import draft_people
from connector.sync.ends import Downwards, Gap, Upwards
from connector.sync.work import Work, list_readings
from tests.support.mirror import (
    count_requests,
    find_mirror,
    list_mirrored,
    list_stored,
    sync,
)
from tests.support.zoho import ControlledZoho, run_zoho


@pytest.fixture
def large_zoho(transactional_db: None, settings: Settings) -> Iterator[ControlledZoho]:
    """3000 people: eight pages of contacts."""
    with run_zoho(people=3000) as sandbox:
        settings.ZOHO_TRUSTED_URLS = [sandbox.url]
        yield sandbox


@pytest.fixture
def connection(large_zoho: ControlledZoho) -> Connection:
    connection = large_zoho.connect()
    ZohoOrganisation.objects.update(edition="enterprise")
    return connection


def list_orders(zoho: ControlledZoho) -> set[str]:
    """In which the pages of contacts were asked for, 200 records each."""
    asked = requests.get(f"{zoho.url}/sandbox/log", timeout=5).json()["requests"]
    queries = [one["query"] for one in asked if one["module"] == "Contacts"]
    return {query["sort_order"] for query in queries if query.get("sort_by") == "id"}


@contextmanager
def begin_work(connection: Connection) -> Iterator[Work]:
    client = open_client(connection)
    with hold(Mirror.objects.filter(pk=find_mirror("Contacts").pk)) as lease:
        assert lease
        work = Work(client=client, lease=lease, readings=list_readings(lease.row.organisation))
        filling.begin(work)
        yield work


def expect_every_contact(zoho: ControlledZoho) -> None:
    mirror, stored = find_mirror("Contacts"), list_stored(zoho, "Contacts")
    assert mirror.filled_at
    assert not mirror.trouble
    assert list_mirrored("Contacts") == stored
    assert (mirror.upper_page_token, mirror.upper_zoho_id) == ("", "")


@pytest.mark.parametrize("seed", range(50))
def test_whichever_end_reads_next_every_record_is_taken_once(seed: int) -> None:
    chance = random.Random(seed)
    everything = [{"id": str(number)} for number in range(1, chance.randint(1, 60) + 1)]
    gap, taken, low, high = Gap(below="", above=""), [], 0, len(everything)
    while low < len(everything):
        size = chance.randint(1, 9)
        if upwards := chance.random() < 0.6:
            page = everything[low : low + size]
            low += len(page)
        else:
            page = everything[max(high - size, 0) : high][::-1]
            high -= len(page)
        taken += [row["id"] for row in gap.take(page, upwards=upwards)]
    assert sorted(taken, key=int) == [row["id"] for row in everything]


def test_both_ends_meet_and_no_record_is_read_twice(
    large_zoho: ControlledZoho, connection: Connection, monkeypatch
) -> None:
    monkeypatch.setattr(portions, "BOTH_ENDS_AFTER", 1)
    sync("Contacts")
    expect_every_contact(large_zoho)
    assert list_orders(large_zoho) == {"asc", "desc"}
    # Eight pages, one more where they met, and those that were asked for ahead.
    assert count_requests(large_zoho, "GET Contacts") <= 8 + 1 + 2


@pytest.mark.parametrize("edition", ["free", ""])
def test_an_edition_that_answers_few_at_a_time_is_read_from_one_end(
    large_zoho: ControlledZoho, connection: Connection, monkeypatch, edition: str
) -> None:
    monkeypatch.setattr(portions, "BOTH_ENDS_AFTER", 1)
    ZohoOrganisation.objects.update(edition=edition)
    sync("Contacts")
    expect_every_contact(large_zoho)
    assert list_orders(large_zoho) == {"asc"}


@pytest.mark.parametrize("skip", [1, 3, 5, 7])
def test_a_fill_from_both_ends_goes_on_wherever_it_stopped(
    large_zoho: ControlledZoho, connection: Connection, monkeypatch, skip: int
) -> None:
    monkeypatch.setattr(portions, "BOTH_ENDS_AFTER", 1)
    large_zoho.fail("status", status=500, module="Contacts", skip=skip)
    sync("Contacts")
    stopped = find_mirror("Contacts")
    ZohoOrganisation.objects.update(waits_until=None, failures=0)
    sync("Contacts")
    expect_every_contact(large_zoho)
    if stopped.fill_started_at:
        read = MirroredPerson.objects.filter(module="Contacts").count()
        assert find_mirror("Contacts").records == read


@pytest.mark.parametrize("stored", [Upwards, Downwards])
def test_what_one_end_had_read_and_a_killed_process_did_not_store_is_read_again(
    large_zoho: ControlledZoho, connection: Connection, stored: type[Upwards | Downwards]
) -> None:
    with begin_work(connection) as work:
        gap = Gap(below="", above="")
        ends = {kind: kind(work, gap) for kind in (Upwards, Downwards)}
        slow = ends.pop(stored)
        [ahead] = ends.values()
        lost = [ahead.read() for _page in range(5)]
        assert all(portion.rows for portion in lost)
        while not (portion := slow.read()).is_last:
            filling.keep(work, portion, draft_people(portion.rows, work.terms))
        filling.keep(work, portion, draft_people(portion.rows, work.terms))
        assert len(portion.rows) < 200
    sync("Contacts")
    expect_every_contact(large_zoho)
    read = MirroredPerson.objects.filter(module="Contacts").count()
    assert find_mirror("Contacts").records == read


def test_where_the_token_of_the_upper_end_ended_the_lower_one_goes_on_to_it(
    large_zoho: ControlledZoho, connection: Connection
) -> None:
    sync("Contacts")
    ids = sorted(list_mirrored("Contacts"), key=int)
    between = ids[300:900]
    MirroredPerson.objects.filter(zoho_id__in=between).delete()
    Mirror.objects.filter(module="Contacts").update(
        fill_started_at=timezone.now() - timedelta(days=2),
        last_zoho_id=ids[299],
        upper_page_token="WzEsICJ4IiwgMV0=",
        upper_zoho_id=ids[900],
        records=len(ids) - len(between),
    )
    sync("Contacts")
    expect_every_contact(large_zoho)
    assert find_mirror("Contacts").records == len(ids)
