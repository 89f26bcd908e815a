"""The tables as the database has them, which may be those of an older version."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

Key = tuple[str, str]
OWN_APPS = ("connector", "journaling")


def list_models() -> list[type[models.Model]]:
    """All models, each as its table is now: before an upgrade that is how it was."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return list(apps.get_models(include_auto_created=True))
    applied = set(executor.loader.applied_migrations) & set(executor.loader.disk_migrations)
    state = executor.loader.project_state(list_leaves(executor.loader, applied))
    return list(state.apps.get_models(include_auto_created=True))


def list_leaves(loader: MigrationLoader, applied: AbstractSet[Key]) -> list[Key]:
    """The newest of these migrations of each app."""
    return sorted(
        key
        for key in applied
        if not any(
            child.key[0] == key[0] and child.key in applied
            for child in loader.graph.node_map[key].children
        )
    )


def find_unknown_migrations() -> str:
    """Migrations of a newer version, which this one does not know; "" for none."""
    loader = MigrationLoader(connection)
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return name_some(key for key in unknown if key[0] in OWN_APPS)


def is_prepared() -> bool:
    """Whether anything of the portal is in the database at all."""
    return any(app in OWN_APPS for app, _name in MigrationLoader(connection).applied_migrations)


def name_some(migrations: Iterable[Key]) -> str:
    return ", ".join(f"{app}.{name}" for app, name in sorted(migrations)[:3])
