"""Compare a file with the database, and make the database as the file says: all or nothing."""

from collections.abc import Collection
from pathlib import Path

from django.db import transaction

from connector.holds import retry_with_new_settings
from connector.models import Agent, Connection, Queue, RowSource
from journaling.connection_file.drafts import Draft, build_draft
from journaling.connection_file.problems import FileRefused
from journaling.connection_file.reading import read_file
from journaling.ending.removal import remove_connection


def compare_file(path: Path) -> list[Draft]:
    """Return one draft per connection of the file; raises FileRefused. Writes nothing."""
    wanted = read_file(path)
    slugs = [one.slug for one in wanted]
    with transaction.atomic():
        locked = Connection.objects.select_for_update().filter(slug__in=slugs)
        stored = {connection.slug: connection for connection in locked}
        drafts = [build_draft(one, stored.get(one.slug)) for one in wanted]
    problems = [problem for draft in drafts for problem in draft.problems]
    if problems:
        raise FileRefused(path, problems)
    return drafts


def apply_file(path: Path, *, delete: Collection[str] = ()) -> list[Draft]:
    """Save what the file says, delete the connections named by slug; returns the drafts.

    Atomic: a refused file and a failing row leave everything as it was. Afterwards the
    authorizations of what was deleted are taken back at Zoho, as far as it answers.
    """
    with transaction.atomic():
        drafts = compare_file(path)
        for draft in drafts:
            save_draft(draft)
        removed = [
            remove_connection(connection)
            for connection in Connection.objects.filter(slug__in=delete)
        ]
    for one in removed:
        one.revoke()
    return drafts


def save_draft(draft: Draft) -> None:
    if draft.changes or draft.is_new or draft.journal.pk is None:
        draft.connection.save()
        retry_with_new_settings(draft.connection)
        draft.journal.connection = draft.connection
        draft.journal.save()
        draft.dial.connection = draft.connection
        draft.dial.save()
        save_rows(draft)


def save_rows(draft: Draft) -> None:
    """Rows without a twin in the file go first, then come the new and the changed ones.

    A row that was read from the PBX goes where the file names its extension itself.
    """
    for model in (Agent, Queue):
        rows = [one.row for one in draft.rows if isinstance(one.row, model)]
        stored = model.objects.filter(connection=draft.connection)
        kept = [row.pk for row in rows if row.pk]
        stored.filter(source=RowSource.MANUAL).exclude(pk__in=kept).delete()
        named = [row.extension for row in rows if row.extension]
        stored.filter(source=RowSource.PBX, extension__in=named).delete()
    for one in draft.rows:
        if one.is_changed:
            one.row.connection = draft.connection
            one.row.save()


def find_superfluous(drafts: Collection[Draft]) -> list[Connection]:
    """Connections of the database that the file does not name."""
    return list(Connection.objects.exclude(slug__in=[draft.slug for draft in drafts]))
