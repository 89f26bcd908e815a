"""What happens at a PBX: calls with their legs, and chats."""

from dataclasses import dataclass
from datetime import datetime, timedelta

OUTBOUND_TYPES = ("Outbound", "Notanswered")


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Who sits at an extension, as 3CX knows it."""

    number: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class SandboxQueue:
    number: str
    name: str = ""
    ring_seconds: int = 20


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One extension's part of a call; `type` is 3CX's CallType. `seconds` of talk or ringing."""

    type: str
    extension: Extension
    started_at: datetime
    seconds: int

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(seconds=self.seconds)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One external call. `caller_name` is what the trunk says when the CRM knows nobody."""

    number: str
    legs: tuple[Leg, ...]
    queue: str = ""
    caller_name: str = ""
    recording_url: str = ""
    transcription: str = ""
    summary: str = ""
    sentiment: str = ""

    @property
    def direction(self) -> str:
        return "Outbound" if self.legs[0].type in OUTBOUND_TYPES else "Inbound"


@dataclass(frozen=True, kw_only=True)
class Chat:
    """One closed chat; `messages` is the transcript as one text."""

    extension: Extension
    started_at: datetime
    seconds: int
    messages: str
    number: str = ""
    email: str = ""
    visitor: str = ""
    queue: str = ""

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(seconds=self.seconds)
