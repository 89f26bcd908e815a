"""A select for each module's layout, with the layouts that the organisation has."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from connector.labels import find_organisation, name_module
from connector.models import Connection
from connector.state import find_grant
from journaling.fields.layouts import list_layouts
from journaling.models.layouts import LAYOUT_COLUMNS


class LayoutField(forms.ChoiceField):
    widget = UnfoldAdminSelectWidget

    def __init__(self, **kwargs: Any) -> None:
        help_text = gettext_lazy("With which layout of the organisation the records are made.")
        super().__init__(required=False, help_text=help_text, **kwargs)


def offer_layouts(form: Any, *, connection: Connection) -> None:
    """By name; what is set already stays to be chosen, also when Zoho has no such any more."""
    grant = find_grant(connection)
    for module, column in LAYOUT_COLUMNS.items():
        if not (field := form.fields.get(column)):
            continue
        layouts = list_layouts(grant.organisation, module=module) if grant else []
        names = [str(layout["name"]) for layout in layouts]
        if (now := str(form.initial.get(column) or "")) and now not in names:
            names.append(now)
        field.choices = [("", _("as Zoho chooses")), *((name, name) for name in names)]
        field.label = _("Layout of %s") % name_module(find_organisation(connection), module)
