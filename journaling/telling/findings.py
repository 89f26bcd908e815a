"""One thing that needs attention, with its sentence and the page that mends it."""

from dataclasses import dataclass

from django.urls import reverse

from connector.models import Connection
from connector.state import Level


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`code` names it in every language and as long as it lasts, once for each connection.
    `sentence` says what, of how many (`number`), `action` names the button to `url`."""

    code: str
    level: Level
    connection: Connection
    sentence: str
    url: str
    action: str
    number: int = 1


def find(
    connection: Connection,
    sentence: str,
    *,
    code: str,
    level: Level = Level.DANGER,
    tab: str = "",
    query: str = "",
    action: str,
    number: int = 1,
) -> Finding:
    """The button leads to the calls of `query`, else to a tab of the connection's page."""
    if query:
        url = f"{reverse('admin:journaling_entry_changelist')}?{query}"
    else:
        url = reverse("admin:connector_connection_change", args=[connection.pk])
        url += f"#{tab}" if tab else ""
    return Finding(
        code=code,
        level=level,
        connection=connection,
        sentence=sentence.strip(),
        url=url,
        action=action,
        number=number,
    )
