"""What stands at the top and at the end of a page of the admin, and what stands for nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connector.models import Connection, ZohoUser
from connector.state import Level, describe_state
from journaling.telling.figures import with_figures
from tests.support.builders import build_connection, build_grant, build_user

pytestmark = pytest.mark.django_db


def read_heading(page: str) -> str:
    """The text of the page's only h1 in the header, without icons."""
    heading = re.search(r"<h1.*?</h1>", page, re.DOTALL)
    assert heading
    text = re.sub(r"<span class=\"[^\"]*material-symbols.*?</span>", " › ", heading[0])
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_page_to_add_something_says_so(admin_client: Client):
    page = admin_client.get(reverse("admin:connector_connection_add")).text
    assert read_heading(page) == "Connections : add"


def test_names_keep_their_letters_in_the_heading(admin_client: Client):
    ann = build_user("viewer", "ann")
    for name in ("change", "access"):
        page = admin_client.get(reverse(f"admin:auth_user_{name}", args=[ann.pk])).text
        assert read_heading(page) == "Users › ann"


def test_save_comes_before_delete(admin_client: Client):
    user = build_user("viewer", "ann")
    page = admin_client.get(reverse("admin:auth_user_change", args=[user.pk])).text
    places = [
        page.index(mark) for mark in ('name="_save"', 'name="_continue"', f"{user.pk}/delete/")
    ]
    assert places == sorted(places)


def test_nothing_is_the_same_dash_in_every_list(admin_client: Client):
    organisation = build_grant(build_connection()).organisation
    ZohoUser.objects.create(organisation=organisation, zoho_id="1", name="Ann", email="")
    page = admin_client.get(reverse("admin:connector_zohouser_changelist")).text
    assert re.search(r'class="field-email[^>]*>\s*–\s*<', page)


def test_a_connection_whose_pbx_was_never_heard_is_not_called_working():
    build_grant(build_connection())
    [unheard] = with_figures(Connection.objects.all())
    assert describe_state(unheard).level == Level.INFO
    Connection.objects.update(last_lookup_at=timezone.now())
    [heard] = with_figures(Connection.objects.all())
    assert describe_state(heard).level == Level.SUCCESS
