"""The set-up checklist: what its steps say, and the buttons beside them."""

import pytest
from auditlog.models import LogEntry
from defusedxml.ElementTree import fromstring

from connector.auth import forget_connections, make_key
from connector.models import Agent, Connection, ZohoGrant, ZohoOrganisation
from connector.threecx.download import template_for
from connector.threecx.template import VERSION
from connector.zoho.scopes import SCOPES
from journaling.ingest import store_report
from journaling.setup.checklist import build_checklist
from journaling.setup.steps import DONE, TODO, Step
from tests.journaling.admin_pages import list_errors, save_page
from tests.support.builders import build_call_body, build_connection, build_grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(zoho, settings) -> Connection:
    settings.PUBLIC_URL = zoho.url
    connection = zoho.connect(journal={"settle_seconds": 0})
    ZohoGrant.objects.update(scopes=list(SCOPES))
    [organisation] = zoho.sandbox.store
    ZohoOrganisation.objects.update(zgid=organisation.zgid)
    return Connection.objects.get(pk=connection.pk)


def read_states(connection: Connection) -> dict[str, str]:
    steps = build_checklist(Connection.objects.get(pk=connection.pk)).steps
    return {" ".join(step.title.split()[:2]): step.state for step in steps}


def press(client, connection: Connection, button: str, **typed: str) -> str:
    url = f"/admin/connector/connection/{connection.pk}/{button}/"
    return client.post(url, typed, follow=True).content.decode()


def test_a_new_connection_begins_with_the_client():
    checklist = build_checklist(build_connection())
    assert checklist.next is not None
    assert checklist.next.title.startswith("Client registered")


def test_what_zoho_and_the_traffic_show_is_done(acme):
    make_key(acme)
    Connection.objects.update(template_version=VERSION)
    store_report(connection=acme, kind="call", body=build_call_body())
    states = read_states(acme)
    assert states["Authorised by"] == "done"
    assert states["Mandatory fields"] == "done"
    assert states["3CX runs"] == "done"
    assert states["First call"] == "done"
    assert states["Phonebook option"] == "done"
    assert states["3CX asks"] == "wrong"


def test_an_extension_without_a_user_is_settled_by_saying_so(acme):
    agent = Agent.objects.create(connection=acme, extension="109", email="nobody@acme.example")
    assert read_states(acme)["Extensions have"] == "unseen"
    step = next(s for s in build_checklist(acme).steps if s.title.endswith("users in Zoho"))
    assert (step.state, step.reason.partition(".")[0]) == ("wrong", "0 of 1")
    agent.has_no_zoho_user = True
    agent.save()
    step = next(s for s in build_checklist(acme).steps if s.title.endswith("users in Zoho"))
    assert step.state == "done"


def test_a_mandatory_field_is_filled_beside_its_red_line(admin_client, zoho, acme):
    zoho.control(required_fields={"Calls": ["Call_Purpose"]})
    assert "were read anew" in press(admin_client, acme, "test")
    assert read_states(acme)["Mandatory fields"] == "wrong"
    field = {"column": "fields_calls", "name": "Call_Purpose"}
    refused = press(admin_client, acme, "fill-field", **field, text="Nonsense")
    assert "has no value" in refused
    press(admin_client, acme, "fill-field", **field, text="Prospecting")
    acme.journal.refresh_from_db()
    assert acme.journal.fields_calls == {"Call_Purpose": "Prospecting"}
    assert read_states(acme)["Mandatory fields"] == "done"


def test_two_modules_may_demand_a_field_of_one_name(admin_client):
    demanded = {"Source": {"label": "Source", "mandatory": True}}
    acme = build_connection(create_as="contact", journal={"unknown_numbers": "create"})
    build_grant(acme)
    ZohoOrganisation.objects.update(fields={"Calls": demanded, "Contacts": demanded})
    press(admin_client, acme, "fill-field", column="fields_contact", name="Source", text="3CX")
    acme.journal.refresh_from_db()
    assert (acme.journal.fields_calls, acme.journal.fields_contact) == ({}, {"Source": "3CX"})


def test_a_refused_grant_is_told_by_testing(admin_client, acme):
    ZohoGrant.objects.update(access_token="wrong", refresh_token="wrong")
    assert "Zoho:" in press(admin_client, acme, "test")


def test_the_reference_field_is_made_by_its_button(admin_client, zoho, acme):
    press(admin_client, acme, "reference-field")
    assert read_states(acme)["Reference field"] == "done"
    assert LogEntry.objects.latest("pk").additional_data["words"]["facts"] == {"name": "PBX_Ref"}


def test_fields_are_checked_against_the_organisation_on_saving(admin_client, acme):
    answer = save_page(admin_client, acme, fields_calls="Nonsense = 1")
    assert "does not exist" in list_errors(answer)["fields_calls"][0]
    answer = save_page(admin_client, acme, fields_calls="Call_Purpose = Nonsense")
    assert "has no value" in list_errors(answer)["fields_calls"][0]
    assert save_page(admin_client, acme, fields_calls="Call_Purpose = [Name]").status_code == 302


def test_a_field_that_does_not_take_the_text_is_told_on_saving(admin_client):
    acme = build_connection()
    build_grant(acme)
    fields = {
        "Code": {"label": "Code", "type": "text", "length": 5},
        "Made": {"label": "Made on", "type": "text", "read_only": True},
    }
    ZohoOrganisation.objects.update(fields={"Calls": fields})
    answer = save_page(admin_client, acme, fields_calls="Code = too long")
    assert "“Code” takes at most 5 characters." in list_errors(answer)["fields_calls"][0]
    answer = save_page(admin_client, acme, fields_calls="Made = x")
    assert "“Made on” (Made) cannot be written." in list_errors(answer)["fields_calls"][0]
    assert save_page(admin_client, acme, fields_calls="Code = short").status_code == 302


@pytest.mark.parametrize(
    ("version", "paths"),
    [
        ("v20", ["Integrations › CRM", "System › Phonebook › Options", "Users › General"]),
        ("v18", ["Settings › CRM", "Advanced › Contacts › Options", "Extensions › General"]),
    ],
)
def test_the_menu_paths_are_those_of_the_pbxs_version(version, paths):
    connection = build_connection(pbx_version=version)
    told = " ".join(step.reason for step in build_checklist(connection).steps)
    assert [path for path in paths if path not in told] == []


def test_a_template_made_before_the_switches_changed_is_told(client):
    acme = build_connection()
    template = fromstring(template_for(Connection.objects.get()))
    headers = {
        value.get("Key"): value.text for value in template.findall(".//Headers/Value")
    } | {"X-Api-Key": make_key(acme)}  # fmt: skip
    forget_connections()
    client.get("/pbx/acme/hello", headers=headers)
    assert find_template_step().state == DONE
    acme.journal.send_transcript = False
    acme.journal.save()
    step = find_template_step()
    assert (step.state, step.reason.startswith("What may leave the PBX was changed")) == (
        TODO, True
    )  # fmt: skip


def find_template_step() -> Step:
    connection = Connection.objects.get()
    title = "3CX runs the portal's template"
    return next(s for s in build_checklist(connection).steps if s.title.startswith(title))


def test_of_many_permissions_that_lack_three_are_named(acme):
    ZohoGrant.objects.update(scopes=["ZohoCRM.users.READ"])
    [step] = [step for step in build_checklist(acme).steps if "lacks" in step.reason]
    assert len(step.reason.split(", ")) == 4
    assert step.reason.endswith(", …")
