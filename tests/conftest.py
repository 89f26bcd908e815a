"""Every test runs against a PostgreSQL of this run's own, never against a developer's settings.

The environment is set while this file is imported, before anything reads Django's settings; with
xdist the first process starts the server and the workers inherit its address.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import django
import pytest

from config.translations import compile_translations
from tests.support.environment import build_environment
from tests.support.portal import Portal, lay_out_portal
from tests.support.postgres import Postgres, run_postgres
from tests.support.valkey import Valkey, run_valkey

STARTED = ExitStack()

if "PYTEST_XDIST_WORKER" not in os.environ:
    data_dir = Path(STARTED.enter_context(tempfile.TemporaryDirectory(prefix="patchbay-tests-")))
    server = STARTED.enter_context(run_postgres())
    environment = build_environment(
        data_dir=data_dir, DATABASE_URL=server.url(), CELERY_BROKER_URL="redis://127.0.0.1:1/0"
    )
    os.environ.clear()
    os.environ.update(environment)
    compile_translations(Path(__file__).parent.parent / "locale")

# Here, so that conftests further down may import models.
django.setup()


def pytest_unconfigure() -> None:
    STARTED.close()


@pytest.fixture(autouse=True)
def _no_timers(settings):
    """Refused requests are written when a test says so, not in the middle of another one."""
    settings.KNOCKS_WRITTEN_AFTER = 3600.0


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The run's PostgreSQL server, for databases besides the one of `django_db`."""
    return Postgres(urlsplit(os.environ["DATABASE_URL"]).port or 0)


@pytest.fixture(scope="session")
def migrated_database(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a migrated, empty database that portals are given copies of."""
    name = f"template_{uuid4().hex}"
    url = postgres.create_database(name)
    directory = tmp_path_factory.mktemp("migrated")
    with lay_out_portal(directory=directory, database_url=url) as portal:
        portal.manage("migrate", "--verbosity", "0")
    yield name
    postgres.drop_database(name)


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A Valkey server of this test's own."""
    with (
        tempfile.TemporaryDirectory(prefix="patchbay-valkey-") as directory,
        run_valkey(Path(directory)) as server,
    ):
        yield server


@pytest.fixture
def make_portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Portal]]:
    """Lay out portals: `make_portal(database="sqlite", SANDBOX="0")`; nothing runs until `start`.

    Each has a migrated database of its own, a copy on the run's PostgreSQL unless told otherwise;
    further arguments are variables of its environment.
    """
    with ExitStack() as stack:

        def make(*, database: str = "postgres", **values: str) -> Portal:
            name = f"portal_{uuid4().hex}"
            directory = tmp_path / name
            directory.mkdir()
            url = ""
            if database == "postgres":
                server: Postgres = request.getfixturevalue("postgres")
                template = request.getfixturevalue("migrated_database")
                url = server.create_database(name, template=template)
                stack.callback(server.drop_database, name)
            portal = stack.enter_context(
                lay_out_portal(directory=directory, database_url=url, **values)
            )
            if database == "sqlite":
                portal.manage("migrate", "--verbosity", "0")
            return portal

        yield make


@pytest.fixture
def portal(make_portal: Callable[..., Portal]) -> Portal:
    """A portal on PostgreSQL with everything running: broker, web, worker and beat."""
    portal = make_portal()
    portal.start()
    return portal
