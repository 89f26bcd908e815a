"""Commands for scripts: whatever goes wrong is one line on stderr and exit code 1."""

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError


class OneLineParser(CommandParser):
    """Wrong arguments are a failure like any other (exit code 2 may mean something else)."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.prog}: {message}\n")


class OneLineCommand(BaseCommand):
    """A command whose arguments and database may be wrong without a page of explanations.

    Its subparsers need `parser_class=OneLineParser`.
    """

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = OneLineParser  # Django builds it and asks nobody for the class
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(
                f"The database does not do this: {reason}. Does it run, and is it prepared"
                " (manage.py migrate)?"
            ) from error
