"""`journal status [SLUG] [--json]`: how many calls and chats wait, are in Zoho, need a decision."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from config.commands import OneLineCommand, OneLineParser
from journaling.status import describe_journal


class Command(OneLineCommand):
    help = "Show what the journal has delivered and what waits."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, parser_class=OneLineParser)
        status = actions.add_parser("status", help="counts for each connection")
        status.add_argument("slug", nargs="?", help="only this connection")
        status.add_argument("--json", action="store_true", help="for scripts")

    def handle(self, *args: Any, slug: str | None, **options: Any) -> None:
        found = describe_journal(slugs=[slug] if slug else None)
        if slug and not found:
            raise CommandError(f"there is no connection {slug}; `connections list` shows them")
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for name, counts in found.items():
            self.stdout.write(self.describe(name, counts))

    def describe(self, name: str, counts: dict[str, Any]) -> str:
        line = (
            f"{name}: {counts['delivered']} in Zoho, {counts['waiting']} waiting, "
            f"{counts['sending']} being sent, {counts['parked']} need a decision, "
            f"{counts['left_out']} excluded by rule"
        )
        if counts["oldest_waiting_seconds"] is not None:
            line += f"; the oldest waits for {counts['oldest_waiting_seconds']} s"
        reasons = ", ".join(f"{reason} {n}" for reason, n in counts["parked_by_reason"].items())
        return f"{line}; reasons: {reasons}" if reasons else line
