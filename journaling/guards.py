"""What makes sending an entry twice safe: a unique field of Zoho that holds its reference."""

from collections.abc import Collection, Mapping
from typing import Any

from journaling.models import Entry

DOUBT = "unknown_outcome"
NOT_FOUND = "not_found"
"""Zoho was asked and does not have it."""
UNANSWERED = "unanswered"
"""Zoho took no question about it, and took none once more."""

Record = dict[str, Any]


def find_guards(entry: Entry) -> set[str]:
    """API names of the fields by which Zoho refuses the entry's record, as it is, a second time.

    The reference stands alone only in such a field (journaling/drafts.py).
    """
    return {name for name, value in (entry.record or {}).items() if value == entry.reference}


def list_doubted(batch: Collection[Entry]) -> dict[int, Record]:
    """The records of those that may be in Zoho already, by entry."""
    return {entry.pk: entry.record or {} for entry in batch if entry.reason == DOUBT}


def take_back_unguarded(
    written: Collection[Entry], *, doubted: Mapping[int, Record]
) -> list[Entry]:
    """Those whose record, composed anew, has lost the field that guarded the one before: they get
    that one back, without the field, so that Zoho can be asked for it."""
    unguarded = []
    for entry in written:
        if entry.pk in doubted and not find_guards(entry) & doubted[entry.pk].keys():
            sent = doubted[entry.pk].items()
            entry.record = {name: value for name, value in sent if value != entry.reference}
            unguarded.append(entry)
    return unguarded
