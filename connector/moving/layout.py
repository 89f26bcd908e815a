"""The file: gzip, one line of JSON each. An object is about what follows, an array is a row.

{"patchbay": 1, "purpose", "made_at", "database", "migrations": [[app, name]], "keys": [..]}
{"table": "journaling.entry", "columns": [..]}   then its rows, then   {"rows": number}
{"end": true, "rows": number of all}
"""

import base64
import json
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import models

from connector.models import Secret, SecretField
from connector.wording import Wording, write_words

FORMAT = 1
NOT_MOVED = {"connector.Installation", "connector.Pulse", "sessions.Session"}
"""What belongs to processes and places, not to the portal; people log in again."""

Decode = Callable[[Any], Any]
DECODERS: dict[str, Decode] = {
    "BinaryField": base64.b64decode,
    "DateField": date.fromisoformat,
    "DateTimeField": datetime.fromisoformat,
    "TimeField": time.fromisoformat,
    "UUIDField": uuid.UUID,
}


class FaultyFile(Exception):
    """The argument says what is wrong, for the operator."""


def write_line(value: Any) -> bytes:
    return json.dumps(value, default=encode, separators=(",", ":")).encode() + b"\n"


def encode(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Secret):
        return value.ciphertext
    if isinstance(value, Wording):
        return write_words(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be written into a dump")


def choose_decoder(field: "models.Field[Any, Any]") -> Decode | None:
    """For one column; None where JSON's own value is the value."""
    if isinstance(field, SecretField):
        return Secret
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return DECODERS.get(field.get_internal_type())


def list_columns(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return list(model._meta.local_concrete_fields)


def choose_models(models_of_apps: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """In one order, whatever the apps' own is."""
    chosen = [
        model
        for model in models_of_apps
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label not in NOT_MOVED
        and not model._meta.swapped
    ]
    return sorted(chosen, key=lambda model: model._meta.label)
