"""Many claimed entries at once, each with its own values: what bulk_update would build as one
statement of thousands of conditions, which takes longer than Zoho's answer."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection as database
from django.db import transaction

from journaling.models import Entry


def write_held(token: uuid.UUID, entries: Sequence[Entry], *, columns: Sequence[str]) -> None:
    """Write these columns of the entries that the token still holds; psycopg sends all rows in one
    round trip."""
    fields: list[Any] = [Entry._meta.get_field(name) for name in columns]
    claim = Entry._meta.get_field("claim").get_db_prep_value(token, database)
    rows = [
        [
            *(field.get_db_prep_save(getattr(entry, field.attname), database) for field in fields),
            entry.pk,
            claim,
        ]
        for entry in entries
    ]
    changes = ", ".join(f"{database.ops.quote_name(field.column)} = %s" for field in fields)
    with transaction.atomic(), database.cursor() as cursor:
        cursor.executemany(
            f"UPDATE journaling_entry SET {changes} WHERE id = %s AND claim = %s",  # noqa: S608
            rows,
        )
