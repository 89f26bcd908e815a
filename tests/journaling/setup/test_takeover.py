"""The way of a customer who leaves 3CX's own Zoho integration."""

import re

import pytest
from django.urls import reverse

from connector.models import Connection
from connector.threecx.template import VERSION
from journaling.models import JournalSettings
from journaling.setup.checklist import build_checklist
from journaling.setup.steps import Step
from tests.journaling.admin_pages import find_page, save_page
from tests.support.builders import build_connection

pytestmark = pytest.mark.django_db


def find_step(connection: Connection, words: str) -> Step:
    steps = build_checklist(Connection.objects.get(pk=connection.pk)).steps
    return next(step for step in steps if words in step.title)


def list_titles(connection: Connection) -> list[str]:
    return [step.title for step in build_checklist(connection).steps]


def test_the_door_of_the_empty_dashboard_leads_to_the_moving_path(admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()
    [door] = re.findall(r'href="([^"]*takes_over=on)"', page)
    form = admin_client.get(door).context["adminform"].form
    assert form["takes_over"].value() == "on"
    typed = {
        "name": "Acme", "slug": "acme", "data_centre": "eu", "country": "GB",
        "time_zone": "Europe/London", "language": "en", "takes_over": "on",
    }  # fmt: skip
    answer = admin_client.post(door, typed, follow=True)
    page = answer.content.decode()
    assert Connection.objects.get().takes_over
    assert "The Zoho client that 3CX uses today" in page
    assert 'data-copy="' in page
    assert "/api/oauth2crm" in page
    assert "The way back:" in page


def test_the_path_begins_at_the_client_and_deletes_copies_before_the_template():
    titles = list_titles(build_connection(takes_over=True))
    assert titles[0] == "The Zoho client that 3CX uses today, for the portal as well"
    copies = titles.index("3CX does not copy CRM contacts into its phonebook")
    template = titles.index("3CX runs the portal's template instead of its own Zoho integration")
    assert copies < template < titles.index("3CX restarted, so that the new template is used")


def test_other_customers_get_the_usual_set_up(admin_client):
    connection = build_connection()
    assert not any("restarted" in title for title in list_titles(connection))
    assert "The way back:" not in admin_client.get(find_page(connection)).content.decode()


def test_texts_taken_over_are_named(admin_client):
    connection = build_connection(takes_over=True)
    assert find_step(connection, "field by field").state == "unseen"
    save_page(admin_client, connection, missed="[DateTime]: nobody answered [Number]")
    step = find_step(connection, "field by field")
    assert (step.state, step.reason) == ("done", "Changed: Missed Call.")


def test_a_button_sets_the_moment_from_which_calls_are_written(admin_client):
    connection = build_connection(takes_over=True)
    step = find_step(connection, "From when on")
    assert (step.state, step.posts) == ("todo", True)
    admin_client.post(step.url)
    assert JournalSettings.objects.get().journal_from
    assert find_step(connection, "From when on").state == "done"


def test_a_field_in_zoho_is_offered_once_the_move_is_over(zoho):
    connection = zoho.connect(takes_over=True)
    assert "Reference field" not in list_titles(connection)
    Connection.objects.update(template_version=VERSION)
    assert find_step(connection, "Reference field").action == "Create it in Zoho"


def test_trying_and_restarting_are_over_once_the_pbx_runs_the_template(zoho):
    connection = zoho.connect(takes_over=True)
    assert find_step(connection, "Look before").url.endswith("/try/")
    assert find_step(connection, "restarted").state == "unseen"
    Connection.objects.update(template_version=VERSION)
    connection.refresh_from_db()
    assert "Look before you leap" not in list_titles(connection)
    assert find_step(connection, "restarted").state == "done"
    assert find_step(connection, "Test call").posts
