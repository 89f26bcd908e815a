"""Reading a dump into an empty database: all of it, counted, or nothing."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from connector.moving.layout import NOT_MOVED, FaultyFile, choose_decoder, choose_models
from connector.moving.reading import DumpFile, Header, Table
from connector.moving.schema import list_leaves, name_some

BATCH = 1000
FILLED_BY_MIGRATE = {
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "contenttypes.ContentType",
}
Model = type[models.Model]


class NotEmpty(Exception):
    """The argument names what stands in the target already."""


def load(file: DumpFile) -> int:
    """Returns how many rows. Raises FaultyFile and NotEmpty; then nothing was loaded.

    The tables are made as they were when the dump was, filled, and then brought up to date.
    """
    apps = prepare_tables(file.header)
    chosen = choose_models(apps.get_models(include_auto_created=True))
    refuse_rows(chosen)
    with transaction.atomic(durable=True):
        for model in chosen:
            model._base_manager.all()._raw_delete(connection.alias)
        total = sum(fill(apps, table) for table in file.list_tables())
        reset_sequences(chosen)
    call_command("migrate", interactive=False, verbosity=0)
    return total


def prepare_tables(header: Header) -> Apps:
    """Migrate to where the dump was; returns the models as of then."""
    executor = MigrationExecutor(connection)
    known, applied = set(executor.loader.disk_migrations), set(executor.loader.applied_migrations)
    if newer := header.migrations - known:
        raise FaultyFile(f"the file is of a newer version ({name_some(newer)}): install that first")
    if further := applied - header.migrations:
        raise NotEmpty(
            f"the database is newer than the file ({name_some(further)}):"
            " give a database without tables"
        )
    leaves = list_leaves(executor.loader, header.migrations)
    executor.migrate(leaves)
    return executor.loader.project_state(leaves).apps


def refuse_rows(chosen: Iterable[Model]) -> None:
    for model in chosen:
        label = model._meta.label
        if label not in FILLED_BY_MIGRATE and model._base_manager.exists():
            raise NotEmpty(f"the database is not empty: there are rows in {model._meta.db_table}")


def fill(apps: Apps, table: Table) -> int:
    """Insert all rows of one table, and see that the database has as many."""
    if table.label in NOT_MOVED:
        return sum(1 for _row in table)
    model = apps.get_model(table.label)
    fields = [model._meta.get_field(find_field(model, column)) for column in table.columns]
    insert = build_insert(model, fields)
    prepare = [make_preparer(field) for field in fields]
    rows = ([make(value) for make, value in zip(prepare, row, strict=True)] for row in iter(table))
    with connection.cursor() as cursor:
        for batch in cut(rows):
            cursor.executemany(insert, batch)
    stored = model._base_manager.count()
    if stored != table.count:
        raise FaultyFile(f"{table.label}: {table.count} rows were read, {stored} are stored")
    return table.count


def find_field(model: Model, column: str) -> str:
    """The name of the field whose column or attribute this is."""
    for field in model._meta.local_concrete_fields:
        if field.attname == column:
            return str(field.name)
    raise FaultyFile(f"{model._meta.label} has no column {column}")


def build_insert(model: Model, fields: list[Any]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608


def make_preparer(field: Any) -> Callable[[Any], Any]:
    """From JSON's value to the database's own."""
    decode = choose_decoder(field)

    def prepare(value: Any) -> Any:
        if value is not None and decode:
            value = decode(value)
        return field.get_db_prep_save(drop_nul(value), connection)

    return prepare


def drop_nul(value: Any) -> Any:
    """PostgreSQL's texts hold no NUL, SQLite's do."""
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if isinstance(value, list):
        return [drop_nul(item) for item in value]
    if isinstance(value, dict):
        return {drop_nul(key): drop_nul(item) for key, item in value.items()}
    return value


def cut(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def reset_sequences(chosen: Iterable[Model]) -> None:
    """The next id follows the highest one."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(chosen)):
            cursor.execute(statement)
