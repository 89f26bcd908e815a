"""A call that nobody made, as the PBX would report it."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from connector.threecx.reports import CallType
from journaling.models import Event, JournalSettings

SAMPLE_LENGTH = timedelta(seconds=65)


def find_sample_end(settings: JournalSettings) -> datetime:
    """Now; of a connection that journals from a later moment on, soon after that."""
    now = timezone.now().replace(microsecond=0)
    if settings.journal_from is None:
        return now
    # Reports have no parts of a second: the next whole one is not before that moment.
    begins_at = settings.journal_from.replace(microsecond=0) + timedelta(seconds=1)
    return max(now, begins_at + SAMPLE_LENGTH)


def write_report(
    *,
    kind: str,
    number: str,
    extension: str = "",
    email: str = "",
    queue: str = "",
    ended_at: datetime | None = None,
) -> bytes:
    """What our template would post for a call that just ended, or will have ended at `ended_at`;
    `kind` is a CallType or "chat"."""
    ended_at = ended_at or timezone.now().replace(microsecond=0)
    started_at = ended_at - SAMPLE_LENGTH
    facts: dict[str, Any] = {
        "number": number,
        "agent": extension,
        "agent_email": email,
        "queue": queue,
        "start": write_moment(started_at),
        "end": write_moment(ended_at),
        "seconds": str(int(SAMPLE_LENGTH.total_seconds())),
    }
    if kind == Event.Kind.CHAT:
        return json.dumps({**facts, "messages": "…"}).encode()
    incoming = kind in (CallType.INBOUND, CallType.MISSED)
    answered = kind in (CallType.INBOUND, CallType.OUTBOUND)
    facts |= {"type": kind, "direction": "Inbound" if incoming else "Outbound"}
    return json.dumps(facts if answered else {**facts, "seconds": "0"}).encode()


def write_moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
