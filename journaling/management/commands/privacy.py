"""`privacy access|erase NUMBER_OR_EMAIL`: a person asks what is stored, or to be erased."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from config.commands import OneLineCommand, OneLineParser
from connector.models import Connection
from journaling.privacy.access import describe_person, write_table
from journaling.privacy.erasing import BeingSent, erase
from journaling.privacy.holdings import Holdings, list_written
from journaling.privacy.noting import note_begun, note_saved
from journaling.privacy.subject import NotAPerson, Subject, find_subjects, refuse_employees

YES = {"y", "yes"}


class Command(OneLineCommand):
    help = "Tell or erase what is stored about one person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="ACTION", parser_class=OneLineParser
        )
        access = actions.add_parser("access", help="print everything that is stored")
        form = access.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="as JSON (the default)")
        form.add_argument("--csv", action="store_true", help="as a table")
        erasure = actions.add_parser("erase", help="erase it and print a certificate")
        erasure.add_argument(
            "--zoho",
            action="store_true",
            help="also, without a question, what the portal wrote to Zoho",
        )
        erasure.add_argument(
            "--yes", "--no-input", action="store_true", help="ask nothing; without --zoho, "
            "Zoho's records stay",
        )  # fmt: skip
        erasure.add_argument("--json", action="store_true", help="the certificate as JSON")
        for action in (access, erasure):
            action.add_argument("asked", metavar="NUMBER_OR_EMAIL")
            action.add_argument("--connection", metavar="SLUG", help="only this connection")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            subjects = find_subjects(
                options["asked"], connections=choose_connections(options["connection"])
            )
            getattr(self, f"do_{action}")(subjects, **options)
        except NotAPerson as error:
            raise CommandError(str(error)) from error

    def do_access(self, subjects: list[Subject], *, asked: str, csv: bool, **_options: Any) -> None:
        described = describe_person(subjects, asked=asked)
        note_saved(subjects, asked=asked)
        if csv:
            self.stdout.write(write_table(described), ending="")
        else:
            self.stdout.write(json.dumps(described, ensure_ascii=False, indent=2))

    def do_erase(
        self,
        subjects: list[Subject],
        *,
        asked: str,
        zoho: bool,
        yes: bool,
        json: bool,
        **_options: Any,
    ) -> None:
        refuse_employees(subjects)
        in_zoho = zoho or (not yes and self.ask(subjects))
        try:
            certificate = erase(subjects, asked=asked, in_zoho=in_zoho)
        except BeingSent as error:
            raise CommandError(
                "A worker writes something of this person to Zoho just now; repeat it in a minute."
            ) from error
        note_begun(subjects, asked=asked)
        self.stdout.write(dump(certificate.as_json()) if json else certificate.as_text(), ending="")

    def ask(self, subjects: list[Subject]) -> bool:
        """Say what goes; True when Zoho's records shall go as well. "n" ends the command."""
        holdings = [Holdings(subject=subject) for subject in subjects]
        rows = sum(len(one.entry_ids) for one in holdings)
        written = sum(len(list_written(one)) for one in holdings)
        self.stderr.write(f"The portal holds {rows} calls and chats of this person.")
        if not self.confirm("Erase what the portal holds?"):
            raise CommandError("Not confirmed; nothing was erased.")
        return bool(written) and self.confirm(
            f"Delete also the {written} records that the portal wrote to Zoho?"
        )

    def confirm(self, question: str) -> bool:
        self.stderr.write(f"{question} [y/N] ", ending="")
        self.stderr.flush()
        return sys.stdin.readline().strip().lower() in YES


def dump(described: dict[str, Any]) -> str:
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def choose_connections(slug: str | None) -> list[Connection]:
    known = Connection.objects.select_related("grant__organisation").order_by("slug")
    chosen = list(known.filter(slug=slug) if slug else known)
    if not chosen:
        raise CommandError(
            f"there is no connection {slug}; `connections list` shows them"
            if slug
            else "there is no connection yet"
        )
    return chosen
