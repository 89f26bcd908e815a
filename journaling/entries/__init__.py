"""The transitions of an Entry. Only this package changes an Entry's state.

Work is claimed by one UPDATE whose outer where repeats the condition and which writes a fresh
token; PostgreSQL at READ COMMITTED would hand rows out twice without it. Every later change asks
for the token: when no row changes, the claim was lost and nothing may be written.
"""

from journaling.entries.announcing import postpone, withdraw
from journaling.entries.claiming import (
    UNKNOWN_WAIT,
    claim,
    claim_checks,
    free_claims,
    list_due,
    list_due_checks,
    put_back,
    renew,
    sweep,
)
from journaling.entries.correcting import give_back, note_rewritten, supersede
from journaling.entries.deciding import leave_out, leave_out_unsent, park_open, release
from journaling.entries.delivering import (
    ask_before,
    check_later,
    choose_owner_again,
    leave_out_claimed,
    mark_delivered,
    mark_doubtful,
    mark_unknown,
    park,
    put_off,
    send_again,
    send_guarded,
    send_without,
    try_later,
    wait_for,
    write_composed,
)
from journaling.entries.joining import dissolve, hold, is_moving, list_joinable
from journaling.entries.reconciling import ask_again, mark_gone
from journaling.entries.relinking import give_up_relinking, relink

__all__ = [
    "UNKNOWN_WAIT",
    "ask_again",
    "ask_before",
    "check_later",
    "choose_owner_again",
    "claim",
    "claim_checks",
    "dissolve",
    "free_claims",
    "give_back",
    "give_up_relinking",
    "hold",
    "is_moving",
    "leave_out",
    "leave_out_claimed",
    "leave_out_unsent",
    "list_due",
    "list_due_checks",
    "list_joinable",
    "mark_delivered",
    "mark_doubtful",
    "mark_gone",
    "mark_unknown",
    "note_rewritten",
    "park",
    "park_open",
    "postpone",
    "put_back",
    "put_off",
    "release",
    "relink",
    "renew",
    "send_again",
    "send_guarded",
    "send_without",
    "supersede",
    "sweep",
    "try_later",
    "wait_for",
    "withdraw",
    "write_composed",
]
