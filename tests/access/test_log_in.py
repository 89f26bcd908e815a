"""Wrong passwords are counted; too many close the log-in for a while."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
LOG_IN = reverse("admin:login")
RIGHT = "correct horse battery"


@pytest.fixture(autouse=True)
def ann() -> User:
    return User.objects.create_user("ann", password=RIGHT, is_staff=True)


def log_in(password: str, *, username: str = "ann", address: str = "203.0.113.7"):
    fields = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address).post(LOG_IN, fields)


def test_ten_wrong_passwords_close_the_log_in_and_say_for_how_long():
    answers = [log_in("wrong") for _ in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429]
    answer = log_in(RIGHT)
    assert answer.status_code == 429
    assert "For 15 minutes" in answer.content.decode()


def test_another_address_is_not_closed_with_it():
    for _ in range(10):
        log_in("wrong")
    assert log_in(RIGHT, address="203.0.113.8").status_code == 302


def test_one_address_that_tries_many_names_is_closed():
    answers = [log_in("wrong", username=f"user{number}") for number in range(10)]
    assert answers[-1].status_code == 429


def test_a_right_password_forgets_the_wrong_ones():
    for _ in range(9):
        log_in("wrong")
    assert log_in(RIGHT).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_the_address_is_what_the_trusted_proxy_saw(settings):
    """Whatever the client says of itself stands before it."""
    settings.TRUSTED_PROXIES = 1
    for number in range(10):
        told = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}
        answer = Client().post(LOG_IN, {"username": "ann", "password": "wrong"}, headers=told)
    assert answer.status_code == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"203.0.113.9"}
