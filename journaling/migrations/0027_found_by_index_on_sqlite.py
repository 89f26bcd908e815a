"""SQLite: what is due by an index, and parts of names and numbers of calls by trigrams, as
PostgreSQL has them by migration 0022.

SQLite does not use an index whose condition names states for a question that gives them as
parameters, so it read all calls of a connection for what is due. The trigrams are an FTS5 table kept
by triggers, as for the mirror's people. Dropping the table of entries drops the triggers: a
migration that lets Django make that table anew on SQLite runs `make_triggers` afterwards.
"""

from django.db import migrations, models
from django.db.transaction import atomic

TABLE = "journaling_entrytext"
COLUMNS = ("person", "number_key")
NAMES = ", ".join(COLUMNS)
OLD = ", ".join(f"old.{name}" for name in COLUMNS)
NEW = ", ".join(f"new.{name}" for name in COLUMNS)
CHANGED = " OR ".join(f"old.{name} <> new.{name}" for name in COLUMNS)
FORGET = f"INSERT INTO {TABLE} ({TABLE}, rowid, {NAMES}) VALUES ('delete', old.id, {OLD});"
KEEP = f"INSERT INTO {TABLE} (rowid, {NAMES}) VALUES (new.id, {NEW});"
TRIGGERS = {
    "entry_text_insert": f"AFTER INSERT ON journaling_entry BEGIN {KEEP} END",
    "entry_text_delete": f"AFTER DELETE ON journaling_entry BEGIN {FORGET} END",
    # Composing writes the name of every call, nearly always the one that it has.
    "entry_text_update": f"AFTER UPDATE OF {NAMES} ON journaling_entry WHEN {CHANGED}"
    f" BEGIN {FORGET} {KEEP} END",
}


# Of indexes that seem as good as each other SQLite takes the one made last: of reports without a
# call that is to be this one, since the others hold all reports.
AGAIN = (
    "DROP INDEX event_new",
    "CREATE INDEX event_new ON journaling_event (connection_id, received_at)"
    " WHERE entry_id IS NULL",
)


def make_table(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in AGAIN:
        schema_editor.execute(statement)
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")
    schema_editor.execute(
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5({NAMES},"
        " content='journaling_entry', content_rowid='id', tokenize='trigram')"
    )
    schema_editor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('rebuild')")
    make_triggers(apps, schema_editor)


def make_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, words in TRIGGERS.items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            schema_editor.execute(f"CREATE TRIGGER {name} {words}")


def drop_table(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        schema_editor.execute(f"DROP TABLE {TABLE}")


BEFORE = models.Index(
    condition=models.Q(state__in=["settling", "waiting", "unknown"]),
    fields=["connection", "module", "next_attempt_at"],
    name="entry_due",
)
AFTER = models.Index(
    condition=models.Q(next_attempt_at__isnull=False),
    fields=["connection", "module", "next_attempt_at"],
    name="entry_due",
)


def replace_index(apps, schema_editor):
    change_index(apps, schema_editor, old=BEFORE, new=AFTER)


def bring_index_back(apps, schema_editor):
    change_index(apps, schema_editor, old=AFTER, new=BEFORE)


def change_index(apps, schema_editor, *, old, new):
    """PostgreSQL: never without an index, and no lock that a report waits for.

    Each report takes a weak lock of the entries, though it names none: its foreign key is checked.
    DROP INDEX in a transaction that goes on to make the other one would hold them all up. Whatever
    ends in between, doing it again finishes it.
    """
    entry = apps.get_model("journaling", "Entry")
    if schema_editor.connection.vendor == "sqlite":
        with atomic(schema_editor.connection.alias):
            schema_editor.remove_index(entry, old)
            schema_editor.add_index(entry, new)
        return
    fresh = new.clone()
    fresh.name = "entry_due_new"
    schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS entry_due_new")
    schema_editor.add_index(entry, fresh, concurrently=True)
    schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS entry_due")
    schema_editor.execute("ALTER INDEX entry_due_new RENAME TO entry_due")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journaling", "0026_notices_by_way_and_step")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="entry", name="entry_due"),
                migrations.AddIndex(model_name="entry", index=AFTER),
            ]
        ),
        migrations.RunPython(replace_index, bring_index_back),
        migrations.RunPython(make_table, drop_table, atomic=True),
    ]
