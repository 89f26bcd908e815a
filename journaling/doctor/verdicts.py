"""What a check says."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Only BAD fails the examination; a WARNING may be somebody's wish."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`reason` is what was found, `remedy` what to do about it; `subject` is a connection's slug
    where the check is about one."""

    name: str
    state: State
    reason: str
    remedy: str = ""
    subject: str = ""


def judge(name: str, *, trouble: str, remedy: str, fine: str = "") -> Verdict:
    """Bad where there is trouble, else good."""
    if trouble:
        return Verdict(name=name, state=State.BAD, reason=trouble, remedy=remedy)
    return Verdict(name=name, state=State.GOOD, reason=fine)


def warn(name: str, *, reason: str, remedy: str, subject: str = "") -> Verdict:
    return Verdict(name=name, state=State.WARNING, reason=reason, remedy=remedy, subject=subject)
