"""Connections as a table for the terminal."""

from collections.abc import Iterable, Sequence

from connector.models import Connection, ZohoGrant

HEAD = ("SLUG", "NAME", "ACTIVE", "PBX", "ZOHO", "STATE")


def draw_table(connections: Iterable[Connection]) -> str:
    rows = [HEAD, *(describe_row(connection) for connection in connections)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(draw_row(row, widths) for row in rows)


def draw_row(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def describe_row(connection: Connection) -> tuple[str, ...]:
    grant = ZohoGrant.objects.filter(connection=connection).select_related("organisation").first()
    return (
        connection.slug,
        connection.name,
        "yes" if connection.active else "no",
        connection.pbx_url or "-",
        grant.organisation.name if grant else "-",
        describe_state(connection, grant),
    )


def describe_state(connection: Connection, grant: ZohoGrant | None) -> str:
    if grant is None:
        return "not authorised"
    if grant.state == ZohoGrant.State.REFUSED:
        return "refused by Zoho"
    if connection.held_at:
        return f"on hold ({connection.held_code})"
    return "paused" if connection.paused_at else "authorised"
