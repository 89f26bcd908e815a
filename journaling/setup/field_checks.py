"""Further fields against what Zoho said about them: before the first call, not after it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from connector.labels import name_module
from connector.models import Connection
from connector.state import find_grant
from journaling.drafts import IDENTIFYING
from journaling.fields.further import find_option
from journaling.fields.layouts import find_layout, is_demanded, list_layouts
from journaling.models import JournalSettings
from journaling.models.layouts import LAYOUT_COLUMNS
from journaling.texts.fitting import measure
from journaling.texts.rendering import VARIABLE

KNOWN_OF_PEOPLE = {"First_Name", "Last_Name", "Company", "Account_Name", "Phone", "Email", "Owner"}
"""What the number or the form for new contacts gives."""
MODULES = {
    "fields_calls": "Calls",
    "fields_tasks": "Tasks",
    "fields_lead": "Leads",
    "fields_contact": "Contacts",
}


def list_faults(column: str, fields: Mapping[str, str], *, connection: Connection) -> list[str]:
    """Sentences about the fields of one column of JournalSettings; none before authorising."""
    known = read_known(connection).get(MODULES[column], {})
    if not known:
        return []
    return [fault for name, text in fields.items() if (fault := judge(name, text, known=known))]


def judge(name: str, text: str, *, known: Mapping[str, Any]) -> str:
    """What is wrong with one field, or ""."""
    facts = known.get(name)
    if facts is None:
        words = _(
            "%s does not exist in this organisation, or the connected user may not see it. If it "
            "is new, press “Test connection”: fields are read anew."
        )
        return words % name
    label = facts.get("label") or name
    if facts.get("read_only"):
        return _("“%(label)s” (%(name)s) cannot be written.") % {"label": label, "name": name}
    if VARIABLE.search(text):
        return ""
    if facts.get("type") == "picklist" and not find_option(text, facts.get("values") or []):
        return _("“%(label)s” has no value “%(text)s”. Choose one of: %(values)s.") % {
            "label": label,
            "text": text,
            "values": ", ".join(facts.get("values") or []),
        }
    length = facts.get("length")
    if isinstance(length, int) and 0 < length < measure(text):
        return _("“%(label)s” takes at most %(length)s characters.") % {
            "label": label,
            "length": length,
        }
    return ""


def judge_layout(module: str, *, settings: JournalSettings, connection: Connection) -> str:
    """What is wrong with the chosen layout of a module, or ""; nothing before authorising."""
    grant = find_grant(connection)
    known = list_layouts(grant.organisation, module=module) if grant else []
    if not grant or not known:
        return ""
    if find_layout(settings, module=module, organisation=grant.organisation) is not None:
        return ""
    words = _("This organisation has no layout “%(name)s” for %(module)s. There are: %(names)s.")
    return words % {
        "name": getattr(settings, LAYOUT_COLUMNS[module]),
        "module": name_module(grant.organisation, module),
        "names": ", ".join(layout["name"] for layout in known),
    }


def list_unfilled(settings: JournalSettings, *, connection: Connection) -> list[dict[str, Any]]:
    """Mandatory fields that nothing fills: {"column", "module", "name", "label", "values"}."""
    grant = find_grant(connection)
    if grant is None:
        return []
    organisation, known = grant.organisation, grant.organisation.fields
    used = {
        "fields_calls": settings.calls_enabled,
        choose_person_column(connection): connection.contact_creation
        or settings.unknown_numbers == settings.UnknownNumbers.CREATE,
        "fields_tasks": settings.follow_up_enabled
        or (settings.chats_enabled and settings.chats_store_as == settings.StoreAs.TASK),
    }
    return [
        {
            "column": column,
            "module": MODULES[column],
            "name": name,
            "label": facts.get("label") or name,
            "values": facts.get("values") or [],
        }
        for column, is_used in used.items()
        if is_used
        for layout in [find_layout(settings, module=MODULES[column], organisation=organisation)]
        for name, facts in known.get(MODULES[column], {}).items()
        if is_demanded(facts, layout=layout)
        and not facts.get("read_only")
        and name not in IDENTIFYING | KNOWN_OF_PEOPLE
        and not getattr(settings, column).get(name)
    ]


def choose_person_column(connection: Connection) -> str:
    is_lead = connection.create_as == Connection.CreateAs.LEAD
    return "fields_lead" if is_lead else "fields_contact"


def read_known(connection: Connection) -> Mapping[str, Any]:
    grant = find_grant(connection)
    return grant.organisation.fields if grant else {}
