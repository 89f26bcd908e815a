"""What the portal spends at Zoho, and what stops first when it gets scarce."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from connector import credits
from connector.credits import Usage, Work
from connector.models import Connection, CreditHour, Mirror, ZohoOrganisation
from connector.sync import due
from connector.sync.running import sync_mirror
from connector.zoho.prices import price
from connector.zoho.wire import Answer, Question
from journaling.alarms.conditions import list_of_connections
from journaling.deliver import deliver_lane
from journaling.health import list_findings
from journaling.models import Entry
from tests.support.builders import build_entry
from tests.support.zoho import ControlledZoho, run_zoho


@pytest.fixture
def zoho(transactional_db, settings):
    with run_zoho() as sandbox:
        settings.ZOHO_TRUSTED_URLS = [sandbox.url]
        yield sandbox


@pytest.fixture
def acme(zoho: ControlledZoho) -> Connection:
    connection = zoho.connect()
    ZohoOrganisation.objects.update(edition="enterprise", licensed_users=0)  # 50,000
    return Connection.objects.get(pk=connection.pk)


def use(connection: Connection, number: int, *, work: str = Work.OTHER) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    CreditHour.objects.update_or_create(
        organisation=connection.grant.organisation, hour=hour, work=work,
        defaults={"credits": number},
    )  # fmt: skip


def ask(path: str, *, sent: int = 0, found: int = 0, status: int = 200, writes: bool = True) -> int:
    question = Question(
        method="POST", path=path, writes=writes, payload={"json": {"data": [{}] * sent}}
    )
    return price(question, Answer(status=status, is_empty=False, body={"data": [{}] * found}))


def test_requests_cost_what_zohos_limits_say():
    assert [ask("/crm/v8/Calls", sent=number) for number in (1, 10, 11, 100)] == [1, 1, 2, 10]
    assert [ask("/crm/v8/coql", found=number) for number in (0, 200, 201, 2000)] == [1, 1, 2, 3]
    assert ask("/crm/v8/Calls/deleted", writes=False) == 2
    assert ask("/crm/v8/Calls", sent=100, status=429) == 0


@pytest.mark.parametrize(
    ("percent", "allowed"),
    [
        (79, {Work.BACKFILL, Work.OTHER, Work.LOOKUP, Work.DELIVERY, Work.CREATION}),
        (80, {Work.OTHER, Work.LOOKUP, Work.DELIVERY, Work.CREATION}),
        (95, {Work.LOOKUP, Work.DELIVERY, Work.CREATION}),
        (98, {Work.LOOKUP, Work.CREATION}),
    ],
)
def test_what_can_wait_stops_first(percent, allowed):
    usage = Usage(used=1, used_for_lookups=0, allowed=1000, left=1000 - percent * 10)
    assert {work for work in Work if usage.allows(work)} == allowed


def test_lookups_keep_a_reserve_and_no_more_than_that():
    assert Usage(used=990, used_for_lookups=19, allowed=1000, left=None).allows(Work.LOOKUP)
    assert not Usage(used=990, used_for_lookups=20, allowed=1000, left=None).allows(Work.LOOKUP)


def test_an_edition_that_we_do_not_know_stops_nothing():
    assert Usage(used=10**6, used_for_lookups=0, allowed=None, left=None).allows(Work.BACKFILL)


def test_every_request_is_counted_for_the_last_24_hours(acme):
    due.make_mirrors()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        sync_mirror(Mirror.objects.get(module="Accounts").pk)
        credits.flush()
        organisation = acme.grant.organisation
        assert CreditHour.objects.get(work=Work.BACKFILL).credits > 0
        assert credits.read_usage([organisation])[organisation.pk].used > 0
        clock.shift(timedelta(hours=25))
        assert credits.read_usage([organisation])[organisation.pk].used == 0


def test_zohos_word_counts_while_it_is_fresh(zoho, acme):
    zoho.control(credits_left=2500)
    organisation = acme.grant.organisation
    due.make_mirrors()
    sync_mirror(Mirror.objects.get(module="Contacts").pk)
    credits.flush()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        assert credits.read_usage([organisation])[organisation.pk].percent == 95
        clock.shift(timedelta(minutes=11))
        assert credits.read_usage([organisation])[organisation.pk].percent == 0


def test_the_directory_waits_at_80_percent_while_calls_go_on(zoho, acme):
    use(acme, 40_000)
    due.make_mirrors()
    mirror = Mirror.objects.get(module="Contacts")
    sync_mirror(mirror.pk)
    mirror.refresh_from_db()
    assert (mirror.filled_at, mirror.waits_until is None) == (None, False)
    assert "GET Contacts" not in zoho.read_counters()["requests"]
    entry = build_entry(acme, kind=Entry.Kind.PERSON, module="Contacts")
    Entry.objects.filter(pk=entry.pk).update(record={"Last_Name": "Lane", "Phone": "+441632960077"})
    deliver_lane(connection_id=acme.pk, module="Contacts")
    entry.refresh_from_db()
    assert entry.state == Entry.State.DELIVERED
    [finding] = [one for one in list_findings() if "credits" in one.sentence]
    assert finding.sentence.startswith("80 % of Zoho's API credits are used.")
    Connection.objects.update(paused_at=timezone.now())
    assert f"{acme.slug} credits" in [condition.key for condition in list_of_connections()]


def test_at_98_percent_by_zohos_word_deliveries_leave_the_rest_to_lookups(zoho, acme):
    ZohoOrganisation.objects.update(credits_left=1000, credits_told_at=timezone.now())
    entry = build_entry(acme, kind=Entry.Kind.PERSON, module="Contacts")
    deliver_lane(connection_id=acme.pk, module="Contacts")
    entry.refresh_from_db()
    assert (entry.state, entry.tries) == (Entry.State.WAITING, 0)
