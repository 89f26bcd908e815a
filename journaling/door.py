"""What of a report may come in at all: rules of exclusion and what may leave the PBX.

Of a report that is not journaled at all only its kind, its time, the rule and a keyed hash of the
number stay; what the settings keep at the PBX, though an older template sends it, is dropped.
"""

import json
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime

from connector.database_limit import is_away
from connector.exclusions import NEVER, Rule, find_rule
from connector.models import Connection
from connector.phones import read_number
from connector.threecx.bodies import keep_out
from connector.threecx.reports import Report
from journaling.models import Event, JournalSettings

SWITCHES = {
    "send_transcript": "transcription",
    "send_summary": "summary",
    "send_sentiment": "sentiment",
    "send_recording_link": "recordingurl",
    "send_chat_text": "messages",
}
TEXTS = frozenset(SWITCHES.values())


def pass_door(event: Event, report: Report, *, connection: Connection) -> bool:
    """Take from the event's body what may not stay. False when all but the bare facts went."""
    rule = find_rule(report, rules=connection.exclusions, numbers=connection.number_rules)
    if rule and rule["journal"] == NEVER:
        reduce_event(event, report, rule, connection=connection)
        return False
    mark = rule["kind"] if rule else ""
    names = TEXTS if rule else list_switched_off(connection)
    event.body = keep_out(bytes(event.body), names, mark=mark)
    return True


def list_switched_off(connection: Connection) -> frozenset[str]:
    """Nothing while the settings cannot be read: then the sweep drops it from what was spooled."""
    known = "journal" in connection._state.fields_cache
    journal: JournalSettings | None = (
        None if is_away() and not known else getattr(connection, "journal", None)
    )
    if journal is None:
        return frozenset()
    return frozenset(name for switch, name in SWITCHES.items() if not getattr(journal, switch))


def reduce_event(event: Event, report: Report, rule: Rule, *, connection: Connection) -> None:
    facts = {
        "kind": event.kind,
        "time": report.started_at.isoformat(timespec="seconds"),
        "rule": rule["kind"],
        "note": rule.get("note", ""),
        "number_hash": hash_number(read_number(report.number, connection.number_rules).key),
        "identity": hash_text(report.identity),
    }
    event.body = json.dumps(facts).encode()
    fill_reduced(event)


def fill_reduced(event: Event) -> None:
    """The columns of an event whose body is reduced."""
    facts: dict[str, Any] = json.loads(bytes(event.body))
    event.excluded_by = facts["rule"]
    event.identity = facts["identity"]
    event.number_key = facts["number_hash"][:40]
    event.started_at = parse_datetime(facts["time"])


def read_note(event: Event) -> str:
    """What the administrator noted beside the rule."""
    return str(json.loads(bytes(event.body)).get("note", ""))


def hash_number(key: str) -> str:
    """Keyed by SECRET_KEY: whoever has the database alone cannot try all numbers."""
    return hash_text(key) if key else ""


def hash_text(text: str) -> str:
    return hash_with(settings.SECRET_KEY, text)


def list_hashes(key: str) -> list[str]:
    """The hash of a number by SECRET_KEY and by each of its fallbacks: one of them is stored."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hash_with(secret, key) for secret in keys] if key else []


def hash_with(secret: str, text: str) -> str:
    return salted_hmac("journaling.door", text, secret=secret, algorithm="sha256").hexdigest()
