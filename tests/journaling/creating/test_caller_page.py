"""Unknown callers as placeholder contacts: what the PBX is told, and the page behind the link."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from connector.auth import forget_connections, make_key
from connector.models import Connection
from connector.people import live, mirror
from connector.threecx.payloads import read_call
from journaling.models import CreatedPerson
from journaling.setup.checklist import build_checklist
from tests.support.builders import build_call_body
from tests.support.mirror import sync
from tests.support.zoho import ControlledZoho, run_zoho

NUMBER = "+441632961234"
FORM = {"first": "Nina", "last": "Newman", "company": "", "email": ""}


@pytest.fixture
def zoho(transactional_db, settings) -> Iterator[ControlledZoho]:
    with run_zoho(people=10) as sandbox:
        settings.ZOHO_TRUSTED_URLS = [sandbox.url]
        yield sandbox


@pytest.fixture
def acme(zoho: ControlledZoho) -> Connection:
    """With a complete mirror."""
    forget_connections()
    mirror.forget_standing()
    live.forget_answers()
    connection = zoho.connect(placeholder=True)
    sync()
    return connection


def look_up(connection: Connection, number: str = NUMBER) -> list[dict[str, str]]:
    answer = Client().post(
        f"/pbx/{connection.slug}/lookup",
        json.dumps({"number": number}),
        content_type="application/json",
        headers={"X-Api-Key": make_key(connection)},
    )
    return answer.json()["matches"]


def find_link(connection: Connection) -> str:
    [match] = look_up(connection)
    return urlsplit(match["url"]).path


def list_newmans(zoho: ControlledZoho) -> list[dict]:
    return [row for row in zoho.list_records("Contacts") if row["Last_Name"] == "Newman"]


def test_an_unknown_caller_is_a_contact_named_like_the_number(acme: Connection) -> None:
    [match] = look_up(acme, "01632 961234")
    assert (match["last"], match["echo"]) == ("+44 1632 961234", "01632 961234")
    assert (match["id"], match["module"], match["company"]) == ("unknown", "", "Unknown in Zoho")
    assert NUMBER[1:] not in match["url"]


@pytest.mark.parametrize("number", ["101", "anonymous", "", "12345"])
def test_withheld_internal_and_unreadable_numbers_get_no_placeholder(
    acme: Connection, number: str
) -> None:
    assert look_up(acme, number) == []


def test_switched_off_and_while_the_mirror_is_incomplete_there_is_none(acme: Connection) -> None:
    acme.grant.organisation.mirrors.update(filled_at=None)
    mirror.forget_standing()
    assert look_up(acme) == []
    Connection.objects.update(placeholder=False)
    forget_connections()
    assert look_up(acme) == []


def test_opening_the_link_creates_nobody_and_shows_who_is_similar(
    zoho: ControlledZoho, acme: Connection
) -> None:
    tom = zoho.find_person("Leads", "Hale")
    ending = "".join(filter(str.isdigit, tom["Phone"] or tom["Mobile"]))[-6:]
    [match] = look_up(acme, f"+441619{ending}")
    page = Client().get(urlsplit(match["url"]).path)
    assert page.status_code == 200
    assert "Hale" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert not CreatedPerson.objects.exists()


def test_the_form_creates_once_and_shows_the_record_from_then_on(
    zoho: ControlledZoho, acme: Connection
) -> None:
    link, client = find_link(acme), Client()
    first = client.post(link, FORM).content.decode()
    [nina] = list_newmans(zoho)
    assert nina["Phone"] == NUMBER
    assert nina["id"] in first
    second = client.post(link, {**FORM, "last": "Other"}).content.decode()
    assert "Nina Newman" in second
    assert "Nina Newman" in client.get(link).content.decode()
    assert [row["Last_Name"] for row in zoho.list_records("Contacts")].count("Other") == 0
    assert len(list_newmans(zoho)) == 1


def test_a_refusal_is_said_and_what_was_typed_stays(zoho: ControlledZoho, acme: Connection) -> None:
    link = find_link(acme)
    assert Client().post(link, {**FORM, "last": ""}).status_code == 422
    zoho.sandbox.stop()
    answer = Client().post(link, FORM)
    assert answer.status_code == 503
    assert 'value="Newman"' in answer.content.decode()


def test_the_form_wants_the_pages_own_token(acme: Connection) -> None:
    assert Client(enforce_csrf_checks=True).post(find_link(acme), FORM).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_link_of_ours_nothing_is_said(acme: Connection, method: str) -> None:
    link = find_link(acme)
    for wrong in (link[:-5] + "AAAA=", "/callers/nonsense", "/callers/é"):
        page = getattr(Client(), method)(wrong)
        assert page.status_code == 404
        assert "961234" not in page.content.decode()
    Connection.objects.update(placeholder=False)
    assert getattr(Client(), method)(link).status_code == 404


def test_after_a_day_the_link_says_what_to_do(zoho: ControlledZoho, acme: Connection) -> None:
    link = find_link(acme)
    with time_machine.travel(timezone.now() + timezone.timedelta(hours=24, seconds=1)):
        page = Client().post(link, FORM)
    assert page.status_code == 410
    assert "expired" in page.content.decode()
    assert list_newmans(zoho) == []


def test_a_placeholders_name_is_no_name() -> None:
    body = build_call_body(number=NUMBER, name="+44 1632 961234", entity_id="unknown")
    assert read_call(body, received_at=timezone.now()).name == ""


def test_the_checklist_forbids_copies_beside_placeholders(acme: Connection) -> None:
    reasons = " ".join(step.reason for step in build_checklist(acme).steps)
    assert "never be used together with copies" in reasons
