"""Nothing lost, nothing doubled, whatever dies: `make faults` for the full number of calls.

FAULT_CALLS and FAULT_SEED set number and seed; a failure prints both.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.audit import audit
from tests.faults.database import MortalPostgres
from tests.faults.world import World
from tests.flow.customer import SECRET_VARIABLE
from tests.support.portal import lay_out_portal

CALLS = int(os.environ.get("FAULT_CALLS", "60"))
SEED = int(os.environ.get("FAULT_SEED", "20261122"))
CLEAN = {"lost": 0, "doubled": 0, "strange": 0, "uneven_card": 0, "wrong_owner": 0}


@pytest.fixture
def database() -> Iterator[MortalPostgres]:
    """Not below pytest's own directory, which only its user may enter."""
    with tempfile.TemporaryDirectory(prefix="patchbay-faults-") as place:
        server = MortalPostgres(Path(place))
        server.start()
        yield server
        server.kill()


def hurt(world: World) -> None:
    world.start()
    world.hurt_while_posting(calls=CALLS, chats=CALLS // 10, pause=1)
    world.settle_down()
    print(f"seed {SEED}, {len(world.taken)} taken, refused {world.refused}, {world.done}")
    status = world.customer.read_status()
    assert (world.refused, status["parked"], status["left_out"]) == ([], 0, 0), status
    assert audit(world.customer, world.taken) == CLEAN, f"seed {SEED}"


def test_postgres_broker_web_and_workers_die_and_nothing_is_lost_or_doubled(
    database: MortalPostgres, tmp_path: Path
):
    url = database.server.create_database("portal")
    values = {SECRET_VARIABLE: "sandbox-secret"}
    with lay_out_portal(directory=tmp_path, database_url=url, **values) as portal:
        portal.manage("migrate", "--verbosity", "0")
        hurt(World(portal, database=database, seed=SEED))
