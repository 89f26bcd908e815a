"""`pbx extensions SLUG`, `pbx calls SLUG [--day D]`: ask the PBX over its API, now."""

from argparse import ArgumentTypeError
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from config.commands import OneLineCommand, OneLineParser
from connector.extensions import read_extensions
from connector.models import Connection, RowSource
from journaling.call_log.days import compare_day


class Command(OneLineCommand):
    help = "Ask the PBX over its API (3CX Enterprise): extensions and queues, its call log."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="ACTION", parser_class=OneLineParser
        )
        extensions = actions.add_parser("extensions", help="read extensions and queues")
        extensions.add_argument("slug", metavar="SLUG")
        calls = actions.add_parser("calls", help="add the calls that the PBX never reported")
        calls.add_argument("slug", metavar="SLUG")
        calls.add_argument("--day", type=read_day, help="like 2026-11-20; default: yesterday")

    def handle(self, *args: Any, action: str, slug: str, **options: Any) -> None:
        connection = Connection.objects.filter(slug=slug).first()
        if connection is None:
            raise CommandError(f"there is no connection {slug}; `connections list` shows them")
        if action == "extensions":
            self.read_extensions(connection)
        else:
            self.compare(connection, day=options["day"])

    def read_extensions(self, connection: Connection) -> None:
        reading = read_extensions(connection)
        if reading.trouble:
            raise CommandError(reading.trouble)
        agents, queues = connection.agents, connection.queues
        self.stdout.write(
            f"{connection.slug}: {agents.count()} extensions, {queues.count()} queues; "
            f"read from the PBX: {agents.filter(source=RowSource.PBX).count()} and "
            f"{queues.filter(source=RowSource.PBX).count()}"
        )

    def compare(self, connection: Connection, *, day: date | None) -> None:
        today = timezone.now().astimezone(ZoneInfo(connection.time_zone)).date()
        row = compare_day(connection, day or today - timedelta(days=1))
        if row.trouble or not row.compared_at:
            raise CommandError(row.trouble or "another process compares this day just now")
        figures = row.figures
        self.stdout.write(
            f"{connection.slug} {row.day}: {figures['calls']} calls in the PBX's log, "
            f"{figures['reported']} reported, {figures['missing']} missing "
            f"({figures['added']} added now), {figures['left_out']} left out, "
            f"{figures['completed']} completed with late texts"
        )


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day; write 2026-11-20") from None
