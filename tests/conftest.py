"""Every test runs against a PostgreSQL of this run's own, never against a developer's settings.

The environment is set while this file is imported, before anything reads Django's settings; with
xdist the first process starts the server and the workers inherit its address.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django

from tests.support.environment import build_environment
from tests.support.postgres import run_postgres

STARTED = ExitStack()

if "PYTEST_XDIST_WORKER" not in os.environ:
    data_dir = Path(STARTED.enter_context(tempfile.TemporaryDirectory(prefix="patchbay-tests-")))
    server = STARTED.enter_context(run_postgres())
    environment = build_environment(
        data_dir=data_dir, DATABASE_URL=server.url(), CELERY_BROKER_URL="redis://127.0.0.1:1/0"
    )
    os.environ.clear()
    os.environ.update(environment)


# Here, so that conftests further down may import models.
django.setup()


def pytest_unconfigure() -> None:
    STARTED.close()
