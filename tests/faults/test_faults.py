"""Nothing lost, nothing doubled, whatever dies: `make faults` for the full number of calls.

FAULT_CALLS, FAULT_CHATS, FAULT_OUTAGE (seconds without PostgreSQL), FAULT_PACE (seconds between
reports), FAULT_PAUSE (most seconds between harms) and FAULT_SEED set what happens.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.audit import audit
from tests.faults.database import MortalPostgres
from tests.faults.harm import Scheduler
from tests.faults.plays import plan_reports
from tests.faults.world import World
from tests.flow.customer import SECRET_VARIABLE
from tests.support.portal import DATABASE_FILE, Portal, lay_out_portal

CALLS = int(os.environ.get("FAULT_CALLS", "40"))
CHATS = int(os.environ.get("FAULT_CHATS", str(CALLS // 10)))
OUTAGE = float(os.environ.get("FAULT_OUTAGE", "0"))
PACE = float(os.environ.get("FAULT_PACE", "0.03"))
SEED = int(os.environ.get("FAULT_SEED", "20261122"))
PAUSE = float(os.environ.get("FAULT_PAUSE", "1"))
IS_FULL = "FAULT_CALLS" in os.environ
ALL = ("",)
USUAL = ("zoho:", "kill web", "kill broker", "kill all workers", "kill postgres")
QUICK = ("kill web", "kill all workers")
LONGEST = timedelta(minutes=15)
"""No call lasts longer: none may end after it is reported."""

SECRETS = {SECRET_VARIABLE: "sandbox-secret"}


@pytest.fixture
def database() -> Iterator[MortalPostgres]:
    """Not below pytest's own directory, which only its user may enter."""
    with tempfile.TemporaryDirectory(prefix="patchbay-faults-") as place:
        server = MortalPostgres(Path(place))
        server.start()
        yield server
        server.kill()


def hurt(
    portal: Portal,
    *,
    database: MortalPostgres | None = None,
    with_field: bool = False,
    kinds: Sequence[str],
) -> None:
    """Post while everything dies, let it come to rest, compare."""
    world = World(portal, database=database, seed=SEED, pace=PACE)
    world.start(with_field=with_field)
    now = datetime.now(UTC).replace(microsecond=0) - LONGEST
    reports = plan_reports(calls=CALLS, chats=CHATS, seed=SEED, now=now)
    began = time.monotonic()
    poster = world.start_posting(reports)
    # In the long runs harm goes on until most of all has been delivered under it.
    share, patience = (0.9, 15) if IS_FULL else (0, 0)
    scheduler = Scheduler(world, outage=OUTAGE if database else 0, kinds=kinds, patience=patience)
    scheduler.harm_while(
        lambda: poster.is_alive() or world.count_delivered() < share * len(world.taken),
        pause=PAUSE,
    )
    poster.join()
    meanwhile = world.count_delivered()
    tried_again = world.settle_down()
    found = audit(world.customer, list(world.taken.values()))
    print(
        f"\nseed {SEED}, {time.monotonic() - began:.0f} s, {world.posted} reports of "
        f"{len(world.taken)} calls and chats, refused {len(world.refused)}, "
        f"{ {name: len(ones) for name, ones in found.items()} }, "
        f"{meanwhile} delivered under harm, {tried_again} tried again by a person, "
        f"{len(scheduler.done)} times harm: {scheduler.done}"
    )
    status = world.customer.read_status()
    assert (world.refused, status["parked"]) == ([], 0), status
    assert not any(found.values()), f"seed {SEED}: {found}"


def test_everything_dies_on_postgres_and_nothing_is_lost_or_doubled(
    database: MortalPostgres, tmp_path: Path
):
    url = database.server.create_database("portal")
    with lay_out_portal(directory=tmp_path, database_url=url, **SECRETS) as portal:
        portal.manage("migrate", "--verbosity", "0")
        hurt(portal, database=database, kinds=ALL if IS_FULL else USUAL)


@pytest.mark.skipif(not IS_FULL, reason="one run on PostgreSQL is enough for every day")
def test_the_same_with_the_reference_field(database: MortalPostgres, tmp_path: Path):
    url = database.server.create_database("portal")
    with lay_out_portal(directory=tmp_path, database_url=url, **SECRETS) as portal:
        portal.manage("migrate", "--verbosity", "0")
        hurt(portal, database=database, with_field=True, kinds=ALL)


def test_web_and_workers_die_on_sqlite_and_nothing_is_lost_or_doubled(
    migrated_file: Path, tmp_path: Path
):
    shutil.copy(migrated_file, tmp_path / DATABASE_FILE)
    with lay_out_portal(directory=tmp_path, database_url="", **SECRETS) as portal:
        hurt(portal, kinds=ALL if IS_FULL else QUICK)
