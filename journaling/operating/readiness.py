"""Can this process do its work? The database, its migrations, the broker."""

from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journaling.operating.broker import find_trouble


@dataclass(frozen=True, kw_only=True)
class Check:
    """`reason` is empty when all is well; `remedy` tells a person what to do then."""

    name: str
    reason: str
    remedy: str | Promise

    @property
    def is_good(self) -> bool:
        return not self.reason


def check_all() -> list[Check]:
    database = check_database()
    return [database, check_migrations(database), check_broker()]


def check_database() -> Check:
    return Check(
        name="database",
        reason=find_database_trouble(),
        remedy=_("Start the database, or correct DATABASE_URL. Reports of the PBX need it."),
    )


def find_database_trouble() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return first_line(error)
    return ""


def check_migrations(database: Check) -> Check:
    remedy = _("Run: python manage.py migrate")
    if not database.is_good:
        return Check(name="migrations", reason="the database does not answer", remedy=remedy)
    return Check(name="migrations", reason=find_missing_migrations(), remedy=remedy)


def find_missing_migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return first_line(error)
    return ", ".join(f"{migration.app_label}.{migration.name}" for migration, _back in plan)


def check_broker() -> Check:
    remedy = _(
        "Start Redis or Valkey, or correct CELERY_BROKER_URL. Nothing is lost meanwhile: reports "
        "are stored, and sent when it is back."
    )
    return Check(name="broker", reason=find_trouble(), remedy=remedy)


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__
