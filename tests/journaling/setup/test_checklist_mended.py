"""Every step of the set-up checklist broken on purpose, and mended by what its line offers."""

from collections.abc import Callable
from typing import Any

import pytest

from connector.auth import forget_connections, make_key
from connector.knocks import write_knocks
from connector.models import Agent, Connection, ProposedGrant, ZohoGrant, ZohoOrganisation
from connector.threecx.template import VERSION
from connector.zoho.scopes import SCOPES
from journaling.ingest import store_report
from journaling.models import Event, JournalSettings
from journaling.setup.checklist import build_checklist
from journaling.setup.steps import DONE, TODO, WRONG, Step
from tests.connector.zoho.world import accept
from tests.journaling.admin_pages import save_page
from tests.support.builders import build_call_body, build_connection

pytestmark = pytest.mark.django_db

Act = Callable[[Any, Any, Connection], object]


def report(acme: Connection, **values: Any) -> None:
    store_report(connection=acme, kind="call", body=build_call_body(**values))


def report_anew(acme: Connection, **values: Any) -> None:
    Event.objects.all().delete()
    report(acme, **values)


def press(client: Any, acme: Connection, button: str, **typed: str) -> None:
    answer = client.post(f"/admin/connector/connection/{acme.pk}/{button}/", typed)
    assert answer.status_code in (200, 302)


def authorize(client: Any, _zoho: Any, acme: Connection) -> None:
    """The step's button, Zoho's page, and back."""
    leads_to = client.get(f"/connections/{acme.pk}/authorize").headers["Location"]
    client.get("/api/oauth2crm", accept(leads_to))


def propose_other(_client: Any, _zoho: Any, acme: Connection) -> None:
    known = ZohoGrant.objects.get(connection=acme)
    other = ZohoOrganisation.objects.create(zgid="20061000002", name="Beta GmbH")
    names = {field.name for field in ProposedGrant._meta.fields} - {"id", "organisation"}
    facts = {name: getattr(known, name) for name in names}
    ProposedGrant.objects.create(**facts, organisation=other)


def knock(client: Any, _zoho: Any, acme: Connection) -> None:
    client.get("/pbx/acme/hello", headers={"X-Api-Key": "a-wrong-key-of-the-pbx-a91f"})
    write_knocks()


def say_hello(client: Any, acme: Connection, *, version: int = VERSION) -> None:
    """The PBX with its template and a key that a person has just made and entered there."""
    forget_connections()
    headers = {"X-Api-Key": make_key(acme), "X-Template-Version": str(version)}
    assert client.get("/pbx/acme/hello", headers=headers).status_code == 200


def demand_field(client: Any, zoho: Any, acme: Connection) -> None:
    zoho.control(required_fields={"Calls": ["Call_Purpose"]})
    press(client, acme, "test")


# The step, what breaks it, what mends it; from top to bottom, as a person goes through the list.
STEPS: list[tuple[str, Act, Act]] = [
    (
        "Client registered",
        lambda client, zoho, acme: Connection.objects.update(client_id=""),
        lambda client, zoho, acme: save_page(client, acme, client_id="1000.SANDBOX"),
    ),
    (
        "Authorised by",
        lambda client, zoho, acme: ZohoGrant.objects.update(state="refused", refused_words="gone"),
        authorize,
    ),
    (
        "All permissions",
        lambda client, zoho, acme: ZohoGrant.objects.update(scopes=["ZohoCRM.modules.ALL"]),
        authorize,
    ),
    (
        "Mandatory fields",
        demand_field,
        lambda client, zoho, acme: press(
            client, acme, "fill-field",
            column="fields_calls", name="Call_Purpose", text="Prospecting",
        ),
    ),
    (
        "Extensions have their users",
        lambda client, zoho, acme: Agent.objects.create(
            connection=acme, extension="109", email="nobody@acme.example"
        ),
        lambda client, zoho, acme: save_page(
            client, acme, **{"agents-0-has_no_zoho_user": "on"}
        ),
    ),
    (
        "Key of the PBX",
        lambda client, zoho, acme: acme.pbx_keys.all().delete(),
        lambda client, zoho, acme: press(client, acme, "new-key"),
    ),
    ("Key of the PBX", knock, lambda client, zoho, acme: say_hello(client, acme)),
    (
        "3CX runs",
        lambda client, zoho, acme: say_hello(client, acme, version=VERSION - 1),
        lambda client, zoho, acme: say_hello(client, acme),
    ),
    (
        "3CX asks",
        lambda client, zoho, acme: report_anew(acme),
        lambda client, zoho, acme: look_up(client, acme),
    ),
    (
        "Phonebook option",
        lambda client, zoho, acme: report_anew(acme, number="960012"),
        lambda client, zoho, acme: report_anew(acme),
    ),
    (
        "Extensions have e-mails",
        lambda client, zoho, acme: report_anew(acme, agent="108", agent_email=""),
        lambda client, zoho, acme: Agent.objects.create(
            connection=acme, extension="108", zoho_user="ann@acme.example"
        ),
    ),
    (
        "The right account",
        propose_other,
        lambda client, zoho, acme: press(client, acme, "move"),
    ),
]  # fmt: skip


def look_up(client: Any, acme: Connection) -> None:
    forget_connections()
    headers = {"X-Api-Key": make_key(acme)}
    body = {"number": "+441632960011"}
    answer = client.post("/pbx/acme/lookup", body, "application/json", headers=headers)
    assert answer.status_code == 200


def find_step(title: str) -> Step:
    steps = build_checklist(Connection.objects.get()).steps
    return next(step for step in steps if step.title.startswith(title))


def list_bare(connection: Connection) -> list[str]:
    """The steps that are not settled and offer nothing."""
    steps = build_checklist(connection).steps
    return [
        step.title
        for step in steps
        if step.state != DONE and not (step.inputs or (step.url and step.action))
    ]


def test_every_open_step_of_a_new_connection_offers_a_link_or_a_button():
    connection = build_connection()
    assert list_bare(connection) == []
    connection.pbx_url = "https://pbx.example:5001"
    assert list_bare(connection) == []
    outside = [step.url for step in build_checklist(connection).steps if step.is_outside]
    assert set(outside) == {"https://pbx.example:5001"}
    assert len(outside) >= 6


def test_every_broken_step_says_so_and_is_mended_by_what_it_offers(admin_client, zoho, settings):
    settings.PUBLIC_URL = zoho.url
    acme = zoho.connect(journal={"settle_seconds": 0})
    ZohoGrant.objects.update(scopes=list(SCOPES))
    [organisation] = zoho.sandbox.store
    ZohoOrganisation.objects.update(zgid=organisation.zgid)
    told, bare = [], list_bare(acme)
    for title, break_it, mend_it in STEPS:
        break_it(admin_client, zoho, acme)
        broken = find_step(title)
        bare += list_bare(Connection.objects.get())
        mend_it(admin_client, zoho, Connection.objects.get())
        mended = find_step(title)
        if broken.state not in (TODO, WRONG) or not broken.reason or mended.state != DONE:
            told.append((title, broken.state, broken.reason, mended.state, mended.reason))
    assert (told, bare) == ([], [])
    assert JournalSettings.objects.get().fields_calls == {"Call_Purpose": "Prospecting"}
