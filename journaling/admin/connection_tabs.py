"""What stands on which tab of the connection's page; labels and order are 3CX's."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

Fieldset = tuple[Any, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Tab:
    """`key` is the tab's address (#calls). `top` is a template above the fields."""

    key: str
    title: Any
    fieldsets: tuple[Fieldset, ...] = ()
    inlines: tuple[str, ...] = ()
    top: str = ""


def group(title: Any, *fields: Any, description: Any = "") -> Fieldset:
    return (title, {"fields": fields, "description": description})


TABS = (
    Tab(
        key="zoho",
        title="Zoho",
        top="admin/connector/connection/zoho.html",
        fieldsets=(
            group(
                "Server Side",
                "data_centre",
                "accounts_url",
                "crm_url",
                "api_url",
                "client_id",
                "client_secret",
            ),
            group(
                _("This connection"),
                "name",
                "active",
                "takes_over",
                "reference_field",
                "reference_line",
                "call_page_link",
                "unknown_seconds",
                "canary_enabled",
            ),
        ),
    ),
    Tab(
        key="calls",
        title=_("Call journaling"),
        top="admin/connector/connection/call_variables.html",
        fieldsets=(
            group(
                _("Texts"),
                "calls_enabled",
                "call_subject",
                "answered_inbound",
                "missed",
                "answered_outbound",
                "unanswered_outbound",
                "language",
            ),
            group(
                _("Which calls"),
                "unknown_numbers",
                "create_for",
                "legs",
                "settle_seconds",
                "journal_from",
            ),
            group(_("Exclusions"), "exclusions"),
            group(
                _("What may leave the PBX"),
                "send_transcript",
                "send_summary",
                "send_sentiment",
                "send_recording_link",
            ),
            group(
                _("In Zoho"),
                "contact_parent",
                "automations_calls",
                "fresh_minutes",
                "layout_calls",
                "fields_calls",
            ),
        ),
    ),
    Tab(
        key="follow-up",
        title=_("Follow-up"),
        fieldsets=(
            group(
                _("Missed calls that nobody has called back"),
                "follow_up_enabled",
                "follow_up_hours",
                "work_days",
                "work_from",
                "work_until",
                "holidays",
                description=_(
                    "The task stands on the caller's record in Zoho and belongs to the owner of "
                    "the missed call. Times are those of the connection's time zone."
                ),
            ),
        ),
    ),
    Tab(
        key="chats",
        title=_("Chat journaling"),
        top="admin/connector/connection/chat_variables.html",
        fieldsets=(
            group(
                _("Chats"),
                "chats_enabled",
                "chats_store_as",
                "chat_subject",
                "send_chat_text",
                "automations_chats",
                "layout_tasks",
                "fields_tasks",
            ),
        ),
    ),
    Tab(
        key="matching",
        title=_("Caller matching"),
        top="admin/connector/connection/directory.html",
        fieldsets=(
            group(
                _("How numbers are compared"),
                "matching_strategy",
                "matching_digits",
                "module_order",
                description=_(
                    "Both sides are brought to the international form first, so +44 20 7946 0011, "
                    "020 7946 0011 and 0044 20 7946 0011 are the same number."
                ),
            ),
            group(_("Who is found"), "keep_out"),
            group(
                _("How numbers are read"),
                "country",
                "area_code",
                "outside_prefixes",
                "internal_digits",
                "withheld",
            ),
        ),
    ),
    Tab(
        key="contacts",
        title=_("Contact creation"),
        fieldsets=(
            group(
                _("Contacts"),
                "contact_creation",
                "create_as",
                "placeholder",
                "automations_created_records",
                "layout_contact",
                "layout_lead",
                "fields_contact",
                "fields_lead",
            ),
        ),
    ),
    Tab(
        key="extensions",
        title=_("Extensions and queues"),
        top="admin/connector/connection/extensions.html",
        inlines=("agents", "queues"),
        fieldsets=(
            group(
                _("Owners of the records in Zoho"),
                "owner_missed",
                "owner_without_zoho_user",
                "fallback_owner",
                description=_(
                    "An extension whose e-mail in 3CX is the e-mail of a Zoho user needs no line "
                    "below: that user becomes the owner."
                ),
            ),
        ),
    ),
    Tab(
        key="dial",
        title=_("Click to call"),
        top="admin/connector/connection/dial.html",
        fieldsets=(
            group(_("How people dial"), "way", "number_format", "web_client_port"),
            group(
                _("The PBX's API (3CX Enterprise)"),
                "xapi_client_id",
                "xapi_client_secret",
                "compare_call_log",
            ),
        ),
    ),
    Tab(
        key="pbx",
        title=_("3CX template and key"),
        top="admin/connector/connection/pbx.html",
        fieldsets=(
            group(_("The PBX"), "pbx_url", "pbx_version", "time_zone", "slug", "pbx_addresses"),
        ),
    ),
    Tab(
        key="keeping",
        title=_("How long it is kept"),
        fieldsets=(
            group(
                _("Kept in the portal for so many days"),
                "keep_reports_days",
                "keep_texts_days",
                "keep_attempts_days",
                "keep_entries_days",
                "keep_knocks_days",
                description=_(
                    "What is older is deleted by itself, but never before it is in Zoho or "
                    "somebody left it out. What stands in Zoho stays there."
                ),
            ),
        ),
    ),
)

FIELDSETS = [fieldset for tab in TABS for fieldset in tab.fieldsets]
