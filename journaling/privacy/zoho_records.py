"""Deleting in Zoho what the portal wrote about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from connector.granting.grants import open_client
from connector.models import Connection
from connector.wording import Words
from connector.zoho import records
from connector.zoho.client import ZohoClient
from connector.zoho.errors import ZohoError

Record = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """`left` are records that Zoho did not delete, with its words."""

    gone: list[Record]
    left: list[tuple[Record, Words]]


def delete_records(connection: Connection, wanted: Sequence[Record]) -> Deleted:
    """Into Zoho's recycle bin; what is not there any more counts as gone. Never raises ZohoError:
    what it kept from being deleted is left."""
    gone: list[Record] = []
    left: list[tuple[Record, Words]] = []
    for module, group in groupby(wanted, key=lambda record: record[0]):
        whole = list(group)
        for start in range(0, len(whole), records.MOST_RECORDS):
            batch = whole[start : start + records.MOST_RECORDS]
            try:
                refused = delete_batch(connection, module, [zoho_id for _module, zoho_id in batch])
            except ZohoError as error:
                left += [(record, error.words) for record in batch]
                continue
            gone += [record for record in batch if record[1] not in refused]
            left += [(record, refused[record[1]]) for record in batch if record[1] in refused]
    return Deleted(gone=gone, left=left)


def delete_batch(connection: Connection, module: str, zoho_ids: list[str]) -> dict[str, Words]:
    """Zoho's words for each id that it did not delete."""
    client = open_client(connection)
    verdicts = records.delete(client, module=module, zoho_ids=zoho_ids)
    return {
        zoho_id: verdict.words
        for zoho_id, verdict in zip(zoho_ids, verdicts, strict=True)
        if verdict.outcome != "delivered" and is_there(client, module=module, zoho_id=zoho_id)
    }


def is_there(client: ZohoClient, *, module: str, zoho_id: str) -> bool:
    return records.read_record(client, module=module, zoho_id=zoho_id, fields=["id"]) is not None
