"""What an upgrade does to the data, before the new version's processes are started."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from config.static import collect_static_files
from config.translations import compile_translations
from connector.moving.dumping import dump
from connector.moving.schema import is_prepared
from journaling.operating.readiness import find_missing_migrations
from journaling.upgrading.changes import keep_version


def upgrade(*, backup: Path, say: Callable[[str], None]) -> None:
    """Backup, migrations, pages, translations. The old version's processes may go on meanwhile.

    Raises OSError when the backup cannot be written; then nothing was changed.
    """
    if is_prepared():
        done = dump(backup, purpose="backup")
        say(f"Backup      {done.rows} rows in {done.path}")
    else:
        say("Backup      none: the database is empty")
    say(f"Migrations  {find_missing_migrations() or 'none'}")
    call_command("migrate", interactive=False, verbosity=0)
    keep_version()
    compile_translations(settings.LOCALE_PATHS[0])
    collect_static_files()
    say("Pages       prepared")
