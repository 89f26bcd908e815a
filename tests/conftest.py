"""Every test runs against a PostgreSQL of this run's own, never against a developer's settings.
With TESTS_ON=sqlite `django_db` is a file of SQLite instead.

The environment is set while this file is imported, before anything reads Django's settings; with
xdist the first process starts the server and the workers inherit its address.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import django
import pytest
from django.db import connection, connections

from config.translations import compile_translations
from connector.rate_limits import forget_rates
from tests.support.environment import build_environment
from tests.support.portal import DATABASE_FILE, Portal, lay_out_portal
from tests.support.postgres import Postgres, run_postgres
from tests.support.valkey import Valkey, run_valkey

STARTED = ExitStack()

ON_SQLITE = os.environ.get("TESTS_ON") == "sqlite"

if "PYTEST_XDIST_WORKER" not in os.environ:
    data_dir = Path(STARTED.enter_context(tempfile.TemporaryDirectory(prefix="patchbay-tests-")))
    server = STARTED.enter_context(run_postgres())
    environment = build_environment(
        data_dir=data_dir,
        DATABASE_URL="" if ON_SQLITE else server.url(),
        CELERY_BROKER_URL="redis://127.0.0.1:1/0",
    )
    os.environ.clear()
    os.environ.update(environment)
    compile_translations(Path(__file__).parent.parent / "locale")

RUN_DIRECTORY = Path(os.environ["DATA_DIR"])

# Here, so that conftests further down may import models.
django.setup()
if ON_SQLITE:
    connection.settings_dict["TEST"]["NAME"] = str(RUN_DIRECTORY / f"tests-{os.getpid()}.sqlite3")


def pytest_unconfigure() -> None:
    STARTED.close()


@pytest.fixture(autouse=True)
def _own_settings(settings):
    """Refused requests are written when a test says so, not in the middle of another one. However
    busy the machine is, no report goes to the spool unless a test is about that.

    Passwords are checked as always, only without the third of a second that each is meant to take.
    What another test did at the PBX's doors counts for no limit.
    """
    settings.KNOCKS_WRITTEN_AFTER = 3600.0
    settings.DATABASE_SECONDS = 3600.0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    forget_rates()


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The run's PostgreSQL server, for databases besides the one of `django_db`."""
    return Postgres(urlsplit(os.environ["DATABASE_URL"]).port or 0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker, postgres: Postgres) -> Iterator[None]:
    """Besides the tests' own database a copy of it, as it is before the first test."""
    if ON_SQLITE:
        yield
        return
    with django_db_blocker.unblock():
        own = connection.settings_dict["NAME"]
        connections.close_all()
    postgres.create_database(f"{own}_empty", template=own)
    yield
    postgres.drop_database(f"{own}_empty")


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: None) -> str:
    """The name of a migrated, empty database that portals are given copies of."""
    return f"{connection.settings_dict['NAME']}_empty"


@pytest.fixture(scope="session")
def migrated_file() -> Path:
    """The same for SQLite, made by the first that asks of all processes of this run."""
    made = RUN_DIRECTORY / "migrated.sqlite3"
    with (RUN_DIRECTORY / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            directory = RUN_DIRECTORY / "migrated"
            directory.mkdir()
            with lay_out_portal(directory=directory, database_url="") as portal:
                portal.manage("migrate", "--verbosity", "0")
            shutil.move(directory / DATABASE_FILE, made)
    return made


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
                migrated: Path = request.getfixturevalue("migrated_file")
                shutil.copy(migrated, directory / DATABASE_FILE)
            return portal

        yield make
