"""When a PBX was last heard, and which template it runs: noted off the ringing path, rarely."""

import threading
import time

from django.db import Error as DatabaseTrouble
from django.utils import timezone

from connector.database_limit import is_away, limit_database
from connector.models import Connection

NOTED_EVERY_SECONDS = 30

_looked_up_at: dict[int, float] = {}
_templates: dict[int, tuple[str, str]] = {}
_noting = threading.Lock()


def note_lookup(connection: Connection) -> None:
    """Keep the moment of the last lookup, at most twice a minute. Never raises."""
    now = time.monotonic()
    with _noting:
        if now - _looked_up_at.get(connection.pk, -NOTED_EVERY_SECONDS) < NOTED_EVERY_SECONDS:
            return
        _looked_up_at[connection.pk] = now
    write(connection, last_lookup_at=timezone.now())


def note_template(connection: Connection, version: str, content: str) -> None:
    """Keep version and content of the template that the PBX runs, when they changed. Never
    raises."""
    if is_away() or _templates.get(connection.pk) == (version, content):
        return
    if not (version.isascii() and version.isdigit() and len(version) < 6):
        return
    _templates[connection.pk] = (version, content)
    known = (connection.template_version, connection.template_content)
    if (int(version), content) != known:
        write(connection, template_version=int(version), template_content=content)


def write(connection: Connection, **columns: object) -> None:
    try:
        with limit_database():
            Connection.objects.filter(pk=connection.pk).update(**columns)
    except DatabaseTrouble:
        return
