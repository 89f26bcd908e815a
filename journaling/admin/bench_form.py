"""What is asked on the page “Try without writing”."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from connector.threecx.reports import CallType
from journaling.admin.entry_page import CALL_KINDS
from journaling.models import Event

KINDS = [
    *((kind.value, CALL_KINDS[kind.value]) for kind in CallType),
    (Event.Kind.CHAT.value, _("Chat")),
]
RECORD_LINK = re.compile(r"(?:(Contacts|Leads|Accounts)[/&?\w=]*?)?(\d{6,30})\s*$")


class BenchForm(forms.Form):
    """Its names begin with try-: unsaved settings of the connection's page ride along."""

    prefix = "try"

    number = forms.CharField(
        label=_("Number"), required=False, max_length=100, widget=UnfoldAdminTextInputWidget
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=UnfoldAdminSelectWidget)
    extension = forms.CharField(
        label=_("Extension"), required=False, max_length=50, widget=UnfoldAdminTextInputWidget
    )
    queue = forms.CharField(
        label=_("Queue"), required=False, max_length=50, widget=UnfoldAdminTextInputWidget
    )
    expected = forms.CharField(
        label=_("Should have found"),
        required=False,
        help_text=_("The address of a contact, lead or account in Zoho: why was it not taken?"),
        widget=UnfoldAdminTextInputWidget,
    )
    report = forms.CharField(
        label=_("Or paste a report as the PBX posted it"),
        required=False,
        max_length=1_000_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def clean_expected(self) -> tuple[str, str]:
        """("Contacts", id), or ("", "") when nothing was asked."""
        text: Any = self.cleaned_data["expected"].strip()
        if not text:
            return "", ""
        found = RECORD_LINK.search(text)
        if not found or not found[1]:
            raise forms.ValidationError(
                _("Copy the address of the record's page, like …/tab/Contacts/5187…")
            )
        return found[1], found[2]
