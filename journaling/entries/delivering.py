"""Transitions of a claimed Entry: each asks for the token, and writes nothing without it."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from connector.counting import tallies
from connector.wording import Words
from journaling.entries.claiming import LEASE, drop_claim, held_by
from journaling.entries.writing import write_held
from journaling.guards import DOUBT, NOT_FOUND
from journaling.models import Entry
from journaling.trace import add_lines, note

STEPS = (1, 5, 20, 60, 240, 720)
DAY = 24 * 60
LAST_TRY = len(STEPS) + 8
"""A record's own failures: minutes until the next try, then daily; parked after the eighth day."""

SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=10)
"""For one that Zoho gave no answer about: it may be in trouble as a whole."""
LONGEST_DOUBT = timedelta(days=1)

State = Entry.State


def write_composed(token: uuid.UUID, entries: Sequence[Entry]) -> bool:
    """Store what is sent at once, and prolong its claim. Afterwards the outcome may be unknown.

    False unless the claim still holds all of them.
    """
    now = timezone.now()
    for entry in entries:
        entry.first_sent_at = entry.first_sent_at or now
        entry.last_sent_at = now
        entry.claimed_until = now + LEASE
    written = write_held(
        token,
        entries,
        columns=[
            "record", "trigger", "trace", "card_module", "card_zoho_id", "owner_zoho_id",
            "person", "first_sent_at", "last_sent_at", "claimed_until",
        ],
    )  # fmt: skip
    return written == len(entries)


def mark_delivered(token: uuid.UUID, entries: Iterable[Entry]) -> None:
    """Zoho has them; each entry carries its `zoho_id` and trace."""
    now = timezone.now()
    done = list(entries)
    delays = [measure_delay(entry, now=now) for entry in done]
    tallies.observe("delivery_delay_seconds", *delays)
    for entry in done:
        entry.state = State.DELIVERED
        entry.delivered_at = now
        entry.claim = entry.claimed_until = entry.next_attempt_at = None
        entry.reason = entry.words = entry.field = ""
    write_held(
        token,
        done,
        columns=[
            "state", "zoho_id", "zoho_modified_at", "trace", "delivered_at", "claim",
            "claimed_until", "next_attempt_at", "reason", "words", "field",
        ],
    )  # fmt: skip


def measure_delay(entry: Entry, *, now: datetime) -> float:
    """Seconds from the end of the call or chat until Zoho had its record."""
    began_at = entry.ended_at or entry.created_at
    return max((now - began_at).total_seconds(), 0)


def mark_unknown(token: uuid.UUID, ids: Collection[int], *, words: Words, wait: timedelta) -> int:
    """Sent, but nobody knows whether Zoho wrote them: ask after `wait`."""
    return drop_claim(
        held_by(token).filter(pk__in=ids),
        state=State.UNKNOWN,
        reason="unknown_outcome",
        words=words,
        next_attempt_at=timezone.now() + wait,
    )


def ask_before(token: uuid.UUID, entries: Sequence[Entry]) -> None:
    """Restored from a backup: they may have been sent since it was made, so Zoho is asked first."""
    for entry in entries:
        note(entry, "asks_first")
        held_by(token).filter(pk=entry.pk).update(trace=add_lines(entry))
    drop_claim(
        held_by(token).filter(pk__in=[entry.pk for entry in entries]),
        state=State.UNKNOWN,
        reason="restored",
        ask_first=False,
        first_sent_at=F("created_at"),
        next_attempt_at=timezone.now(),
    )


def mark_doubtful(token: uuid.UUID, entries: Collection[Entry], *, words: Words) -> None:
    """The same, but sending again is safe: the unique field answers with what is there."""
    for entry in entries:
        repeat(token, entry, reason=DOUBT, words=words)


def send_guarded(token: uuid.UUID, ids: Collection[int]) -> int:
    """Of unknown outcome, and due again without a question: as doubtful ones are."""
    return drop_claim(
        held_by(token).filter(pk__in=ids), state=State.WAITING, next_attempt_at=timezone.now()
    )


def try_later(token: uuid.UUID, entry: Entry, *, reason: str, words: Words) -> None:
    """A passing trouble of this one record: a later try is a row, never a countdown."""
    if entry.tries + 1 >= LAST_TRY:
        park(token, entry, reason=reason, words=words)
        return
    minutes = STEPS[entry.tries] if entry.tries < len(STEPS) else DAY
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        state=State.WAITING,
        tries=F("tries") + 1,
        reason=reason,
        words=words,
        trace=add_lines(entry),
        next_attempt_at=timezone.now() + timedelta(minutes=minutes),
    )


def put_off(token: uuid.UUID, entry: Entry, *, words: Words) -> None:
    """Zoho did not answer a question about this one: others go first. That is no try, since Zoho
    may be in trouble as a whole; it waits a tenth of its age, one to ten minutes."""
    reason = {} if entry.reason == DOUBT else {"reason": "temporary", "words": words}
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        state=State.WAITING,
        next_attempt_at=timezone.now() + choose_wait(entry),
        **reason,
    )


def choose_wait(entry: Entry) -> timedelta:
    """Never so long that a call is late when it was Zoho's trouble and is over."""
    return min(max((timezone.now() - entry.created_at) / 10, SHORTEST_WAIT), LONGEST_WAIT)


def check_later(token: uuid.UUID, entry: Entry, *, wait: timedelta) -> None:
    """Zoho was asked and has nothing yet: ask once more."""
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        checks=F("checks") + 1,
        trace=add_lines(entry),
        next_attempt_at=timezone.now() + wait,
    )


def send_again(token: uuid.UUID, entry: Entry) -> None:
    """Zoho was asked twice and has nothing."""
    repeat(token, entry, reason=NOT_FOUND, words="", checks=0)


def repeat(token: uuid.UUID, entry: Entry, *, reason: str, words: Words, **changes: object) -> None:
    """Due again: at once the first time, then behind others, since it may be this very record that
    Zoho stumbles over. One that did so many times and for a day needs a person."""
    now = timezone.now()
    began_at = entry.first_sent_at or now
    if entry.tries + 1 >= LAST_TRY and now - began_at > LONGEST_DOUBT:
        park(token, entry, reason=reason, words=words)
        return
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        state=State.WAITING,
        tries=F("tries") + 1,
        reason=reason,
        words=words,
        trace=add_lines(entry),
        next_attempt_at=now + choose_wait(entry) if entry.tries else now,
        **changes,
    )


def choose_owner_again(token: uuid.UUID, entry: Entry, *, words: Words) -> None:
    """Zoho refused the owner: due again at once, for another one."""
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        state=State.WAITING,
        tries=F("tries") + 1,
        reason="owner_refused",
        words=words,
        trace=add_lines(entry),
        next_attempt_at=timezone.now(),
    )


def send_without(token: uuid.UUID, entry: Entry, *, field: str, words: Words) -> None:
    """Zoho refused an optional field: due again at once, without it."""
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        state=State.WAITING,
        tries=F("tries") + 1,
        reason="field_refused",
        words=words,
        field=field[:100],
        trace=add_lines(entry),
        next_attempt_at=timezone.now(),
    )


def wait_for(token: uuid.UUID, entry: Entry, *, person: Entry) -> None:
    """Due again as soon as the person that it comes after is in Zoho."""
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        state=State.WAITING,
        after=person,
        trace=add_lines(entry),
        next_attempt_at=timezone.now(),
    )


def park(token: uuid.UUID, entry: Entry, *, reason: str, words: Words, field: str = "") -> None:
    """A person has to decide; the neighbours go on."""
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        state=State.PARKED,
        reason=reason[:60],
        words=words,
        field=field[:100],
        trace=add_lines(entry),
        tries=F("tries") + 1,
        next_attempt_at=None,
    )


def leave_out_claimed(token: uuid.UUID, entry: Entry, *, reason: str) -> None:
    """A rule of the connection keeps this one out of Zoho."""
    drop_claim(
        held_by(token).filter(pk=entry.pk),
        state=State.LEFT_OUT,
        reason=reason,
        trace=add_lines(entry),
        next_attempt_at=None,
    )
