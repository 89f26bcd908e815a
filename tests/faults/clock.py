"""Time passes in the database: what waits for a moment is due, what a dead worker held is free."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import psycopg

from tests.support.portal import DATABASE_FILE, Portal

LATE_SECONDS = 5
"""Longer than the sandbox's Zoho takes to write what it did not answer."""


class Clock:
    """Moves moments in a portal's database. While that is away, nothing moves."""

    def __init__(self, portal: Portal) -> None:
        self.url = portal.environment["DATABASE_URL"]
        self.file = portal.directory / DATABASE_FILE

    def pass_settling_time(self, *, minutes: int) -> None:
        """As if our clock went on for so long: calls that wait for further parts are due."""
        moment = self.shift("next_attempt_at", minutes=-minutes)
        self.run(
            f"update journaling_entry set next_attempt_at = {moment} where state = 'settling'",
            f"update journaling_event set settle_at = {self.shift('settle_at', minutes=-minutes)}"
            " where settle_at is not null and entry_id is null",
        )

    def end_leases(self) -> None:
        """Only while no worker lives who could hold one."""
        self.run(
            *(
                f"update {table} set claimed_until = {self.shift('claimed_until', minutes=-5)}"
                " where claimed_until is not null"
                for table in ("journaling_lane", "journaling_entry")
            )
        )

    def end_waits(self) -> None:
        """After trouble Zoho may be asked again, and unknown outcomes looked up."""
        sent = f"last_sent_at is null or last_sent_at < {self.now(seconds=-LATE_SECONDS)}"
        self.run(
            "update connector_zohoorganisation set waits_until = null",
            "update connector_zohogrant set waits_until = null",
            f"update journaling_entry set next_attempt_at = {self.now()}"
            " where state in ('unknown', 'waiting') and"
            f" next_attempt_at > {self.now()} and ({sent})",
        )

    def shift(self, column: str, *, minutes: int) -> str:
        if self.url:
            return f"{column} + interval '{minutes} minutes'"
        return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '{minutes} minutes')"

    def now(self, *, seconds: int = 0) -> str:
        if self.url:
            return f"now() + interval '{seconds} seconds'"
        return f"strftime('%Y-%m-%d %H:%M:%f', 'now', '{seconds} seconds')"

    def run(self, *statements: str) -> None:
        if self.url:
            with (
                suppress(psycopg.OperationalError),
                psycopg.connect(self.url, autocommit=True, connect_timeout=2) as other,
            ):
                for statement in statements:
                    other.execute(statement.encode())
            return
        run_in_sqlite(self.file, statements)


def run_in_sqlite(file: Path, statements: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)
