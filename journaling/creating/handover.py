"""Whoever spoke with a person whom they had just created gets that person."""

from datetime import timedelta

from django.utils import timezone

from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import Rejected
from journaling.models import CreatedPerson, Entry
from journaling.trace import note

WITHIN = timedelta(hours=2)
AGENT_RULES = ("extension_map", "same_email")


def hand_over(client: ZohoClient, entry: Entry) -> None:
    """Make the agent of this call the owner of the person created for its number.

    Once, within two hours, and only where the agent is a user of Zoho. Raises ZohoError.
    """
    if not entry.number_key or not entry.owner_zoho_id or find_rule(entry) not in AGENT_RULES:
        return
    row = find_new(entry)
    if row is None:
        return
    change = {"id": row.zoho_id, "Owner": {"id": entry.owner_zoho_id}}
    try:
        [verdict] = records.update(client, module=row.module, records=[change], trigger=[])
    except Rejected as error:
        note(entry, "not_handed_over", words=error.words)
    else:
        code = "handed_over" if verdict.outcome == "delivered" else "not_handed_over"
        note(entry, code, module=row.module, zoho_id=row.zoho_id, words=verdict.words)
    # Only now: whoever dies before does it again, for the same call.
    CreatedPerson.objects.filter(pk=row.pk).update(handed_at=timezone.now())


def find_rule(entry: Entry) -> str:
    """The rule that chose the owner just now."""
    rules = (row.get("rule", "") for row in reversed(entry.trace) if row["code"] == "owner")
    return str(next(rules, ""))


def find_new(entry: Entry) -> CreatedPerson | None:
    came_at = entry.created_at
    return (
        CreatedPerson.objects.filter(
            connection_id=entry.connection_id,
            number_key=entry.number_key,
            handed_at=None,
            created_at__gte=came_at - WITHIN,
            created_at__lte=came_at + WITHIN,
        )
        .exclude(zoho_id="")
        .first()
    )
