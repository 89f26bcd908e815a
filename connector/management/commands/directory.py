"""`manage.py directory`: fill the mirror of Zoho's people, and say how far it is."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from connector.models import Connection, Mirror, ZohoOrganisation
from connector.sync.due import make_mirrors
from connector.sync.running import sync_mirror
from connector.sync.standing import Standing, as_json, describe_directory, describe_mirror

POLL_SECONDS = 0.5
LINE_SECONDS = 5.0
BAR_SIGNS = 20


class Command(BaseCommand):
    help = "Mirrors the people of Zoho, so that callers are known within milliseconds."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        sync = actions.add_parser("sync", help="read everything that is missing or changed, now")
        sync.add_argument("slug")
        status = actions.add_parser("status", help="say how far the mirror is")
        status.add_argument("slug", nargs="?", default="")
        status.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, action: str = "", **options: Any) -> None:
        if action == "sync":
            self.sync(options["slug"])
        else:
            self.tell_status(options["slug"], as_json_text=options["as_json"])

    def sync(self, slug: str) -> None:
        """All modules side by side; returns when the mirror is complete and up to date."""
        organisation = self.find_organisation(slug)
        make_mirrors()
        started_at = timezone.now()
        mirrors = list(Mirror.objects.filter(organisation=organisation).order_by("pk"))
        with ThreadPoolExecutor(max_workers=len(mirrors)) as pool:
            jobs = [pool.submit(bring_up_to_date, mirror.pk, started_at) for mirror in mirrors]
            self.show_progress(organisation, jobs)
        troubles = [trouble for job in jobs if (trouble := job.result())]
        if troubles:
            raise CommandError("The mirror is not complete: " + "; ".join(dict.fromkeys(troubles)))
        total = sum(standing.people for standing in describe_directory(organisation))
        self.stdout.write(f"The mirror of {organisation} is complete: {total} people")

    def show_progress(self, organisation: ZohoOrganisation, jobs: list["Future[str]"]) -> None:
        """On a terminal one line that is written over, else a line every few seconds."""
        is_terminal = self.stdout.isatty()
        said_at = 0.0
        while not all(job.done() for job in jobs):
            time.sleep(POLL_SECONDS)
            if is_terminal or time.monotonic() - said_at >= LINE_SECONDS:
                said_at = time.monotonic()
                words = describe_progress(organisation)
                self.stdout.write(f"\r\x1b[K{words}" if is_terminal else words,
                                  ending="" if is_terminal else "\n")  # fmt: skip
                self.stdout.flush()
        if is_terminal:
            self.stdout.write("\r\x1b[K", ending="")

    def tell_status(self, slug: str, *, as_json_text: bool) -> None:
        organisations = (
            [self.find_organisation(slug)] if slug else list(ZohoOrganisation.objects.all())
        )
        found = [(one, describe_directory(one)) for one in organisations]
        if as_json_text:
            told = [
                {"organisation": one.zgid, "name": one.name, "modules": as_json(standings)}
                for one, standings in found
            ]
            self.stdout.write(json.dumps(told, indent=1, ensure_ascii=False))
            return
        for one, standings in found:
            self.stdout.write(str(one))
            for standing in standings or []:
                self.stdout.write(f"  {describe_standing(standing)}")
            if not standings:
                self.stdout.write("  nothing is mirrored yet")

    def find_organisation(self, slug: str) -> ZohoOrganisation:
        connection = (
            Connection.objects.filter(slug=slug).select_related("grant__organisation").first()
        )
        if connection is None:
            slugs = ", ".join(Connection.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no connection {slug}. Connections: {slugs}.")
        grant = getattr(connection, "grant", None)
        if grant is None:
            raise CommandError(f"{slug} is not authorised at Zoho yet. Press Authorize first.")
        organisation: ZohoOrganisation = grant.organisation
        return organisation


def bring_up_to_date(mirror_id: int, started_at: datetime) -> str:
    """Run or join a sync until one ended well after `started_at`; returns the trouble, or ""."""
    try:
        while True:
            ran = sync_mirror(mirror_id, at_once=True)
            mirror = Mirror.objects.get(pk=mirror_id)
            if mirror.synced_at and mirror.synced_at >= started_at:
                return ""
            if ran:
                return "" if mirror.is_absent else f"{mirror.module}: {mirror.trouble}"
            time.sleep(POLL_SECONDS)
    finally:
        connections.close_all()


def describe_progress(organisation: ZohoOrganisation) -> str:
    rows = Mirror.objects.filter(organisation=organisation).order_by("pk")
    standings = [describe_mirror(mirror) for mirror in rows]
    words = " | ".join(describe_standing(standing) for standing in standings)
    return f"{draw_bar(standings)} {words}".lstrip()


def draw_bar(standings: Sequence[Standing]) -> str:
    """[####......]  40 % of all modules that are being filled; "" while their size is unknown."""
    filling = [one for one in standings if one.state == "filling"]
    if not filling or not all(one.expected for one in filling):
        return ""
    whole = sum(one.expected or 0 for one in filling)
    part = min(sum(one.read for one in filling) / whole, 1.0)
    done = int(part * BAR_SIGNS)
    return f"[{'#' * done}{'.' * (BAR_SIGNS - done)}] {part:4.0%}"


def describe_standing(standing: Standing) -> str:
    words = f"{standing.module}: {standing.state}, {standing.people} people"
    if standing.state == "filling":
        words += f", {standing.read} of {standing.expected or '?'} records read"
        words += f", page {standing.pages}, {standing.rate:.0f} records/s"
        if standing.seconds_left is not None:
            words += f", {timedelta(seconds=standing.seconds_left)} left"
    return f"{words} ({standing.trouble})" if standing.trouble else words
