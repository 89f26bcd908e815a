"""Accounts that were made for a contact which did not come to be are deleted again.

Only what the portal made, what nobody has changed since, and what nobody uses.
"""

from typing import Any

from connector.models import Connection
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.records import quote_coql
from journaling.check import AUTHOR, CLOCK_SLACK, find_id
from journaling.correcting.untouched import MOMENTS, is_untouched
from journaling.models import Entry

USERS = ("Contacts", "Deals")
"""Modules whose records stand on accounts."""

Record = dict[str, Any]


def find_orphans(client: ZohoClient, entry: Entry, *, author: str) -> list[Record]:
    """What Zoho has of the account; several only when its id is not known. Raises ZohoError."""
    facts = entry.record or {}
    if zoho_id := facts.get("zoho_id"):
        found = records.read_record(client, module="Accounts", zoho_id=zoho_id, fields=MOMENTS)
        return [found] if found else []
    return [
        row for row in query_made(client, entry) if author and find_id(row.get(AUTHOR)) == author
    ]


def query_made(client: ZohoClient, entry: Entry) -> list[Record]:
    """Accounts of this name that were made when ours was sent."""
    company = quote_coql(str((entry.record or {}).get("company", "")))
    since, until = (
        quote_coql(moment.isoformat(timespec="seconds"))
        for moment in (entry.created_at - CLOCK_SLACK, entry.created_at + CLOCK_SLACK)
    )
    wanted = ", ".join(("id", AUTHOR, *MOMENTS))
    return records.query(
        client,
        f"select {wanted} from Accounts where ((Account_Name = {company} "  # noqa: S608
        f"and Created_Time >= {since}) and Created_Time <= {until}) limit 10",
    )


def may_delete(
    client: ZohoClient, entry: Entry, account: Record, *, connection: Connection
) -> bool:
    """Whether nobody has changed it and nothing stands on it. Raises ZohoError."""
    if not is_untouched(entry, account):
        return False
    known = connection.grant.organisation.fields
    account_id = quote_coql(str(account["id"]))
    return not any(
        records.query(
            client,
            f"select id from {module} where Account_Name = {account_id} limit 1",  # noqa: S608
        )
        for module in USERS
        if module in known
    )
