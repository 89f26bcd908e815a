"""How the portal holds its connections to the database."""

from typing import Any

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000",
}
# A report of the PBX does not wait longer for a server that is away (connector.database_limit),
# and no worker waits for a network that is dead.
SERVER_OPTIONS = {"connect_timeout": 2, "keepalives_idle": 10, "tcp_user_timeout": 15_000}


def keep_open(database: dict[str, Any]) -> dict[str, Any]:
    """Django's settings of a database whose connections live between requests.

    Each is asked first whether it still works: a report met by a connection that the database has
    dropped would be refused, and the PBX never repeats one. What DATABASE_URL says of a server
    goes before.
    """
    kept = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **database}
    if kept["ENGINE"] == "django.db.backends.sqlite3":
        return kept | {"OPTIONS": SQLITE_OPTIONS}
    return kept | {"OPTIONS": {**SERVER_OPTIONS, **kept.get("OPTIONS", {})}}
