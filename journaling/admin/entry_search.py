"""Calls by a part of a name or of a number: each database finds those by its own trigrams."""

from django.db import connection as database
from django.db.models import Q
from django.db.models.expressions import RawSQL

LOOKUPS = {"person": "icontains", "number_key": "contains"}
"""As PostgreSQL's indexes are made (migration 0022)."""
FOUND = "SELECT rowid FROM journaling_entrytext WHERE journaling_entrytext MATCH %s"
"""SQLite's, made by migration 0027."""
TRIGRAM = 3


def holds_part(column: str, part: str) -> Q:
    """What is shorter than a trigram is looked for in every row; it is soon found in some."""
    if database.vendor == "postgresql" or len(part) < TRIGRAM:
        return Q(**{f"{column}__{LOOKUPS[column]}": part})
    quoted = part.replace('"', '""')
    return Q(pk__in=RawSQL(FOUND, [f'{column} : "{quoted}"']))  # noqa: S611
