"""The portal as a whole: its data as a file, and whether it may speak."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from config.commands import OneLineCommand, OneLineParser
from connector import silence
from connector.moving.dumping import Dumped, Purpose, dump, name_key
from connector.moving.layout import FaultyFile
from connector.moving.loading import NotEmpty, load
from connector.moving.reading import DumpFile
from connector.moving.running import find_running, is_supervised
from journaling.operating.readiness import find_missing_migrations
from journaling.restoring import prepare_restored
from journaling.spool import list_files
from journaling.sweep import sweep_spool


class Command(OneLineCommand):
    requires_system_checks: list[str] = []  # it has to work where little else does
    help = "Back the portal up, restore it, move it to another database, let it speak again."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="ACTION", parser_class=OneLineParser
        )
        for name, text in (
            ("backup", "write everything into FILE, while the portal runs"),
            ("restore", "read a backup into an empty database; nothing is sent until `resume`"),
            ("dump", "write everything into FILE to move it; the portal has to be stopped"),
            ("load", "read a dump into an empty database; nothing is sent until `resume`"),
        ):
            action = actions.add_parser(name, help=text)
            nargs = "?" if name == "backup" else None
            action.add_argument("file", type=Path, metavar="FILE", nargs=nargs)
        actions.add_parser("resume", help="let a restored, moved or copied portal send again")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"do_{action}")(options.get("file"))

    def do_backup(self, file: Path | None) -> None:
        path = file or find_place()
        sweep_spool()
        done = self.write(path, purpose="backup")
        self.stdout.write(f"{done.rows} rows in {done.path}")
        if spooled := len(list_files()):
            self.stdout.write(
                f"Not in it: {spooled} files with reports in {settings.DATA_DIR / 'spool'}, which"
                " the database has not taken yet."
            )
        self.stdout.write(
            "Not in it: the keys, without which no stored secret can be read."
            f" They are in {find_keys_place()}. Keep a copy of them elsewhere."
        )

    def do_dump(self, file: Path) -> None:
        if running := find_running():
            raise CommandError(
                f"{running} runs. Stop every web, worker and beat process first: what they store"
                " meanwhile would be missing."
            )
        done = self.write(file, purpose="dump")
        self.stdout.write(
            f"{done.rows} rows in {done.path}. Now name the other database in DATABASE_URL, keep"
            " SECRET_KEY and FIELD_ENCRYPTION_KEYS, and run: manage.py portal load FILE"
        )

    def write(self, path: Path, *, purpose: Purpose) -> Dumped:
        if missing := find_missing_migrations():
            raise CommandError(f"{missing} is missing in the database. Run manage.py migrate first")
        if path.exists():
            raise CommandError(f"{path} exists already; name another file")
        try:
            return dump(path, purpose=purpose)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror or error}") from None

    def do_load(self, file: Path) -> None:
        source = self.open(file)
        if source.header.purpose == "backup":
            raise CommandError(
                f"{file} is a backup: what it knows as unsent may have been sent since. Run:"
                f" manage.py portal restore {file}"
            )
        rows = self.read(source)
        silence.fall_silent(silence.Code.MOVED)
        self.stdout.write(f"{rows} rows loaded, each table counted.")
        self.warn_of_keys(source)
        self.stdout.write(
            "Nothing is sent to Zoho yet. When no process runs on the old database any more:"
            " manage.py portal resume"
        )

    def do_restore(self, file: Path) -> None:
        source = self.open(file)
        rows = self.read(source)
        waiting = prepare_restored(data_until=source.header.made_at)
        self.stdout.write(
            f"{rows} rows restored, as of {source.header.made_at:%Y-%m-%d %H:%M} UTC."
        )
        self.warn_of_keys(source)
        self.stdout.write(
            f"{waiting} calls and chats were not in Zoho then. Zoho is asked about each before it"
            " is sent. Reports that came after the backup are not in it. Nothing is sent until you"
            " say yes, here or on the page Queues: manage.py portal resume"
        )

    def open(self, file: Path) -> DumpFile:
        if is_supervised():
            raise CommandError("make run is running on this DATA_DIR. Stop it first.")
        try:
            return DumpFile(file)
        except FaultyFile as error:
            raise CommandError(str(error)) from None

    def read(self, source: DumpFile) -> int:
        try:
            return load(source)
        except (FaultyFile, NotEmpty) as error:
            raise CommandError(f"Nothing was loaded: {error}") from None

    def warn_of_keys(self, source: DumpFile) -> None:
        if not source.header.keys & {name_key(key) for key in settings.FIELD_ENCRYPTION_KEYS}:
            self.stdout.write(
                "FIELD_ENCRYPTION_KEYS are not those that the stored secrets were written with."
                " Put the old ones back; without them every connection has to be authorised again."
            )

    def do_resume(self, _file: None) -> None:
        found = silence.find_silence()
        if found is None:
            self.stdout.write("The portal speaks already.")
            return
        silence.speak()
        self.stdout.write("The portal sends again.")


def find_place() -> Path:
    directory = settings.DATA_DIR / "backups"
    directory.mkdir(mode=0o700, exist_ok=True)
    return Path(directory / f"patchbay-{timezone.now():%Y%m%d-%H%M%S}.gz")


def find_keys_place() -> str:
    name = "FIELD_ENCRYPTION_KEYS"
    if settings.SECRETS_DIR and not os.environ.get(name) and not os.environ.get(f"{name}_FILE"):
        return str(settings.SECRETS_DIR)
    place = os.environ.get(f"{name}_FILE")
    return place or f"the setting {name}"
