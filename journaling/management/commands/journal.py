"""`journal status [SLUG] [--json]`: how many calls and chats wait, are in Zoho, need a decision.

`journal reconcile SLUG [--day DAY]`: one day beside Zoho, now; exit code 1 unless it was compared
and nothing is missing without a remedy.
"""

import json
import sys
from datetime import date, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser

from config.commands import OneLineCommand, OneLineParser
from connector.models import Connection
from journaling.reconciling.comparing import compare_day
from journaling.reconciling.days import find_today
from journaling.reconciling.words import describe
from journaling.telling.status import describe_journal


class Command(OneLineCommand):
    help = "Show what the journal has delivered and what waits; compare a day with Zoho."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, parser_class=OneLineParser)
        status = actions.add_parser("status", help="counts for each connection")
        status.add_argument("slug", nargs="?", help="only this connection")
        status.add_argument("--json", action="store_true", help="for scripts")

        reconcile = actions.add_parser("reconcile", help="compare a day with Zoho, now")
        reconcile.add_argument("slug")
        reconcile.add_argument(
            "--day", type=date.fromisoformat, help="like 2026-11-21; default: yesterday"
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "reconcile":
            self.reconcile(slug=options["slug"], day=options["day"])
        else:
            self.show_status(slug=options["slug"], as_json=options["json"])

    def reconcile(self, *, slug: str, day: date | None) -> None:
        connection = Connection.objects.filter(slug=slug).first()
        if connection is None:
            raise CommandError(f"there is no connection {slug}; `connections list` shows them")
        chosen = day or find_today(connection) - timedelta(days=1)
        row = compare_day(connection, chosen)
        if row is None:
            raise CommandError(f"{slug}: {chosen} is being compared by another process")
        if row.trouble:
            raise CommandError(f"{slug}: {chosen} was not compared: {row.trouble}")
        self.stdout.write(f"{slug}: {chosen}: {describe(row)}")
        if row.figures["not_found"]:
            sys.exit(1)

    def show_status(self, *, slug: str | None, as_json: bool) -> None:
        found = describe_journal(slugs=[slug] if slug else None)
        if slug and not found:
            raise CommandError(f"there is no connection {slug}; `connections list` shows them")
        if as_json:
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
