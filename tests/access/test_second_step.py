"""The code after the password: nothing opens without it, and it opens once."""

import re

import pyotp
import pytest
import time_machine
from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from connector.access import second_step
from connector.models import SecondStep
from tests.access.rules import RULES
from tests.support.builders import build_user

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
CODE = reverse("login-code")
OWN = reverse("own-code")
PASSWORD = "correct horse battery"


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-22T09:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def ann(clock) -> User:
    return User.objects.create_superuser("ann", password=PASSWORD)


def log_in() -> Client:
    client = Client()
    fields = {"username": "ann", "password": PASSWORD, "next": "/admin/queues/"}
    client.post(reverse("admin:login"), fields)
    return client


def tell_code(user: User) -> str:
    return pyotp.TOTP(SecondStep.objects.get(user=user).secret.reveal()).now()


@pytest.fixture
def codes(ann, clock) -> list[str]:
    """Ann has set it up; these are her recovery codes."""
    client = log_in()
    page = client.post(OWN, {"wish": "begin"}).content.decode()
    assert "<svg" in page
    assert SecondStep.objects.get().secret.reveal() in page
    assert client.get(INDEX).status_code == 200  # not confirmed: nothing is asked for yet
    assert "not right" in client.post(OWN, {"wish": "confirm", "code": "000"}).content.decode()
    page = client.post(OWN, {"wish": "confirm", "code": tell_code(ann)}).content.decode()
    assert client.get(INDEX).status_code == 200  # this browser has shown it
    clock.shift(60)
    return re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", page)


def test_between_password_and_code_every_address_leads_to_the_code(ann, codes):
    client = log_in()
    for name, rules in RULES.items():
        args = [1] if rules[0].row else []
        if name not in ("admin:jsi18n", "login-code"):
            for send in (client.get, client.post):
                answer = send(reverse(name, args=args))
                assert answer.status_code == 302, name
                assert answer.url.startswith(CODE), name
    assert client.get("/dial?number=1").url.startswith(CODE)
    assert client.get("/agent/extension.zip").url.startswith(CODE)


def test_the_code_opens_once_and_leads_where_the_person_wanted_to_go(ann, codes):
    client, other, code = log_in(), log_in(), tell_code(ann)
    fields = {"code": f"{code[:3]} {code[3:]}", "next": "/admin/queues/"}
    before = client.session.session_key
    assert client.post(CODE, fields).url == "/admin/queues/"
    assert client.session.session_key != before
    assert client.get(INDEX).status_code == 200
    assert other.post(CODE, {"code": code}).status_code == 403
    assert other.get(INDEX).status_code == 302


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_a_foreign_address_is_not_followed(ann, codes, wanted):
    fields = {"code": tell_code(ann), "next": wanted}
    assert log_in().post(CODE, fields).url == INDEX


def test_each_recovery_code_opens_once(ann, codes):
    assert len(set(codes)) == second_step.RECOVERY_CODES
    assert log_in().post(CODE, {"code": codes[0].upper()}).status_code == 302
    assert log_in().post(CODE, {"code": codes[0]}).status_code == 403
    assert len(SecondStep.objects.get().recovery) == second_step.RECOVERY_CODES - 1


def test_five_wrong_codes_close_it_for_a_quarter_of_an_hour(ann, codes, clock):
    client = log_in()
    for _time in range(5):
        answer = client.post(CODE, {"code": "000000"})
    assert "15 minutes" in answer.content.decode()
    assert client.post(CODE, {"code": tell_code(ann)}).status_code == 403
    assert client.post(CODE, {"code": codes[0]}).status_code == 403
    told = LogEntry.objects.latest("pk").additional_data["words"]["say"]
    assert told == "Five wrong log-in codes after the right password."
    clock.shift(15 * 60 + 1)
    assert client.post(CODE, {"code": tell_code(ann)}).status_code == 302


def test_switching_it_off_asks_for_a_code(ann, codes):
    client = log_in()
    client.post(CODE, {"code": codes[0]})
    client.post(OWN, {"wish": "off", "code": "123456"})
    client.post(OWN, {"wish": "begin"})  # nor can a new secret be put in its place
    assert SecondStep.objects.get().confirmed_at
    fresh = client.post(OWN, {"wish": "codes", "code": codes[1]}).content.decode()
    assert codes[2] not in fresh
    client.post(OWN, {"wish": "off", "code": tell_code(ann)})
    assert not SecondStep.objects.exists()
    assert log_in().get(INDEX).status_code == 200


def test_an_administrator_or_the_terminal_takes_a_lost_code_away(ann, codes, admin_client, capsys):
    url = reverse("admin:auth_user_access", args=[ann.pk])
    assert "asked for" in admin_client.get(url).content.decode()
    assert SecondStep.objects.exists()
    admin_client.post(url, {"wish": "reset"})
    assert not SecondStep.objects.exists()
    told = LogEntry.objects.latest("pk")
    assert (told.actor.username, told.object_repr) == ("admin", "ann")
    second_step.begin(ann)
    call_command("portal", "reset-code", "ann")
    assert log_in().get(INDEX).status_code == 200


def test_where_it_is_demanded_administrators_set_it_up_before_anything_else(ann, settings):
    settings.DEMAND_LOGIN_CODE = True
    client = log_in()
    assert client.get(INDEX).url.startswith(OWN)
    assert client.get(OWN).status_code == 200
    client.post(OWN, {"wish": "begin"})
    client.post(OWN, {"wish": "confirm", "code": tell_code(ann)})
    assert client.get(INDEX).status_code == 200
    viewer = Client()
    viewer.force_login(build_user("viewer", "vic"))
    assert viewer.get(INDEX).status_code == 200
