"""The settings of connections on the command line."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import IntegrityError

from config.commands import OneLineCommand, OneLineParser
from connector.auth import make_key
from connector.granting.consent import begin_consent
from connector.models import Connection, ConsentRequest
from connector.threecx.download import FaultyTemplate, template_for
from connector.zoho.errors import ZohoError
from journaling.connection_file.applying import apply_file, compare_file, find_superfluous
from journaling.connection_file.drafts import Draft
from journaling.connection_file.exporting import export_connections
from journaling.connection_file.list_table import draw_table
from journaling.connection_file.problems import FileRefused, suggest
from journaling.connection_file.zoho_checks import check_with_zoho

DRIFT = 2


class Command(OneLineCommand):
    help = "Connections as a YAML file (apply, export), their list, API keys, templates, consents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="ACTION", parser_class=OneLineParser
        )
        apply = actions.add_parser("apply", help="make the connections as FILE says")
        apply.add_argument("file", metavar="FILE.yaml", type=Path)
        apply.add_argument(
            "--diff", action="store_true", help="change nothing; exit code 2 if FILE differs"
        )
        apply.add_argument(
            "--prune", action="store_true", help="delete connections that FILE does not name"
        )
        apply.add_argument(
            "--yes", "--no-input", action="store_true", help="delete without asking first"
        )
        export = actions.add_parser("export", help="print connections as such a file")
        export.add_argument("slugs", metavar="SLUG", nargs="*")
        actions.add_parser("list", help="print a table of all connections")
        for name, text in (
            ("key", "make a new API key for the PBX and print it"),
            ("template", "print the 3CX template XML"),
            ("authorize", "print an address at which Zoho asks for consent"),
        ):
            actions.add_parser(name, help=text).add_argument("slug", metavar="SLUG")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"do_{action}")(**options)

    def do_apply(self, *, file: Path, diff: bool, prune: bool, yes: bool, **_options: Any) -> None:
        try:
            unchecked = check_with_zoho(file)
            drafts = compare_file(file)
            superfluous = find_superfluous(drafts) if prune else []
            if not diff:
                if superfluous and not yes:
                    self.ask(superfluous)
                drafts = apply_file(file, delete=[connection.slug for connection in superfluous])
        except FileRefused as error:
            raise CommandError(str(error)) from error
        except IntegrityError as error:
            raise CommandError("Somebody else changed the same connections: try again.") from error
        for note in unchecked:
            self.stderr.write(note)
        changed = [draft for draft in drafts if draft.changes or draft.is_new]
        for draft in changed:
            self.tell(draft, created="to be created" if diff else "created")
        for connection in superfluous:
            self.stdout.write(f"{connection.slug}: {'to be deleted' if diff else 'deleted'}")
        if not changed and not superfluous:
            self.stdout.write("No change.")
        elif diff:
            sys.exit(DRIFT)

    def ask(self, superfluous: list[Connection]) -> None:
        names = ", ".join(connection.slug for connection in superfluous)
        question = f"Delete {names}, with all that was received and delivered for them? [y/N] "
        self.stderr.write(question, ending="")
        self.stderr.flush()
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise CommandError("Not confirmed; nothing was changed.")

    def tell(self, draft: Draft, *, created: str) -> None:
        if draft.is_new:
            self.stdout.write(f"{draft.slug}: {created}")
        for change in draft.changes:
            self.stdout.write(f"{draft.slug}: {change}")

    def do_export(self, *, slugs: list[str], **_options: Any) -> None:
        found = [find_connection(slug) for slug in slugs] or Connection.objects.order_by("slug")
        self.stdout.write(export_connections(found), ending="")

    def do_list(self, **_options: Any) -> None:
        self.stdout.write(draw_table(Connection.objects.order_by("slug")))

    def do_key(self, *, slug: str, **_options: Any) -> None:
        self.stdout.write(make_key(find_connection(slug)))

    def do_template(self, *, slug: str, **_options: Any) -> None:
        try:
            self.stdout.write(template_for(find_connection(slug)))
        except FaultyTemplate as error:
            raise CommandError(str(error)) from error

    def do_authorize(self, *, slug: str, **_options: Any) -> None:
        """The operator opens the address in a browser; the portal's answer says who accepted."""
        connection = find_connection(slug)
        try:
            address = begin_consent(connection=connection, purpose=ConsentRequest.Purpose.TERMINAL)
        except ZohoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(address)


def find_connection(slug: str) -> Connection:
    connection = Connection.objects.filter(slug=slug).first()
    if connection:
        return connection
    slugs = list(Connection.objects.order_by("slug").values_list("slug", flat=True))
    hint = suggest(slug, slugs) if slugs else "there is no connection yet"
    raise CommandError(f"No connection has the slug “{slug}”; {hint}")
