"""Indexes of the people's search text: trigrams, and the beginnings of names.

PostgreSQL: pg_trgm, which a database's owner may install by himself (it is a trusted extension).
SQLite: an FTS5 table kept by triggers; Debian 12's SQLite knows the trigram tokenizer.
"""

from django.db import migrations
from django.db.utils import Error

NO_TRIGRAMS = (
    "PostgreSQL's extension pg_trgm is missing and this database user may not install it. Let an "
    "administrator of the server run: CREATE EXTENSION pg_trgm; in this database, then migrate again."
)
POSTGRES = (
    "CREATE INDEX mirrored_text ON connector_mirroredperson USING gin (search_text gin_trgm_ops)",
    "CREATE INDEX mirrored_name ON connector_mirroredperson"
    " (organisation_id, name_key varchar_pattern_ops)",
    "CREATE INDEX mirrored_first ON connector_mirroredperson"
    " (organisation_id, first_key varchar_pattern_ops)",
)
TABLE = "connector_peopletext"
FORGET = f"INSERT INTO {TABLE} ({TABLE}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
KEEP = f"INSERT INTO {TABLE} (rowid, search_text) VALUES (new.id, new.search_text);"
SQLITE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(search_text,"
    " content='connector_mirroredperson', content_rowid='id', tokenize='trigram')",
    f"CREATE TRIGGER people_text_insert AFTER INSERT ON connector_mirroredperson BEGIN {KEEP} END",
    f"CREATE TRIGGER people_text_delete AFTER DELETE ON connector_mirroredperson BEGIN {FORGET} END",
    "CREATE TRIGGER people_text_update AFTER UPDATE OF search_text ON connector_mirroredperson"
    f" BEGIN {FORGET} {KEEP} END",
    "CREATE INDEX mirrored_name ON connector_mirroredperson (organisation_id, name_key)",
    "CREATE INDEX mirrored_first ON connector_mirroredperson (organisation_id, first_key)",
)


def make_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        install_trigrams(schema_editor)
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def install_trigrams(schema_editor):
    try:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except Error as error:
        raise SystemExit(f"{NO_TRIGRAMS} ({str(error).strip()})") from None


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in ("mirrored_text", "mirrored_name", "mirrored_first"):
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
        return
    for name in ("insert", "delete", "update"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS people_text_{name}")
    for name in ("mirrored_name", "mirrored_first"):
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("connector", "0002_people")]
    operations = [migrations.RunPython(make_indexes, drop_indexes)]
