"""The tests whose SQL the database could take otherwise, once more on SQLite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("test_privacy", "test_trace", "ending/test_removal", "ending/test_retention")


@pytest.mark.skipif(os.environ.get("TESTS_ON") == "sqlite", reason="this is the second run")
def test_erasing_deleting_and_noting_do_the_same_on_sqlite():
    files = [f"tests/journaling/{name}.py" for name in FILES]
    told = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | {
        "TESTS_ON": "sqlite"
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT, env=told, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
