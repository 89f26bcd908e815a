"""From which record an agent dialled: the call that follows goes there.

Several people may share a number; the click says whom the agent meant.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from connector.clicktocall.agents import Caller
from connector.models import Connection, DialIntent
from connector.people.fields import name_module

FOLLOWS_WITHIN = timedelta(minutes=10)
"""From the click to the start of the call: a link only fills in the number."""
CLOCK_SKEW = timedelta(minutes=2)
"""The start is told by the PBX's clock, the click by ours."""
KEPT_FOR = timedelta(days=7)
"""Reports that were read late still find what was clicked."""


def remember_intent(
    caller: Caller, *, number_key: str, module: str, record_id: str
) -> DialIntent | None:
    """Keep the click, if it was on a record that calls can stand on."""
    known = name_module(module)
    if not (known and record_id.isascii() and record_id.isdigit() and len(record_id) <= 40):
        return None
    if not (caller.extension and number_key):
        return None
    now = timezone.now()
    return DialIntent.objects.create(
        connection=caller.connection,
        extension=caller.extension,
        number_key=number_key[:40],
        module=known,
        zoho_id=record_id,
        created_at=now,
        until_at=now + FOLLOWS_WITHIN,
    )


def delete_old_intents() -> None:
    DialIntent.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()


def find_intent(
    connection: Connection, *, extension: str, number_key: str, started_at: datetime | None
) -> DialIntent | None:
    """The last click of this agent on this number before the call began, if it was just before."""
    if not (extension and number_key and started_at):
        return None
    clicks = DialIntent.objects.filter(
        connection=connection,
        extension=extension,
        number_key=number_key,
        created_at__lte=started_at + CLOCK_SKEW,
        until_at__gte=started_at,
    )
    return clicks.order_by("-created_at").first()
