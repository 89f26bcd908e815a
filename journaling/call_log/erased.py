"""An erased person does not return from the PBX's call log, which keeps them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from connector.models import Connection
from connector.phones import NumberRules, read_number
from connector.threecx.call_log import LoggedCall
from journaling.door import hash_number, list_hashes
from journaling.models import ErasedNumber

ADDS_BACK = timedelta(days=30)
"""No older call is added: its report may have ended by its time, and the hash of its number too."""


def remember_erased(connection: Connection, keys: Iterable[str]) -> None:
    """Their calls until now stay away; who calls anew is written again."""
    for key in keys:
        ErasedNumber.objects.update_or_create(
            connection=connection,
            number_hash=hash_number(key),
            defaults={"erased_at": timezone.now()},
        )


def list_erased(connection: Connection) -> dict[str, datetime]:
    rows = ErasedNumber.objects.filter(connection=connection)
    return dict(rows.values_list("number_hash", "erased_at"))


def is_erased(
    call: LoggedCall, erased: dict[str, datetime], *, rules: NumberRules, shift: timedelta
) -> bool:
    hashes = list_hashes(read_number(call.number, rules).key)
    return any(call.started_at + shift <= erased[one] for one in hashes if one in erased)
