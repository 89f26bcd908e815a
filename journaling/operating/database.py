"""The database as the queues page names it."""

from django.db import connection as database
from django.template.defaultfilters import filesizeformat

QUESTIONS = {
    "postgresql": "SELECT split_part(current_setting('server_version'), ' ', 1),"
    " pg_database_size(current_database())",
    "sqlite": "SELECT sqlite_version(), page_count * page_size"
    " FROM pragma_page_count(), pragma_page_size()",
}


def describe_database() -> str:
    """Its kind, version and size, like “PostgreSQL 17.2, 1.2 GB”."""
    with database.cursor() as cursor:
        cursor.execute(QUESTIONS[database.vendor])
        version, size = cursor.fetchone()
    return f"{database.display_name} {version}, {filesizeformat(size)}"
