"""Verdicts for a person at the terminal, and for a program."""

from collections.abc import Iterator
from typing import Any

from config.version import VERSION
from journaling.doctor.examining import is_healthy
from journaling.doctor.verdicts import State, Verdict

MARKS = {State.GOOD: "good   ", State.WARNING: "WARNING", State.BAD: "BAD    "}


def describe_lines(verdicts: list[Verdict]) -> Iterator[str]:
    yield f"Patchbay {VERSION}"
    for verdict in verdicts:
        name = f"{verdict.name} {verdict.subject}".rstrip()
        yield f"{MARKS[verdict.state]}  {name}: {verdict.reason}"
        if verdict.remedy and verdict.state is not State.GOOD:
            yield f"         -> {verdict.remedy}"


def describe_json(verdicts: list[Verdict]) -> dict[str, Any]:
    """{"healthy", "version", "checks": [{"name", "subject", "state", "reason", "remedy"}]}."""
    return {
        "healthy": is_healthy(verdicts),
        "version": VERSION,
        "checks": [
            {
                "name": verdict.name,
                "subject": verdict.subject,
                "state": verdict.state,
                "reason": verdict.reason,
                "remedy": verdict.remedy,
            }
            for verdict in verdicts
        ],
    }
