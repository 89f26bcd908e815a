from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from connector.extensions import list_due, read_extensions
from connector.models import Agent, Queue, RowSource
from connector.sandbox.pbx.happenings import Extension, SandboxQueue
from tests.journaling.admin_pages import find_page, save_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(with_xapi, pbx):
    pbx.extensions.append(Extension(number="102", email="ben@acme.example"))
    pbx.queues.append(SandboxQueue(number="800", name="Sales", ring_seconds=25))
    return with_xapi


def list_agents() -> list[tuple[str, str, str]]:
    return list(Agent.objects.values_list("extension", "email", "source"))


def test_extensions_and_queues_are_read_and_follow_the_pbx(acme, pbx):
    assert read_extensions(acme).trouble == ""
    assert list_agents() == [
        ("101", "ann@acme.example", "pbx"),
        ("102", "ben@acme.example", "pbx"),
    ]
    assert list(Queue.objects.values_list("extension", "name", "ring_seconds")) == [
        ("800", "Sales", 25)
    ]
    pbx.extensions[:] = [Extension(number="101", email="anne@acme.example")]
    pbx.queues.clear()
    read_extensions(acme)
    assert list_agents() == [("101", "anne@acme.example", "pbx")]
    assert not Queue.objects.exists()


def test_what_people_set_is_neither_changed_nor_doubled(acme):
    acme.agents.create(extension="101", zoho_user="boss@acme.example")
    acme.agents.create(email="Ben@acme.example", has_no_zoho_user=True)
    acme.queues.create(extension="800", name="Shop")
    read_extensions(acme)
    assert list_agents() == [("", "Ben@acme.example", "manual"), ("101", "", "manual")]
    assert Queue.objects.get().name == "Shop"


def test_a_line_that_somebody_changes_is_theirs_from_then_on(acme, pbx, admin_client):
    read_extensions(acme)
    page = admin_client.get(find_page(acme)).text
    assert "read from the PBX" in page
    assert "(&#x27;pbx" not in page
    answer = save_page(admin_client, acme, **{"agents-0-zoho_user": "boss@acme.example"})
    assert answer.status_code == 302
    pbx.extensions.clear()
    pbx.extensions.append(Extension(number="103"))
    read_extensions(acme)
    assert list_agents() == [("101", "ann@acme.example", "manual"), ("103", "", "pbx")]


def test_an_empty_answer_deletes_nothing(acme, pbx):
    read_extensions(acme)
    pbx.extensions.clear()
    read_extensions(acme)
    assert len(list_agents()) == 2


def test_the_button_reads_and_tells_trouble(acme, pbx, admin_client):
    url = f"/admin/connector/connection/{acme.pk}/read-extensions/"
    assert "were read from the PBX" in admin_client.post(url, follow=True).text
    pbx.licensed = False
    assert "Enterprise" in admin_client.post(url, follow=True).text
    assert admin_client.get(url).status_code == 405


def test_the_command_reads_and_counts(acme, pbx):
    out = StringIO()
    call_command("pbx", "extensions", "acme", stdout=out)
    assert "2 extensions, 1 queues; read from the PBX: 2 and 1" in out.getvalue()
    pbx.licensed = False
    with pytest.raises(CommandError, match="Enterprise"):
        call_command("pbx", "extensions", "acme")


def test_they_are_read_every_six_hours_and_after_trouble_every_hour(acme, pbx):
    now = timezone.now()
    assert list(list_due(now=now)) == [acme]
    read_extensions(acme)
    assert list(list_due(now=now + timedelta(hours=5))) == []
    assert list(list_due(now=now + timedelta(hours=7))) == [acme]
    pbx.licensed = False
    read_extensions(acme)
    assert list(list_due(now=now + timedelta(minutes=50))) == []
    assert list(list_due(now=now + timedelta(minutes=70))) == [acme]


def test_the_file_leaves_what_was_read_alone_and_takes_what_it_names(acme, tmp_path):
    read_extensions(acme)
    out = StringIO()
    call_command("connections", "export", "acme", stdout=out)
    assert "agents: []" in out.getvalue()
    path = tmp_path / "acme.yaml"
    path.write_text("connections: {acme: {agents: [{extension: '101', zoho_user: none}]}}")
    call_command("connections", "apply", str(path), stdout=StringIO())
    assert list_agents() == [("101", "", "manual"), ("102", "ben@acme.example", "pbx")]
    assert Queue.objects.filter(source=RowSource.PBX).exists()
