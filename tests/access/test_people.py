"""How people come in, and when they are out."""

import re
from datetime import timedelta

import pytest
import time_machine
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as DjangosOwnLog
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connector.models import Assignment
from tests.support.builders import build_user

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
PASSWORD = "correct horse battery"


def invite(admin_client: Client, settings, *, wish: str = "link") -> User:
    """Add ann as a viewer and ask for her link."""
    settings.EMAIL_IS_SET_UP = True
    roles = {"assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 0,
             "assignments-0-role": "viewer"}  # fmt: skip
    fields = {"username": "ann", "email": "ann@acme.example"} | roles
    answer = admin_client.post(reverse("admin:auth_user_add"), fields)
    user = User.objects.get(username="ann")
    assert answer.url == reverse("admin:auth_user_access", args=[user.pk])
    assert not user.has_usable_password()
    assert user.assignments.get().role == "viewer"
    user.page = admin_client.post(answer.url, {"wish": wish}).content.decode()
    return user


def find_link(text: str) -> str:
    return re.search(r"/admin/invited/[\w-]+/[\w-]+/", text)[0]


def open_link(link: str, *, password: str = PASSWORD) -> str:
    client = Client()
    page = client.get(link, follow=True)
    fields = {"new_password1": password, "new_password2": password}
    if page.redirect_chain:
        assert link.split("/")[-2] not in page.redirect_chain[-1][0]  # no token in the address
        page = client.post(page.redirect_chain[-1][0], fields, follow=True)
    return page.content.decode()


def test_a_person_sets_their_own_password_by_a_link_that_works_once(admin_client, settings):
    user = invite(admin_client, settings)
    link = find_link(user.page)
    assert "too common" in open_link(link, password="password")
    assert "Log in with it now" in open_link(link)
    fields = {"username": "ann", "password": PASSWORD}
    assert Client().post(reverse("admin:login"), fields).status_code == 302
    assert "does not work any more" in open_link(link, password="another one 77")
    told = LogEntry.objects.filter(
        additional_data__words__say="Set the password by the link."
    ).get()
    assert told.actor == user


def test_the_link_goes_by_mail_where_mail_is_set_up(admin_client, settings):
    user = invite(admin_client, settings, wish="mail")
    assert "/invited/" not in user.page
    [letter] = mail.outbox
    assert letter.to == ["ann@acme.example"]
    assert "Log in with it now" in open_link(find_link(letter.body))


def test_a_link_ends_after_three_days_and_with_the_person(admin_client, settings):
    link = find_link(invite(admin_client, settings).page)
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert "does not work any more" in open_link(link)
    User.objects.filter(username="ann").update(is_active=False)
    assert "does not work any more" in open_link(link)


@pytest.mark.parametrize("change", ["password", "inactive", "deleted"])
def test_a_session_ends_with_the_next_request(change):
    user = build_user("administrator")
    client = Client()
    client.force_login(user)
    assert client.get(INDEX).status_code == 200
    if change == "password":
        user.set_password("another one 77")
        user.save()
    elif change == "inactive":
        User.objects.update(is_active=False)
    else:
        user.delete()
    assert client.get(INDEX).url.startswith(reverse("admin:login"))


def test_a_role_that_is_changed_holds_from_the_next_request(admin_client):
    user = build_user("administrator")
    client = Client()
    client.force_login(user)
    users = reverse("admin:auth_user_changelist")
    assert client.get(users).status_code == 200
    Assignment.objects.update(role="viewer")
    assert client.get(users).status_code == 403


def test_the_history_of_a_person_is_what_they_did_and_what_was_done_to_them(admin_client, settings):
    user = invite(admin_client, settings)
    answer = admin_client.get(reverse("admin:auth_user_history", args=[user.pk]), follow=True)
    page = answer.content.decode()
    assert "A link to set a password was shown." in page
    assert not DjangosOwnLog.objects.exists()
    nobody = admin_client.get(reverse("admin:auditlog_logentry_changelist"), {"person": "999"})
    assert "was shown" not in nobody.content.decode()
