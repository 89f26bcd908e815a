"""The page on which receivers are set, and its test button."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from journaling.models import AlarmReceiver

pytestmark = pytest.mark.django_db
ADD = "/admin/journaling/alarmreceiver/add/"


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


def build_form(**values: str) -> dict[str, str]:
    return {"name": "Olga", "active": "on", "language": "en", "time_zone": "UTC"} | values


def test_a_webhook_is_stored_sealed_and_never_shown(boss):
    boss.post(ADD, build_form(webhook_url="https://8.8.8.8/hook"))
    receiver = AlarmReceiver.objects.get()
    assert receiver.webhook_url.reveal() == "https://8.8.8.8/hook"
    page = boss.get(f"/admin/journaling/alarmreceiver/{receiver.pk}/change/").content.decode()
    assert "8.8.8.8" not in page
    assert "A webhook is stored." in page
    boss.post(f"/admin/journaling/alarmreceiver/{receiver.pk}/change/", build_form(name="Ola"))
    receiver.refresh_from_db()
    assert (receiver.name, receiver.webhook_url.reveal()) == ("Ola", "https://8.8.8.8/hook")


def test_an_inner_address_is_refused_on_the_form(boss):
    answer = boss.post(ADD, build_form(webhook_url="https://127.0.0.1/hook"))
    assert "private network" in answer.content.decode()


@pytest.mark.parametrize("url", ["https://8.8.8.8:99999/hook", "https://[8.8.8.8/hook"])
def test_what_is_no_address_is_refused_on_the_form(boss, url):
    assert boss.post(ADD, build_form(webhook_url=url)).status_code == 200
    assert not AlarmReceiver.objects.exists()


def test_somebody_who_cannot_be_reached_is_refused(boss):
    form = boss.post(ADD, build_form()).context["adminform"].form
    assert form.errors == {"email": ["Enter an e-mail address or a webhook."]}


def test_the_test_button_sends_a_test(boss, settings):
    settings.EMAIL_IS_SET_UP = True
    boss.post(ADD, build_form(email="olga@ops.example"))
    receiver = AlarmReceiver.objects.get()
    address = f"/admin/journaling/alarmreceiver/{receiver.pk}"
    page = boss.get(f"{address}/change/").content.decode()
    assert f'method="post" action="{address}/send-test/"' in page
    assert boss.get(f"{address}/send-test/").status_code == 405
    assert mail.outbox == []
    boss.post(f"{address}/send-test/")
    assert [message.to for message in mail.outbox] == [["olga@ops.example"]]
    assert "This is a test" in mail.outbox[0].body


def test_another_site_cannot_press_the_test_button(boss):
    boss.post(ADD, build_form(email="olga@ops.example"))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get())
    address = f"/admin/journaling/alarmreceiver/{AlarmReceiver.objects.get().pk}/send-test/"
    assert strict.post(address).status_code == 403
    assert mail.outbox == []


def test_without_a_mail_server_the_button_says_so(boss):
    boss.post(ADD, build_form(email="olga@ops.example"))
    receiver = AlarmReceiver.objects.get()
    answer = boss.post(f"/admin/journaling/alarmreceiver/{receiver.pk}/send-test/", follow=True)
    assert "EMAIL_URL" in answer.content.decode()
    assert mail.outbox == []
