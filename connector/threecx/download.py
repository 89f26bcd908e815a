"""The template of a connection, as the download button, the command and the sandbox give it."""

from typing import Protocol

from django.conf import settings

from connector.models import Connection
from connector.threecx.rules import check_template
from connector.threecx.template import TemplateFacts, build_template


class JournalSwitches(Protocol):
    """What the template must know of journaling, which is another app's and stays so."""

    send_transcript: bool
    send_summary: bool
    send_sentiment: bool
    send_recording_link: bool
    send_chat_text: bool


class FaultyTemplate(Exception):
    """The generated template breaks a rule of 3CX; nobody should upload it."""


def template_for(connection: Connection) -> str:
    """The XML to upload to the connection's PBX; raises FaultyTemplate."""
    xml = build_template(collect_facts(connection))
    faults = check_template(xml)
    if faults:
        raise FaultyTemplate(" ".join(faults))
    return xml


def collect_facts(connection: Connection) -> TemplateFacts:
    """The settings that the template depends on; without journaling settings, the defaults.

    Both journaling switches of the PBX begin as on: the portal's own switches decide, and a
    switch that only the PBX knows would keep calls out silently.
    """
    # V18 transcribes nothing and knows no variables for it.
    transcribes = connection.pbx_version == Connection.PbxVersion.V20
    journal: JournalSwitches | None = getattr(connection, "journal", None)
    if journal is None:
        return TemplateFacts(
            portal_url=settings.PUBLIC_URL,
            slug=connection.slug,
            connection_name=connection.name,
            transcript=transcribes,
            summary=transcribes,
        )
    return TemplateFacts(
        portal_url=settings.PUBLIC_URL,
        slug=connection.slug,
        connection_name=connection.name,
        transcript=transcribes and journal.send_transcript,
        summary=transcribes and journal.send_summary,
        sentiment=transcribes and journal.send_sentiment,
        recording_link=journal.send_recording_link,
        chat_text=journal.send_chat_text,
    )
