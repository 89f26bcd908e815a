"""The state of a connection in one sentence, worst thing first."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from connector.models import Connection, ZohoGrant


class Level(StrEnum):
    """How much a sentence should worry the reader."""

    DANGER = "danger"
    WARNING = "warning"
    INFO = "info"
    SUCCESS = "success"


@dataclass(frozen=True, kw_only=True)
class State:
    level: Level
    words: str


def find_grant(connection: Connection) -> ZohoGrant | None:
    """The grant, or None before the first authorisation; no query when it was selected along."""
    return getattr(connection, "grant", None)


def describe_state(connection: Connection) -> State:
    """Select `grant__organisation` along when describing many; `last_report_at` when it is to tell
    a PBX that was never heard."""
    grant = find_grant(connection)
    if not connection.active:
        return State(level=Level.WARNING, words=_("Switched off"))
    if grant and grant.state == ZohoGrant.State.REFUSED:
        return State(level=Level.DANGER, words=_("Zoho refuses the access"))
    if connection.held_at:
        return State(level=Level.DANGER, words=_("Paused: %s") % describe_hold(connection))
    if connection.paused_at:
        return State(level=Level.WARNING, words=_("Paused by an administrator"))
    if grant is None:
        return State(level=Level.WARNING, words=_("Not authorised yet"))
    if grant.waits_until and grant.waits_until > timezone.now():
        return State(
            level=Level.WARNING, words=_("Zoho gives no access for the moment; trying again")
        )
    waits_until = grant.organisation.waits_until
    if waits_until and waits_until > timezone.now():
        return State(level=Level.WARNING, words=_("Zoho does not answer; trying again"))
    if connection.last_lookup_at is None and getattr(connection, "last_report_at", "") is None:
        return State(level=Level.INFO, words=_("Nothing heard from the PBX yet"))
    return State(level=Level.SUCCESS, words=_("Working"))


def describe_hold(connection: Connection) -> str:
    """Why deliveries wait for a person, in the words stored with the hold."""
    return str(connection.held_words or connection.held_code or _("no reason given"))
