"""During an upgrade the old version's processes write into the new tables: migrations let them."""

from collections.abc import Iterator

import pytest
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from config.version import VERSION
from journaling.upgrading.changes import order

BASELINE = {"connector": "0029", "journaling": "0023"}
"""The tables of the first version; newer migrations meet running processes of a version before."""
TAKEN_AWAY = (
    operations.RemoveField,
    operations.RenameField,
    operations.DeleteModel,
    operations.RenameModel,
    operations.AlterModelTable,
)

INDEXED = (operations.AddIndex, operations.RemoveIndex, operations.AddConstraint)
LARGE = {"entry", "event", "attempt", "mirroredkey", "mirroredperson"}


def list_faults(migration: Migration, before: ProjectState) -> Iterator[str]:
    """What an old process would stumble over. `unused_since` of a migration names the version since
    which nothing uses what it takes away."""
    state = before.clone()
    unused = getattr(migration, "unused_since", None)
    for operation in flatten(migration.operations):
        words = f"{migration.app_label}.{migration.name}: {operation.describe()}"
        if isinstance(operation, TAKEN_AWAY) and not (unused and order(unused) < order(VERSION)):
            yield f"{words}: an old process still uses it"
        if isinstance(operation, INDEXED) and operation.model_name_lower in LARGE:
            yield f"{words}: reports wait meanwhile, do it CONCURRENTLY as journaling.0027"
        if isinstance(operation, operations.AddField) and is_demanded(operation.field):
            yield f"{words}: old processes do not fill it, give it a db_default or null"
        if isinstance(operation, operations.AlterField):
            model = state.models[migration.app_label, operation.model_name_lower]
            if narrows(model.fields[operation.name], operation.field):
                yield f"{words}: an old process may write what no longer fits"
        operation.state_forwards(migration.app_label, state)


def flatten(listed: list) -> Iterator:
    for operation in listed:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from flatten(operation.database_operations)
        else:
            yield operation


def is_demanded(field: models.Field) -> bool:
    many = isinstance(field, models.ManyToManyField)
    return not (many or field.null or field.has_db_default())


def narrows(old: models.Field, new: models.Field) -> bool:
    """It no longer takes NULL, or texts as long, or is of another type."""
    if old.null and is_demanded(new):
        return True
    if old.get_internal_type() != new.get_internal_type():
        return True
    return (new.max_length or 10**9) < (old.max_length or 10**9)


def test_processes_of_the_old_version_survive_every_migration():
    loader = MigrationLoader(None)
    newer = [
        migration
        for (app, name), migration in loader.disk_migrations.items()
        if app in BASELINE and name[:4] > BASELINE[app]
    ]
    faults: list[str] = []
    for migration in newer:
        key = (migration.app_label, migration.name)
        before = loader.project_state(key, at_end=False)
        faults += list_faults(migration, before)
    assert faults == []


def test_an_index_that_locks_a_large_table_is_refused():
    operation = operations.AddIndex("entry", models.Index(fields=["reason"], name="tried"))
    migration = Migration("0999_tried", "journaling")
    migration.operations = [operation]
    loader = MigrationLoader(None)
    state = loader.project_state(loader.graph.leaf_nodes())
    assert "CONCURRENTLY" in "".join(list_faults(migration, state))


@pytest.mark.parametrize(
    ("operation", "is_refused"),
    [
        (operations.AddField("pulse", "words", models.CharField(max_length=9, default="")), True),
        (operations.AddField("pulse", "words", models.TextField(null=True)), False),
        (operations.AddField("pulse", "words", models.TextField(db_default="")), False),
        (operations.RemoveField("pulse", "facts"), True),
        (operations.RenameField("pulse", "facts", "told"), True),
        (operations.AlterField("pulse", "name", models.CharField(max_length=5)), True),
        (operations.AlterField("pulse", "name", models.CharField(max_length=900)), False),
    ],
)
def test_what_an_old_process_would_stumble_over_is_refused(operation, is_refused):
    loader = MigrationLoader(None)
    migration = Migration("0999_tried", "connector")
    migration.operations = [operation]
    state = loader.project_state(loader.graph.leaf_nodes())
    assert bool(list(list_faults(migration, state))) is is_refused
