"""Whether nobody but the portal has changed a record since it was written."""

from collections.abc import Mapping
from typing import Any

from journaling.models import Entry

MOMENTS = ("Modified_Time", "Created_Time")
"""The fields of a record by which it is told."""

AUTHOR = "Modified_By"


def is_untouched(entry: Entry, current: Mapping[str, Any]) -> bool:
    """By Zoho's own moments, both as Zoho said them."""
    ours = entry.zoho_modified_at or current.get("Created_Time")
    return bool(current.get("Modified_Time") == ours)


def choose_moment(entry: Entry, before: Mapping[str, Any], *, written_at: str) -> str:
    """The moment to remember after a write of ours: the old one where somebody had changed the
    record before, so that their change is never taken for ours."""
    return written_at if written_at and is_untouched(entry, before) else entry.zoho_modified_at


def is_lost_write(entry: Entry, current: Mapping[str, Any], *, text: str, user: str) -> bool:
    """Whether we wrote `text` before, and Zoho's answer to that never came."""
    sent, standing = ((facts or {}).get("Description") for facts in (entry.record, current))
    by = current.get(AUTHOR)
    is_by_us = isinstance(by, Mapping) and str(by.get("id")) == user
    return is_by_us and str(standing or "").strip() == text.strip() != str(sent or "").strip()


def keep_as_ours(entry: Entry, current: Mapping[str, Any]) -> None:
    """The record as it stands is what we wrote last."""
    entry.record = {**(entry.record or {}), "Description": current["Description"]}
    entry.zoho_modified_at = str(current.get("Modified_Time") or "")[:40]
