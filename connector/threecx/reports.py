"""A call and a chat as the PBX reported them, and what tells one report from another."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CallType(StrEnum):
    """`[CallType]` of 3CX; Inbound and Outbound are answered."""

    INBOUND = "Inbound"
    MISSED = "Missed"
    OUTBOUND = "Outbound"
    NOTANSWERED = "Notanswered"


class Direction(StrEnum):
    """`[CallDirection]` of 3CX."""

    INBOUND = "Inbound"
    OUTBOUND = "Outbound"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What calls and chats share. Texts are empty when the PBX did not say; times are UTC.

    `number` is as the PBX sent it; `agent` and `queue` are extensions; `date_time` is the PBX's
    local text, for show only. `sent_start_at` is the start as the PBX gave it, `started_at` the
    one to use: estimated from the end or the arrival when none came (`start_estimated`), the
    arrival when the given one lies ahead of it (`start_corrected`). `kept_back` is the portal's own
    mark: a rule keeps the texts of this report out of Zoho.
    """

    number: str
    name: str
    agent: str
    agent_name: str
    agent_email: str
    queue: str
    entity_id: str
    entity_type: str
    started_at: datetime
    ended_at: datetime
    seconds: int
    start_estimated: bool
    start_corrected: bool
    sent_start_at: datetime | None
    sent_end_at: datetime | None
    date_time: str
    kept_back: str = ""

    @property
    def identity(self) -> str:
        """64 hex digits, the same for every delivery of the same facts.

        Names, texts and the time of arrival stay out; so does the agent's e-mail, which changes
        with the mapping.
        """
        return _digest([*self._list_facts(), *self._list_times(), self.agent, self.queue])

    def _list_facts(self) -> list[str]:
        raise NotImplementedError

    def _list_times(self) -> list[str]:
        if sent := self.sent_start_at or self.sent_end_at:
            return [sent.replace(microsecond=0).isoformat()]
        if self.date_time:
            return [self.date_time, str(self.seconds)]
        # No time at all: a repeat is known by its minute of arrival only, so that the next such
        # call is not taken for one.
        return [self.started_at.replace(second=0, microsecond=0).isoformat(), str(self.seconds)]


@dataclass(frozen=True, kw_only=True)
class CallReport(Report):
    """One agent leg of an external call; a queue or a transfer gives several."""

    type: CallType
    direction: Direction
    recording_url: str
    transcription: str
    summary: str
    sentiment: str

    def _list_facts(self) -> list[str]:
        return ["call", self.type, keep_digits(self.number)]


@dataclass(frozen=True, kw_only=True)
class ChatReport(Report):
    """One closed chat; `messages` is the transcript, verbatim."""

    email: str
    messages: str

    def _list_facts(self) -> list[str]:
        # Visitors of a web site have an e-mail and no number, so both say who it was.
        return ["chat", keep_digits(self.number), self.email.casefold()]


def identify_unreadable(body: bytes, *, kind: str) -> str:
    """The identity of a body that cannot be read: it repeats only when every byte does."""
    return hashlib.sha256(f"{kind} unreadable ".encode() + body).hexdigest()


def keep_digits(number: str) -> str:
    """The ASCII digits of a number."""
    return "".join(sign for sign in number if sign in "0123456789")


def _digest(facts: list[str]) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
