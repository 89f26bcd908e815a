"""Models whose changes are written down say to which connection they belong."""

from typing import Any


class Audited:
    """django-auditlog asks each row that it writes about."""

    def get_additional_data(self) -> dict[str, Any]:
        return {"connection": find_place(self)}


def find_place(row: Any) -> int | None:
    """The id of the row's connection, None for what belongs to the portal itself."""
    if row._meta.label == "connector.Connection":
        return int(row.pk)
    place: int | None = getattr(row, "connection_id", None)
    return place
