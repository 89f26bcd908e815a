"""The organisation's own names beside the fields of the form that want API names."""

import json
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from connector.labels import find_module_label, find_organisation, name_module
from connector.models import Connection, ZohoOrganisation
from journaling.drafts import IDENTIFYING
from journaling.setup.field_checks import MODULES


def show_labels(form: Any, *, connection: Connection) -> None:
    organisation = find_organisation(connection)
    if organisation is None:
        return
    for column, module in MODULES.items():
        if field := form.fields.get(column):
            field.help_text = add_names(field.help_text, organisation, module=module)
    if order := form.fields.get("module_order"):
        labels = {name: find_module_label(organisation, name) for name in connection.module_order}
        order.widget.attrs["data-labels"] = json.dumps(labels, ensure_ascii=False)


def add_names(help_text: Any, organisation: ZohoOrganisation, *, module: str) -> Any:
    """The fields that may be written, folded away."""
    names = sorted(
        (str(facts.get("label") or name), name)
        for name, facts in organisation.fields.get(module, {}).items()
        if not facts.get("read_only") and name not in IDENTIFYING
    )
    if not names:
        return help_text
    rows = format_html_join(", ", "{} = <code>{}</code>", names)
    title = _("Fields of %s") % name_module(organisation, module)
    return format_html(
        '{}<details class="pb-names"><summary>{}</summary>{}</details>', help_text, title, rows
    )
