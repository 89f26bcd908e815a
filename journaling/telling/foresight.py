"""What will stop deliveries soon, before it does: an access that ends, a canary that fell."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from connector.granting.tokens import UNREADABLE_FOR
from connector.models import Connection, ZohoGrant, ZohoUser
from connector.state import find_grant
from journaling.telling.findings import Finding, find
from journaling.trying.canary import list_failed
from journaling.trying.trial_call import describe_trial

NOT_RENEWED_FOR = timedelta(minutes=20)
"""The directory asks Zoho every few minutes, so an access token is renewed when it ends."""


def judge_grants(connections: Sequence[Connection]) -> Iterator[Finding]:
    """Grants that still work, or seem to."""
    known = [(row, find_grant(row)) for row in connections if row.active and not row.held_code]
    grants = [(row, grant) for row, grant in known if grant and is_granted(grant)]
    gone = set(
        ZohoUser.objects.filter(
            active=False, organisation__in={grant.organisation_id for _row, grant in grants}
        ).values_list("organisation_id", "zoho_id")
    )
    for row, grant in grants:
        if (grant.organisation_id, grant.user_zoho_id) in gone:
            yield find(
                row,
                _(
                    "%s, who authorised the portal, is no longer active in Zoho: the access will "
                    "end. Authorize as another user."
                )
                % grant.user_email,
                code="grant_user",
                tab="zoho",
                action=_("Authorize again"),
            )
        if words := describe_renewal(grant):
            yield find(
                row, words, code="grant_renewal", tab="zoho", action=_("Open the connection")
            )


def is_granted(grant: ZohoGrant) -> bool:
    return grant.state == ZohoGrant.State.GRANTED


def describe_renewal(grant: ZohoGrant) -> str:
    if grant.unreadable_since:
        return _(
            "A key is missing from FIELD_ENCRYPTION_KEYS, so the access to Zoho cannot be read. "
            "Put it back within %s minutes; then deliveries stop."
        ) % int(UNREADABLE_FOR.total_seconds() // 60)
    ended_at = grant.access_token_expires_at
    if ended_at and ended_at < timezone.now() - NOT_RENEWED_FOR:
        return _("The access to Zoho should have been renewed %s ago. Press “Test connection”.") % (
            timesince(ended_at)
        )
    return ""


def judge_canaries(connections: Sequence[Connection]) -> Iterator[Finding]:
    rows = {row.pk: row for row in connections}
    for trial in list_failed():
        if row := rows.get(trial.connection_id):
            words = _("The hourly test call failed: %s") % describe_trial(trial).sentence
            yield find(row, words, code="canary", action=_("Open the connection"))
