"""What a call that is still open waits for, and until when, in one sentence."""

from django.utils import timezone
from django.utils.translation import gettext as _

from connector import credits
from connector.models import Connection, CreditHour
from connector.moments import show_moment
from connector.silence import find_silence
from connector.state import Level, describe_state, find_grant
from journaling.models import Entry

State = Entry.State
THERE = (State.DELIVERED, State.LEFT_OUT)


def describe_waiting(entry: Entry) -> str:
    """Empty for what waits for nobody, or for a decision, which the page asks for anyway."""
    if entry.state == State.SENDING:
        return _("It is being sent now.")
    if entry.state not in Entry.OPEN_STATES:
        return ""
    until = show_moment(entry.next_attempt_at, zone=entry.connection.time_zone)
    if entry.state == State.SETTLING:
        return _("Further parts of the call, until %s.") % until
    if words := describe_standstill(entry.connection):
        return words
    if entry.after and entry.after.state not in THERE:
        facts = {"other": entry.after, "state": entry.after.get_state_display()}
        return _("%(other)s, which it comes after (%(state)s).") % facts
    if entry.state == State.UNKNOWN:
        return _("Zoho, which is asked whether it has the record, at %s.") % until
    if entry.next_attempt_at and entry.next_attempt_at > timezone.now():
        return _("The next attempt, at %s.") % until
    return _("Nothing any more; it is sent within seconds.")


def describe_standstill(connection: Connection) -> str:
    """Why nothing of this connection is sent, or ""."""
    if silence := find_silence():
        return str(silence.words)
    state, grant = describe_state(connection), find_grant(connection)
    if state.level == Level.SUCCESS and grant:
        usage = credits.read_usage([grant.organisation])[grant.organisation_id]
        if usage.allows(CreditHour.Work.DELIVERY):
            return ""
        return _("Zoho's API credits: the last ones are kept for lookups until there are more.")
    moments = [grant.waits_until, grant.organisation.waits_until] if grant else []
    later = [moment for moment in moments if moment and moment > timezone.now()]
    if not later:
        return _("The connection: %s.") % state.words
    until = show_moment(max(later), zone=connection.time_zone)
    return _("The connection: %(state)s (until %(until)s).") % {
        "state": state.words, "until": until,
    }  # fmt: skip
