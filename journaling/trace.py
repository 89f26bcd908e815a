"""The decisions about an Entry, written down while they are made."""

from typing import Any

from django.utils import timezone

from connector.wording import pack
from journaling.models import Entry

LONGEST_TRACE = 200
"""Rows; a record that is tried for months keeps its first and its newest decisions."""


def note(entry: Entry, code: str, **facts: Any) -> None:
    """Add one decision; it is stored with the entry's next transition.

    `facts` are JSON values and wordings. telling/story.py turns codes and facts into sentences.
    """
    row = {"at": timezone.now().isoformat(timespec="seconds"), "code": code, **pack(facts)}
    kept = entry.trace[-(LONGEST_TRACE // 2) :] if len(entry.trace) >= LONGEST_TRACE else []
    entry.trace = [*(entry.trace[: LONGEST_TRACE // 4] + kept if kept else entry.trace), row]
