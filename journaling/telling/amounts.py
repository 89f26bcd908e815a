"""Numbers of a trace with their nouns: “1 minute”, “2 minutes”, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import ngettext


def write_amounts(row: Mapping[str, Any]) -> dict[str, str]:
    """{"age", "records"} for a row of a trace that tells age_minutes or among."""
    amounts = {}
    if isinstance(minutes := row.get("age_minutes"), int):
        words = ngettext("%(number)s minute", "%(number)s minutes", minutes)
        amounts["age"] = words % {"number": minutes}
    if isinstance(among := row.get("among"), int):
        words = ngettext("%(number)s record", "%(number)s records", among)
        amounts["records"] = words % {"number": among}
    return amounts
