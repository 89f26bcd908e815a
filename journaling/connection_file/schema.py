"""The keys of the file, in the file's order, and the columns in which they are kept."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from connector.models import Agent, Connection, DialSettings, Queue
from journaling.models import JournalSettings


@dataclass(frozen=True)
class Key:
    """One setting: `path` as in the file (`calls.subject`), and where it is stored."""

    path: str
    model: type[models.Model]
    column: str

    @property
    def section(self) -> str:
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @cached_property
    def field(self) -> "models.Field[Any, Any]":
        field = self.model._meta.get_field(self.column)
        assert isinstance(field, models.Field)
        return field


def name_keys(section: str, model: type[models.Model], **columns: str) -> list[Key]:
    return [Key(f"{section}.{name}", model, column) for name, column in columns.items()]


KEYS: list[Key] = [
    Key("name", Connection, "name"),
    Key("active", Connection, "active"),
    Key("takes_over", Connection, "takes_over"),
    Key("language", Connection, "language"),
    *name_keys(
        "pbx",
        Connection,
        url="pbx_url",
        version="pbx_version",
        time_zone="time_zone",
        addresses="pbx_addresses",
    ),
    *name_keys(
        "numbers",
        Connection,
        country="country",
        area_code="area_code",
        outside_prefixes="outside_prefixes",
        internal_digits="internal_digits",
        withheld="withheld",
    ),
    Key("exclusions", Connection, "exclusions"),
    *name_keys(
        "zoho",
        Connection,
        data_centre="data_centre",
        accounts_url="accounts_url",
        crm_url="crm_url",
        api_url="api_url",
        client_id="client_id",
        client_secret="client_secret",  # noqa: S106
        reference_field="reference_field",
        credit_share="credit_share",
    ),
    *name_keys(
        "zoho",
        JournalSettings,
        reference_line="reference_line",
        unknown_seconds="unknown_seconds",
    ),
    *name_keys(
        "calls",
        JournalSettings,
        enabled="calls_enabled",
        subject="call_subject",
        answered_inbound="answered_inbound",
        missed="missed",
        answered_outbound="answered_outbound",
        unanswered_outbound="unanswered_outbound",
        unknown_numbers="unknown_numbers",
        create_for="create_for",
        legs="legs",
        settle_seconds="settle_seconds",
        journal_from="journal_from",
    ),
    *name_keys(
        "chats",
        JournalSettings,
        enabled="chats_enabled",
        store_as="chats_store_as",
        subject="chat_subject",
    ),
    *name_keys(
        "may_leave_pbx",
        JournalSettings,
        transcript="send_transcript",
        summary="send_summary",
        sentiment="send_sentiment",
        recording_link="send_recording_link",
        chat_text="send_chat_text",
    ),
    *name_keys(
        "automations",
        JournalSettings,
        calls="automations_calls",
        chats="automations_chats",
        fresh_minutes="fresh_minutes",
        created_records="automations_created_records",
    ),
    *name_keys(
        "matching",
        Connection,
        strategy="matching_strategy",
        digits="matching_digits",
        modules="module_order",
        keep_out="keep_out",
    ),
    *name_keys(
        "contacts",
        Connection,
        creation="contact_creation",
        create_as="create_as",
        placeholder="placeholder",
    ),
    *name_keys(
        "fields",
        JournalSettings,
        calls="fields_calls",
        tasks="fields_tasks",
        lead="fields_lead",
        contact="fields_contact",
    ),
    *name_keys(
        "layout",
        JournalSettings,
        calls="layout_calls",
        tasks="layout_tasks",
        lead="layout_lead",
        contact="layout_contact",
    ),
    *name_keys(
        "links",
        JournalSettings,
        contact_parent="contact_parent",
        call_page="call_page_link",
    ),
    *name_keys(
        "owners",
        JournalSettings,
        missed="owner_missed",
        without_zoho_user="owner_without_zoho_user",
    ),
    *name_keys("canary", JournalSettings, enabled="canary_enabled"),
    *name_keys(
        "retention",
        JournalSettings,
        reports="keep_reports_days",
        texts="keep_texts_days",
        attempts="keep_attempts_days",
        entries="keep_entries_days",
        knocks="keep_knocks_days",
    ),
    *name_keys(
        "follow_up",
        JournalSettings,
        enabled="follow_up_enabled",
        due_hours="follow_up_hours",
        work_days="work_days",
        work_from="work_from",
        work_until="work_until",
        holidays="holidays",
    ),
    *name_keys(
        "dial",
        DialSettings,
        way="way",
        number_format="number_format",
        web_client_port="web_client_port",
        api_client_id="xapi_client_id",
        api_client_secret="xapi_client_secret",  # noqa: S106
        compare_call_log="compare_call_log",
    ),
    Key("fallback_owner", Connection, "fallback_owner"),
]
KEYS_BY_PATH = {key.path: key for key in KEYS}
SECTIONS = {key.section for key in KEYS if key.section}
SECRET_PATHS = ("zoho.client_secret", "dial.api_client_secret")

ROW_KEYS: dict[str, list[Key]] = {
    "agents": [Key(name, Agent, name) for name in ("extension", "email", "zoho_user")],
    "queues": [Key(name, Queue, name) for name in ("extension", "name", "owner", "ring_seconds")],
}


def list_names(section: str) -> list[str]:
    """The keys that may stand in a section; "" is the connection itself."""
    if section:
        return [key.name for key in KEYS if key.section == section]
    order = [key.path.partition(".")[0] for key in KEYS]
    return [*dict.fromkeys([*order, *ROW_KEYS])]
