"""Identifiers that we make ourselves, before any database is asked."""

import hashlib
import secrets
import time
import uuid


def make_event_id() -> uuid.UUID:
    """A UUID of version 7: begins with the time, so that new rows sit together in the index."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def make_reference() -> str:
    """What a record in Zoho is recognised by: short enough for a person to read out."""
    return f"pb-{secrets.token_hex(6)}"


def derive_reference(*facts: object) -> str:
    """The same for the same facts: whoever has to do the work anew, from a backup for example,
    recognises what was written the first time."""
    text = "\n".join(map(str, facts))
    return f"pb-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
