"""Who deleted a record in Zoho: its lists of deleted records name the last 60 to 120 days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connector.people.person import read_moment
from connector.zoho.client import ZohoClient
from connector.zoho.pages import list_deleted

MOST_PAGES = 50


@dataclass(frozen=True, kw_only=True)
class Grave:
    """`at` in ISO 8601, as Zoho says it; both may be empty."""

    by: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Graveyard:
    """The graves that were sought. Unless `is_whole`, Zoho lists more than was read."""

    graves: dict[str, Grave]
    is_whole: bool


def find_graves(
    client: ZohoClient, *, module: str, zoho_ids: Collection[str], since: datetime
) -> Graveyard:
    """Newest deletions come first; `since` is when the oldest of the records was written."""
    graves: dict[str, Grave] = {}
    for page in range(1, MOST_PAGES + 1):
        rows, more = list_deleted(client, module=module, since=since, page=page)
        graves |= {
            str(row["id"]): read_grave(row) for row in rows if str(row.get("id")) in zoho_ids
        }
        moments = [moment for row in rows if (moment := read_moment(row.get("deleted_time")))]
        if not more or len(graves) == len(zoho_ids) or (moments and min(moments) < since):
            return Graveyard(graves=graves, is_whole=True)
    return Graveyard(graves=graves, is_whole=False)


def read_grave(row: dict[str, Any]) -> Grave:
    who = row.get("deleted_by")
    name = who.get("name") if isinstance(who, dict) else ""
    return Grave(by=str(name or ""), at=str(row.get("deleted_time") or ""))
