"""Database and broker: do they answer, fit this version, and agree on the time?"""

import time
from collections.abc import Callable, Iterator

import redis
from django.core import checks
from django.db import connection

from connector.moving.schema import find_unknown_migrations
from connector.rotation import count_unreadable
from journaling.doctor.verdicts import State, Verdict, judge
from journaling.operating import readiness
from journaling.operating.broker import open_broker

LARGEST_DIFFERENCE_SECONDS = 5
LEAST_POSTGRESQL = 140_000


def check_database() -> list[Verdict]:
    """Whether it answers, and whether its tables are those of this version."""
    database = readiness.check_database()
    if not database.is_good:
        return [read_check(database)]
    return [check_version(), check_migrations(database)]


def read_check(check: readiness.Check, *, fine: str = "") -> Verdict:
    return judge(check.name, trouble=check.reason, remedy=str(check.remedy), fine=fine)


def check_migrations(database: readiness.Check) -> Verdict:
    if unknown := find_unknown_migrations():
        words = f"the database is newer than this version: {unknown}"
        return judge("migrations", trouble=words, remedy="Install the newer version")
    return read_check(readiness.check_migrations(database), fine="all are done")


def check_version() -> Verdict:
    if connection.vendor != "postgresql":
        return Verdict(name="database", state=State.GOOD, reason="SQLite")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [told] = cursor.fetchone()
        cursor.execute("SHOW server_version_num")
        [number] = cursor.fetchone()
    return judge(
        "database",
        trouble=f"PostgreSQL {told} is too old" if int(number) < LEAST_POSTGRESQL else "",
        remedy="PostgreSQL 14 or later is needed",
        fine=f"PostgreSQL {told}",
    )


def check_broker() -> Iterator[Verdict]:
    broker = readiness.check_broker()
    yield read_check(broker, fine="it answers")
    if broker.is_good:
        yield from check_clock("the broker", read_broker_time)


def check_stored() -> Iterator[Verdict]:
    yield from check_letters()
    unreadable = count_unreadable()
    yield judge(
        "keys",
        trouble=f"{unreadable} stored secrets cannot be read" if unreadable else "",
        remedy="Put the missing key back into FIELD_ENCRYPTION_KEYS; what stays unreadable has to"
        " be entered, and its connection authorised, again",
        fine="every stored secret can be read",
    )
    if connection.vendor == "postgresql":
        yield from check_clock("the database", read_database_time)


def check_letters() -> Iterator[Verdict]:
    """PostgreSQL's trigrams and locale, by the checks that the start makes too."""
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    for message in found:
        state = State.BAD if message.level >= checks.ERROR else State.WARNING
        yield Verdict(
            name="locale", state=state, reason=str(message.msg), remedy=message.hint or ""
        )
    if not found:
        yield Verdict(name="locale", state=State.GOOD, reason="names are searched in any alphabet")


def check_clock(place: str, read: Callable[[], float]) -> Iterator[Verdict]:
    before = time.time()
    told = read()
    difference = max(before - told, told - time.time(), 0)
    words = f"the clock of {place} differs from this machine's by {difference:.1f} s"
    yield judge(
        "clock",
        trouble=words if difference > LARGEST_DIFFERENCE_SECONDS else "",
        remedy="Let every machine take its time from NTP: leases and links end by the clock",
        fine=words,
    )


def read_database_time() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return float(cursor.fetchone()[0])


def read_broker_time() -> float:
    client: redis.Redis
    with open_broker() as client:
        seconds, microseconds = client.time()
    return float(seconds) + float(microseconds) / 1e6
