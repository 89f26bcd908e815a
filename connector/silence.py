"""May this portal speak to Zoho by itself? A restored one and a copy may not, until a person says
yes: what they are about to send may be there already, sent by the portal that they come from.

A copy is recognised by the fingerprint of its database: PostgreSQL's own identifier of the cluster
and the database, SQLite's file. So every machine of one portal agrees, and none has to keep a file.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from config.version import VERSION
from connector.models import Installation
from connector.wording import Wording
from connector.wording import Wording as _

Code = Installation.Silence
ROW = 1
_homes: dict[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Why nothing is sent. `data_until` is set for a restored portal."""

    code: str
    data_until: datetime | None

    @property
    def words(self) -> Wording:
        if self.code == Code.RESTORED:
            return _(
                "This portal was restored from a backup. Nothing is sent until you say yes; then "
                "Zoho is first asked about everything that may have been sent since the backup."
            )
        if self.code == Code.MOVED:
            return _(
                "This portal's database was moved here. Nothing is sent until you say yes; make "
                "sure that no process still runs on the old one."
            )
        return _(
            "This portal runs on a copy of another portal's database. Nothing is sent to Zoho, so "
            "that nothing is doubled. Say yes only if the other one is switched off for good."
        )


def find_silence() -> Silence | None:
    """Why nothing may be sent, or None. One query."""
    row = Installation.objects.filter(pk=ROW).first()
    if row is None:
        fresh = {"home": find_home(), "version": VERSION}
        row, _made = Installation.objects.get_or_create(pk=ROW, defaults=fresh)
    if row.silent_code:
        return Silence(code=row.silent_code, data_until=row.data_until)
    return Silence(code=Code.COPIED, data_until=None) if row.home != find_home() else None


def is_silent() -> bool:
    return find_silence() is not None


def fall_silent(code: str, *, data_until: datetime | None = None) -> None:
    Installation.objects.update_or_create(
        pk=ROW, defaults={"home": find_home(), "silent_code": code, "data_until": data_until}
    )


def speak() -> Installation:
    """A person's yes: from now on this database is the portal's."""
    row, _made = Installation.objects.update_or_create(
        pk=ROW, defaults={"home": find_home(), "silent_code": "", "data_until": None}
    )
    return row


def find_home() -> str:
    """The fingerprint of the database in use; asked once by each process."""
    facts = connection.settings_dict
    name = f"{facts.get('HOST')}:{facts.get('PORT')}/{facts['NAME']}"
    if name not in _homes:
        _homes[name] = read_postgres_home() if connection.vendor == "postgresql" else read_file()
    return _homes[name]


def read_postgres_home() -> str:
    """Cluster and database; a cluster that keeps its identifier to itself is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid, has_function_privilege('pg_control_system()', 'execute')"
            " FROM pg_database WHERE datname = current_database()"
        )
        oid, may_ask = cursor.fetchone()
        cluster = ""
        if may_ask:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            cluster = cursor.fetchone()[0]
    return f"postgresql {cluster} {oid}"


def read_file() -> str:
    path = Path(str(connection.settings_dict["NAME"]))
    return f"sqlite {path.stat().st_ino}" if path.exists() else "sqlite"
