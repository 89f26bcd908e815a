"""The layout that a record of a module is made with, as the settings name it."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector.models import ZohoOrganisation
from journaling.drafts import LAYOUT
from journaling.models import Entry, JournalSettings
from journaling.models.layouts import LAYOUT_COLUMNS
from journaling.trace import note

UNKNOWN = "layout_unknown"


def list_layouts(organisation: ZohoOrganisation, *, module: str) -> Sequence[Mapping[str, Any]]:
    known: Sequence[Mapping[str, Any]] = organisation.layouts.get(module, [])
    return known


def find_layout(
    settings: JournalSettings, *, module: str, organisation: ZohoOrganisation
) -> str | None:
    """The wanted layout's id, "" when none is wanted, None when the organisation has no such."""
    wanted = read_wanted(settings, module=module)
    if not wanted:
        return ""
    return next(
        (
            str(layout["id"])
            for layout in list_layouts(organisation, module=module)
            if wanted in (layout["id"], str(layout["name"]).casefold())
        ),
        None,
    )


def choose_layout(
    entry: Entry, *, settings: JournalSettings, organisation: ZohoOrganisation
) -> str:
    """The id, or ""; a wanted one that is gone is told once, and Zoho takes its own."""
    found = find_layout(settings, module=entry.module, organisation=organisation)
    if found is None and not any(row.get("code") == UNKNOWN for row in entry.trace):
        note(entry, UNKNOWN, name=getattr(settings, LAYOUT_COLUMNS[entry.module]))
    return found or ""


def link_layout(
    settings: JournalSettings, *, module: str, organisation: ZohoOrganisation
) -> dict[str, Any]:
    """What a record of a new person holds for it; nothing when none is wanted."""
    found = find_layout(settings, module=module, organisation=organisation)
    return {LAYOUT: {"id": found}} if found else {}


def read_wanted(settings: JournalSettings, *, module: str) -> str:
    column = LAYOUT_COLUMNS.get(module, "")
    return str(getattr(settings, column)).strip().casefold() if column else ""


def is_demanded(facts: Mapping[str, Any], *, layout: str | None) -> bool:
    """Whether a field is mandatory for records of this layout; of any, when none is chosen."""
    demanding = facts.get("required_by")
    return bool(facts.get("mandatory")) and (not layout or not demanding or layout in demanding)
