"""Layouts of the organisation, and the link to the call's page, in what is written."""

import pytest
from django.urls import reverse

from connector.models import Connection, ZohoOrganisation
from connector.sync.users import refresh_users
from journaling.connection_file.problems import FileRefused
from journaling.connection_file.zoho_checks import check_with_zoho
from journaling.deliver import deliver_lane
from journaling.ingest import store_report
from journaling.models import Entry, JournalSettings
from journaling.settle import settle_connection
from journaling.setup.field_checks import list_unfilled
from journaling.telling.story import tell
from tests.journaling.admin_pages import find_page, list_errors, save_page
from tests.support.builders import build_call_body

pytestmark = pytest.mark.django_db

STRANGER = "+390612345678"


@pytest.fixture
def acme(zoho, settings) -> Connection:
    settings.PUBLIC_URL = "https://portal.example"
    return zoho.connect(
        reference_field="",
        journal={"settle_seconds": 0, "layout_calls": "Service", "call_page_link": True},
    )


def deliver(acme: Connection, **values) -> Entry:
    store_report(connection=acme, kind="call", body=build_call_body(**values))
    settle_connection(acme.pk)
    for module in ("Calls", "Contacts", "Calls"):
        deliver_lane(connection_id=acme.pk, module=module)
    return Entry.objects.filter(kind=Entry.Kind.CALL).latest("pk")


def test_a_call_has_its_layout_and_leads_to_its_page(admin_client, client, zoho, acme):
    JournalSettings.objects.update(answered_inbound="[Transcription]")
    entry = deliver(acme, transcription="word " * 8000)
    [call] = zoho.list_records("Calls")
    assert call["Layout"]["name"] == "Service"
    lines = call["Description"].split("\n")
    link = f"/c/{entry.reference}"
    assert lines[-2:] == [f"Details: https://portal.example{link}", f"ref {entry.reference}"]
    page = reverse("admin:journaling_entry_change", args=[entry.pk])
    assert admin_client.get(link).url == page
    assert client.get(link).url.startswith(reverse("admin:login"))


def test_a_created_contact_has_its_layout(zoho, acme):
    JournalSettings.objects.update(unknown_numbers="create", layout_contact="service")
    deliver(acme, number=STRANGER, name="Ada")
    [contact] = [row for row in zoho.list_records("Contacts") if row.get("Phone") == STRANGER]
    assert contact["Layout"]["name"] == "Service"


def test_a_layout_that_zoho_refuses_or_lost_keeps_no_call_out(zoho, acme):
    organisation = acme.grant.organisation
    [_standard, service] = organisation.layouts["Calls"]
    service["id"] = "1"
    organisation.save()
    assert deliver(acme).state == Entry.State.DELIVERED
    assert "Layout" not in zoho.list_records("Calls")[0]
    JournalSettings.objects.update(layout_calls="Gone")
    entry = deliver(acme, start="2026-11-20T11:15:30Z", end="2026-11-20T11:18:11Z")
    told = "This organisation has no layout “Gone”; Zoho took its own."
    assert told in [line.text for line in tell(entry)]


def test_only_the_chosen_layouts_demands_count(zoho, acme):
    zoho.control(required_fields={"Calls": ["Call_Purpose"]})
    acme.grant.organisation.users.all().delete()
    ZohoOrganisation.objects.update(users_fetched_at=None)
    refresh_users(acme.grant.organisation_id)
    acme = Connection.objects.get(pk=acme.pk)
    assert list_unfilled(acme.journal, connection=acme) == []
    for wanted in ("", "Standard"):
        acme.journal.layout_calls = wanted
        [field] = list_unfilled(acme.journal, connection=acme)
        assert field["name"] == "Call_Purpose"


def test_the_form_offers_the_organisations_layouts(admin_client, acme):
    form = admin_client.get(find_page(acme)).context["adminform"].form
    assert [value for value, _name in form.fields["layout_tasks"].choices] == [
        "", "Standard", "Service",
    ]  # fmt: skip
    save_page(admin_client, acme, layout_tasks="Standard")
    assert JournalSettings.objects.get().layout_tasks == "Standard"
    assert list(list_errors(save_page(admin_client, acme, layout_lead="Other"))) == ["layout_lead"]


FILE = """connections:
  acme:
    fields:
      calls: {Call_Purpose: Prospecting}
      lead: {%s: "1"}
    layout:
      calls: %s
"""


def test_a_file_is_checked_against_the_organisation_before_it_is_loaded(zoho, acme, tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text(FILE % ("Company", "service"))
    before = zoho.read_counters()["requests"]
    assert check_with_zoho(path) == []
    assert zoho.read_counters()["requests"] == before, "what is known of Zoho bears it out"
    path.write_text(FILE % ("Shoe_Size", "Other"))
    with pytest.raises(FileRefused) as refused:
        check_with_zoho(path)
    assert [problem.line for problem in refused.value.problems] == [5, 7]
    assert "There are: Standard, Service" in str(refused.value)
    acme.grant.api_url = "http://127.0.0.1:1"
    acme.grant.save()
    [note] = check_with_zoho(path)
    assert note.startswith("acme: fields and layouts were not checked: ")
    acme.grant.delete()
    assert "not authorised" in check_with_zoho(path)[0]
