"""Words of the connection's page where the page needs others than the model."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Any] = {
    "fresh_minutes": _("Fresh means ended within, minutes"),
    "contact_parent": _("Show calls also on"),
    "legs": _("Queues and transfers"),
    "settle_seconds": _("Wait for further parts, seconds"),
    "unknown_numbers": _("When Zoho does not know the number"),
    "owner_without_zoho_user": _("Owner when the extension has no Zoho user"),
    "client_id": "Client ID",
    "pbx_url": _("Address of the PBX"),
}
OWNERS: dict[str, Any] = {"agent": _("The user of the extension that rang")}
CHOICES: dict[str, dict[str, Any]] = {
    "unknown_numbers": {
        "journal": _("Write the call without a person"),
        "leave_out": _("Leave the call out of Zoho"),
        "create": _("Create the caller in Zoho"),
    },
    "owner_missed": OWNERS,
    "owner_without_zoho_user": OWNERS,
}
HELP: dict[str, Any] = {
    "data_centre": _("Where the customer signs in to Zoho; Zoho's addresses follow from it."),
    "client_id": _("From Zoho's API console, it begins with 1000."),
    "call_subject": _("The title of the call in Zoho."),
    "legs": _(
        "A call to a queue rings at several extensions; a transfer has two. 3CX reports each of "
        "them: choose how many records they become in Zoho."
    ),
    "unknown_numbers": _("What happens with calls from numbers that no record in Zoho holds."),
    "send_transcript": _("Switched off, it is not in the template and never leaves the PBX."),
    "send_recording_link": _("Only the address; the recording stays on the PBX."),
    "contact_parent": _("A call stands on the person; choose what else it is linked to."),
    "automations_calls": _(
        "Whether writing a call runs the organisation's workflows. After an outage old calls "
        "arrive late; “for fresh records only” keeps them from alarming anybody."
    ),
    "automations_chats": _("As for calls."),
    "automations_created_records": _("Whether a new contact or lead runs workflows."),
    "chats_store_as": _("How a chat is kept in Zoho."),
    "send_chat_text": _("The messages themselves, in the description."),
    "matching_strategy": _(
        "Exactly is safe. By the last digits finds numbers that were typed without a prefix, and "
        "may find another country's number as well."
    ),
    "contact_creation": _("People at the 3CX client may add an unknown caller to Zoho."),
    "owner_missed": _("Nobody answered, so there is no extension to choose by."),
    "owner_without_zoho_user": _("Who owns the calls of people that do not use Zoho."),
    "time_zone": _("Times in texts and on these pages are shown in it."),
    "pbx_addresses": _(
        "From which addresses the PBX may report and ask, one per line: 203.0.113.7 or "
        "203.0.113.0/28. Empty: from any. From elsewhere even the right key is refused, and what "
        "was reported is lost: list every line that the PBX may go out by."
    ),
    "pbx_url": _("What click to call opens; with an API key the portal asks the PBX here."),
}


def reword(name: str, field: Any) -> forms.Field:
    """Label, help and choices for one field of the page."""
    if name in LABELS:
        field.label = LABELS[name]
    if name in HELP:
        field.help_text = HELP[name]
    if name in CHOICES:
        words = CHOICES[name]
        field.choices = [(value, words.get(value, label)) for value, label in field.choices]
    worded: forms.Field = field
    return worded
