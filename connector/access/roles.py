"""What each role may do. Rights are named as Django names permissions, so the admin asks for them.

What stands here for no role is left to administrators of every connection: a new page is closed
until somebody decides who may open it.
"""

from connector.models.access import Assignment

Role = Assignment.Role

VIEW_CONNECTION = "connector.view_connection"
CHANGE_CONNECTION = "connector.change_connection"
REPAIR_CONNECTION = "connector.repair_connection"
"""Pause, resume, test, release what a dead worker holds."""
REPAIR_ENTRY = "journaling.change_entry"
"""Try again, leave out, decide; nobody edits what was reported."""
READ_TEXTS = "journaling.read_texts"
SEE_NUMBERS = "journaling.see_numbers"
SEE_HISTORY = "auditlog.view_logentry"

LOOKED_AT = frozenset(
    {
        VIEW_CONNECTION,
        "connector.view_zohouser",
        "journaling.view_entry",
        "journaling.view_event",
        "journaling.view_attempt",
        "journaling.view_alarm",
    }
)
REPAIRED = LOOKED_AT | {REPAIR_CONNECTION, REPAIR_ENTRY}
MANAGED = ("agent", "queue", "agenttoken")
ADMINISTERED = (
    REPAIRED
    | {CHANGE_CONNECTION, SEE_HISTORY, SEE_NUMBERS}
    | {
        f"{model}"
        for verb in ("view", "add", "change", "delete")
        for model in (
            *(f"connector.{verb}_{name}" for name in MANAGED),
            f"journaling.{verb}_alarmreceiver",
        )
    }
)
RIGHTS: dict[str, frozenset[str]] = {
    Role.VIEWER: LOOKED_AT,
    Role.OPERATOR: REPAIRED,
    Role.ADMINISTRATOR: ADMINISTERED,
}


def has_right(assignment: Assignment, right: str) -> bool:
    if right in (READ_TEXTS, SEE_NUMBERS) and assignment.reads_texts:
        return True
    if right == READ_TEXTS:
        return False
    is_everywhere = assignment.connection_id is None
    if is_everywhere and assignment.role == Role.ADMINISTRATOR:
        return True
    return right in RIGHTS[assignment.role]
