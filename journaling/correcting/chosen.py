"""What a person chose for a call that is written anew, as the first row of its trace says it."""

from dataclasses import dataclass

from journaling.models import Entry

WRITTEN_ANEW = "written_anew"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """`call_type` is a CallType, empty for a chat."""

    owner_zoho_id: str
    owner: str
    call_type: str = ""


def find_chosen(entry: Entry) -> Chosen | None:
    rows = list_chosen(entry)
    if not rows:
        return None
    row = rows[0]
    return Chosen(owner_zoho_id=row["zoho_id"], owner=row["owner"], call_type=row["type"])


def list_chosen(entry: Entry) -> list[dict[str, str]]:
    """The row itself, or nothing."""
    return [row for row in entry.trace if row.get("code") == WRITTEN_ANEW][:1]
