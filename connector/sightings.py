"""When a PBX was last heard, and which template it runs: noted off the ringing path, rarely."""

import threading
import time

from django.db import Error as DatabaseTrouble
from django.utils import timezone

from connector.database_limit import is_away
from connector.models import Connection

NOTED_EVERY_SECONDS = 30

_looked_up_at: dict[int, float] = {}
_templates: dict[int, str] = {}
_noting = threading.Lock()


def note_lookup(connection: Connection) -> None:
    """Keep the moment of the last lookup, at most twice a minute. Never raises."""
    now = time.monotonic()
    with _noting:
        if now - _looked_up_at.get(connection.pk, -NOTED_EVERY_SECONDS) < NOTED_EVERY_SECONDS:
            return
        _looked_up_at[connection.pk] = now
    write(connection, last_lookup_at=timezone.now())


def note_template(connection: Connection, version: str) -> None:
    """Keep the version of the template that the PBX runs, when it changed. Never raises."""
    if is_away() or _templates.get(connection.pk) == version:
        return
    if not (version.isascii() and version.isdigit() and len(version) < 6):
        return
    _templates[connection.pk] = version
    if int(version) != connection.template_version:
        write(connection, template_version=int(version))


def write(connection: Connection, **columns: object) -> None:
    try:
        Connection.objects.filter(pk=connection.pk).update(**columns)
    except DatabaseTrouble:
        return
