"""The portal as a whole: its data as a file, and whether it may speak."""

import json
import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from config.commands import OneLineCommand, OneLineParser
from connector import silence
from connector.access import second_step
from connector.auditing import note
from connector.moving.dumping import Dumped, Purpose, dump, name_key
from connector.moving.layout import FaultyFile
from connector.moving.loading import NotEmpty, load
from connector.moving.reading import DumpFile
from connector.moving.running import find_running, is_supervised
from connector.moving.schema import is_prepared
from connector.wording import Wording as _
from journaling.doctor.examining import examine, is_healthy
from journaling.doctor.telling import describe_json, describe_lines
from journaling.operating.readiness import find_missing_migrations
from journaling.reconciling.restoring import prepare_restored
from journaling.spooling.spool import list_files
from journaling.spooling.sweep import sweep_spool
from journaling.upgrading.changes import (
    describe_changes,
    list_changes,
    note_version,
    read_version,
)
from journaling.upgrading.upgrade import upgrade


class Command(OneLineCommand):
    requires_system_checks: list[str] = []  # it has to work where little else does
    help = "Back the portal up, restore, move, upgrade and examine it, let it speak again."

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
        reset = actions.add_parser("reset-code", help="let a person log in without their lost code")
        reset.add_argument("username", metavar="USERNAME")
        actions.add_parser("resume", help="let a restored, moved or copied portal send again")
        action = actions.add_parser("upgrade", help="back up into FILE, migrate, prepare the pages")
        action.add_argument("file", type=Path, metavar="FILE", nargs="?")
        action = actions.add_parser("changes", help="what people have to do since the last upgrade")
        action.add_argument("--since", metavar="VERSION", help="tell again what came after it")
        action = actions.add_parser("doctor", help="check everything; exit code 1 when it is bad")
        action.add_argument("--json", action="store_true", dest="as_json")
        words = "try again for so long while something is bad, as after a restart"
        action.add_argument("--wait", type=int, default=0, metavar="SECONDS", help=words)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        match action:
            case "doctor":
                self.do_doctor(as_json=options["as_json"], wait=options["wait"])
            case "changes":
                self.do_changes(since=options["since"])
            case "reset-code":
                self.do_reset_code(options["username"])
            case _:
                getattr(self, f"do_{action}")(options.get("file"))

    def do_doctor(self, *, as_json: bool, wait: int) -> None:
        give_up_at = time.monotonic() + wait
        while not is_healthy(verdicts := examine()) and time.monotonic() < give_up_at:
            time.sleep(1)
        if as_json:
            self.stdout.write(json.dumps(describe_json(verdicts), indent=2))
        else:
            for line in describe_lines(verdicts):
                self.stdout.write(line)
        if not is_healthy(verdicts):
            raise CommandError("Something is bad; what to do stands beside it")

    def do_upgrade(self, file: Path | None) -> None:
        try:
            upgrade(backup=refuse_taken(file or find_place()), say=self.stdout.write)
        except OSError as error:
            raise CommandError(
                f"Nothing was changed: the backup cannot be written: {error.strerror or error}"
            ) from None

    def do_changes(self, *, since: str | None) -> None:
        old = read_version() if since is None else since
        self.stdout.write(f"What changed for people since {old or 'an unnumbered version'}:")
        for line in describe_changes(list_changes(since=old)):
            self.stdout.write(line)
        self.stdout.write(
            "  Everything: CHANGELOG.md. Again: manage.py portal changes --since X.Y.Z"
        )
        if since is None:
            note_version()

    def do_backup(self, file: Path | None) -> None:
        path = file or find_place()
        if not find_missing_migrations():
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
        if not is_prepared():
            raise CommandError("The database is empty. Run manage.py migrate first")
        try:
            return dump(refuse_taken(path), purpose=purpose)
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

    def do_reset_code(self, username: str) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"there is no user {username}")
        if not second_step.remove(user):
            raise CommandError(f"{username} has no log-in code; the password alone opens")
        self.stdout.write(f"{username} logs in with the password alone.")

    def do_resume(self, _file: None) -> None:
        found = silence.find_silence()
        if found is None:
            self.stdout.write("The portal speaks already.")
            return
        note(silence.speak(), _("The portal sends again."))
        self.stdout.write("The portal sends again.")


def refuse_taken(path: Path) -> Path:
    if path.exists():
        raise CommandError(f"{path} exists already; name another file")
    return path


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
