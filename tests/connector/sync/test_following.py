"""The mirror follows what changes at Zoho and in the portal."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from connector.models import Connection, Mirror, MirroredKey, MirroredPerson, ZohoOrganisation
from connector.sync import comparing, due, running
from connector.sync.budget import plan_sync
from tests.support.mirror import (
    convert,
    count_requests,
    delete,
    insert,
    list_mirrored,
    list_stored,
    sync,
    update,
)
from tests.support.zoho import ControlledZoho


def test_a_new_and_a_changed_record_are_found_by_the_next_sync(connection: Connection) -> None:
    sync("Contacts")
    zoho_id = insert(connection, "Contacts", Last_Name="Newman", Phone="01632 961999")
    sync("Contacts")
    assert MirroredKey.objects.get(key="+441632961999").person.zoho_id == zoho_id
    update(connection, "Contacts", zoho_id, Phone="01632 961998")
    sync("Contacts")
    assert not MirroredKey.objects.filter(key="+441632961999").exists()
    assert MirroredKey.objects.get(key="+441632961998").person.last_name == "Newman"


def test_who_was_spoken_with_is_remembered_when_the_record_changes(connection: Connection) -> None:
    sync("Contacts")
    zoho_id = insert(connection, "Contacts", Last_Name="Newman", Phone="01632 961999")
    sync("Contacts")
    spoken_at = timezone.now()
    MirroredPerson.objects.filter(zoho_id=zoho_id).update(spoken_at=spoken_at)
    update(connection, "Contacts", zoho_id, Phone="01632 961998")
    sync("Contacts")
    assert MirroredKey.objects.get(key="+441632961998").spoken_at == spoken_at


def test_a_record_of_the_same_second_as_the_last_one_is_not_missed(
    connection: Connection,
) -> None:
    sync("Contacts")
    insert(connection, "Contacts", Last_Name="First")
    sync("Contacts")
    insert(connection, "Contacts", Last_Name="Second")
    sync("Contacts")
    assert MirroredPerson.objects.filter(last_name__in=["First", "Second"]).count() == 2


def test_a_lead_that_is_converted_leads_to_its_contact_from_then_on(
    connection: Connection,
) -> None:
    sync()
    tom = MirroredPerson.objects.get(module="Leads", last_name="Hale", first_name="Tom")
    convert(connection, tom.zoho_id)
    sync("Leads", "Contacts")
    tom.refresh_from_db()
    assert tom.converted_to
    assert {key.module for key in tom.keys.all()} == {"Contacts"}


def test_a_deleted_record_is_forgotten_within_the_hour(connection: Connection) -> None:
    sync("Contacts")
    ada = MirroredPerson.objects.get(last_name="Lane", first_name="Ada")
    delete(connection, "Contacts", ada.zoho_id)
    sync("Contacts")
    assert MirroredPerson.objects.filter(pk=ada.pk).exists()
    Mirror.objects.update(deletions_at=timezone.now() - timedelta(minutes=61))
    sync("Contacts")
    assert not MirroredPerson.objects.filter(pk=ada.pk).exists()
    assert not MirroredKey.objects.filter(key="+441632960011").exists()


def test_a_comparison_mends_what_was_lost_and_drops_what_is_gone(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync("Contacts")
    MirroredPerson.objects.filter(last_name="Lane").delete()
    ghost = MirroredPerson.objects.filter(last_name="Marsh")[0]
    MirroredPerson.objects.filter(pk=ghost.pk).update(zoho_id="999")
    Mirror.objects.update(compared_at=timezone.now() - timedelta(days=9))
    sync("Contacts")
    assert list_mirrored("Contacts") == list_stored(zoho, "Contacts")
    assert MirroredKey.objects.filter(key="+441632960011").exists()


def test_ids_are_compared_every_night_and_those_of_a_huge_module_every_week(db: None) -> None:
    organisation = ZohoOrganisation.objects.create(zgid="1", name="Acme", edition="enterprise")
    by_night = datetime(2026, 11, 10, 2, tzinfo=UTC)

    def is_due(*, records: int, **later: int) -> bool:
        mirror = Mirror(
            organisation=organisation, module="Contacts", records=records, compared_at=by_night
        )
        return comparing.is_due(mirror, now=by_night + timedelta(**later))

    evening_night_noon = [{"hours": 21}, {"days": 1}, {"hours": 34}]
    assert [is_due(records=100_000, **one) for one in evening_night_noon] == [False, True, True]
    two_nights = [{"days": 1}, {"days": 7}]
    assert [is_due(records=1_000_000, **one) for one in two_nights] == [False, True]


def test_another_country_gets_its_own_rows_without_asking_zoho(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync()
    assert not MirroredKey.objects.filter(key="+4930231250").exists()
    Connection.objects.update(country="DE")
    before = count_requests(zoho, "GET Accounts")
    for mirror in list(due.list_due(now=timezone.now())):
        running.sync_mirror(mirror.pk)
    assert count_requests(zoho, "GET Accounts") == before
    assert MirroredKey.objects.filter(key="+4930231250").exists()
    assert MirroredKey.objects.values("reading").distinct().count() == 1


def test_zoho_away_makes_the_organisation_wait_and_keeps_what_is_here(
    zoho: ControlledZoho, connection: Connection
) -> None:
    sync()
    zoho.sandbox.stop()
    sync("Contacts")
    assert ZohoOrganisation.objects.get().waits_until
    assert MirroredKey.objects.filter(key="+441632960011").exists()
    assert list(due.list_due(now=timezone.now())) == []


def test_a_paid_edition_finds_changes_within_five_minutes_and_a_free_one_saves() -> None:
    paid = plan_sync(ZohoOrganisation(edition="enterprise", licensed_users=5), share=10)
    assert paid.interval < timedelta(minutes=5)
    assert paid.all_credits == 55_000
    assert paid.credits_a_day <= 5_500
    free = plan_sync(ZohoOrganisation(edition="Free"), share=10)
    assert free.interval > timedelta(minutes=5)
    assert free.credits_a_day <= 500
    assert plan_sync(ZohoOrganisation()).interval == timedelta(minutes=5)


def test_what_the_mirror_costs_is_counted(connection: Connection) -> None:
    sync("Contacts")
    spent = ZohoOrganisation.objects.get().credits_spent
    sync("Contacts")
    assert ZohoOrganisation.objects.get().credits_spent == spent + 1
