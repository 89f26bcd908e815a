"""Files as an administrator writes them, and the command that takes them."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

Write = Callable[..., Path]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file: `write("...")` as a whole, `write(acme="...")` the keys of one connection."""

    def write_file(text: str = "", *, acme: str = "", name: str = "acme.yaml") -> Path:
        if acme:
            text = f"connections:\n  acme:\n    {acme.strip()}\n"
        path = tmp_path / name
        path.write_text(text)
        return path

    return write_file


@pytest.fixture
def run() -> Run:
    """Run `connections`; returns the exit code (0 or that of SystemExit) and standard output."""

    def run_command(*args: object) -> tuple[int, str]:
        out = StringIO()
        try:
            call_command("connections", *(str(arg) for arg in args), stdout=out)
        except SystemExit as stop:
            return int(stop.code or 0), out.getvalue()
        return 0, out.getvalue()

    return run_command
