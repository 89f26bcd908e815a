"""What each web process does every two seconds beside answering: store what it had to keep."""

from django.db import connection as database

from connector.database_limit import limit_database
from journaling.spooling.refused import write_refused
from journaling.spooling.spool import own_spool
from journaling.spooling.sweep import sweep_spool


def tidy() -> None:
    """Store what waits beside the database. Raises its error while it is away."""
    with limit_database(), database.cursor() as cursor:
        cursor.execute("SELECT 1")
    write_refused()
    own_spool.release()
    sweep_spool()
