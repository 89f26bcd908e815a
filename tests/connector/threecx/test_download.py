"""The template of a connection as it is stored."""

from typing import Any

import pytest

from connector.models import Connection
from connector.threecx.download import template_for
from connector.threecx.rules import check_template
from journaling.models import JournalSettings

pytestmark = pytest.mark.django_db


def make_connection(**values: Any) -> Connection:
    return Connection.objects.create(slug="acme", name="Acme Ltd", **values)


def test_the_address_is_the_portals_public_one(settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    xml = template_for(make_connection())
    assert 'Default="https://portal.example/pbx/acme"' in xml
    assert check_template(xml) == []


@pytest.mark.parametrize(
    ("switch", "word"),
    [
        ("send_transcript", "[Transcription]"),
        ("send_summary", "[Summary]"),
        ("send_sentiment", "[Sentiment]"),
        ("send_recording_link", "[RecordingUrl]"),
        ("send_chat_text", "[ChatMessages]"),
    ],
)
def test_what_may_leave_the_pbx_follows_the_journals_switches(switch: str, word: str) -> None:
    connection = make_connection()
    journal = JournalSettings.objects.create(connection=connection)
    for wanted in (True, False):
        setattr(journal, switch, wanted)
        journal.save()
        assert (word in template_for(Connection.objects.get())) is wanted


def test_a_v18_pbx_is_not_asked_for_what_it_does_not_know() -> None:
    connection = make_connection(pbx_version="v18")
    JournalSettings.objects.create(connection=connection, send_sentiment=True)
    xml = template_for(connection)
    assert "Transcription" not in xml
    assert "[Sentiment]" not in xml
    assert "[RecordingUrl]" in xml


def test_the_pbxs_own_switches_begin_as_on_because_the_portal_decides() -> None:
    connection = make_connection()
    JournalSettings.objects.create(connection=connection, calls_enabled=False)
    xml = template_for(connection)
    assert 'Title="Enable Call Journaling" Validation="" Default="True"' in xml
    assert 'Title="Enable Chat Journaling" Validation="" Default="True"' in xml
