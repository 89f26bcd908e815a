"""`manage.py secrets rotate`: after a new first key in FIELD_ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connector.rotation import rotate_secrets


class Command(BaseCommand):
    help = "Seals every stored secret anew under the first key of FIELD_ENCRYPTION_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("rotate", help="seal under the first key what another key sealed")

    def handle(self, *args: Any, **options: Any) -> None:
        done = rotate_secrets()
        self.stdout.write(
            f"{done.rotated} sealed anew, {done.current} were so already, "
            f"{done.unreadable} unreadable."
        )
        if done.unreadable:
            raise CommandError(
                "No key opens some of the secrets: keep every key that may have sealed them in "
                "FIELD_ENCRYPTION_KEYS, or enter those secrets again on the connections' pages."
            )
        if done.rotated:
            self.stdout.write("When it says 0 sealed anew, the other keys may be dropped.")
