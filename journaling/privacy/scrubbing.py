"""Where a number or address is merely mentioned: in somebody else's texts it is blacked out.

Looks through every column of text of every table, so that no table is forgotten. Settings are not
touched, for the portal works by them: what stands there is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from connector.models import SecretField
from connector.wording import Wording, pack, unpack
from journaling.privacy.subject import Subject, list_organisations

BLACK = "███"
SETTINGS = {
    "auth.User", "auth.Group", "auth.Permission", "connector.Agent", "connector.AgentToken",
    "connector.Connection", "connector.DialSettings", "connector.PbxKey", "connector.Queue",
    "connector.SecondStep", "connector.XapiToken", "connector.ZohoGrant",
    "connector.ZohoOrganisation", "connector.ZohoUser", "journaling.AlarmReceiver",
    "journaling.JournalSettings",
}  # fmt: skip
NOT_OURS = {"contenttypes", "sessions"}
"""A session's content is signed and compressed."""
BATCH = 1000
"""Rows that are looked at in one step."""
CHUNK = 50
"""A report may be of 10 MiB."""
PATHS = ("connection", "event__connection", "entry__connection", "alarm__connection")


@dataclass(frozen=True, kw_only=True)
class Mention:
    """How many rows of a table mention the person."""

    model: type[models.Model]
    rows: int

    @property
    def place(self) -> str:
        return str(self.model._meta.label)

    @property
    def is_setting(self) -> bool:
        return self.place in SETTINGS


def find_mentions(subject: Subject) -> list[Mention]:
    """Of all tables; reads them whole."""
    found = [
        Mention(model=model, rows=len(select_mentions(model, subject, list_own(model, subject))))
        for model in list_models()
    ]
    return [mention for mention in found if mention.rows]


def look_through(
    model: type[models.Model], subject: Subject, *, after: str
) -> tuple[list[models.Model], str]:
    """The rows that mention the person, among the next few behind the row with the key `after`;
    and the key of the last one looked at, "" at the table's end."""
    rows = list_own(model, subject).order_by("pk")
    rest = rows.filter(pk__gt=after) if after else rows
    keys = list(rest.values_list("pk", flat=True)[:BATCH])
    if not keys:
        return [], ""
    found = select_mentions(model, subject, rest.filter(pk__lte=keys[-1]))
    return found, str(keys[-1]) if len(keys) == BATCH else ""


def list_models() -> list[type[models.Model]]:
    known = apps.get_models(include_auto_created=False)
    return [
        model
        for model in known
        if model._meta.app_label not in NOT_OURS and model._meta.managed and list_columns(model)
    ]


def list_columns(model: type[models.Model]) -> Sequence["models.Field[Any, Any]"]:
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not isinstance(field, SecretField)
    ]


def select_mentions(
    model: type[models.Model], subject: Subject, rows: QuerySet[models.Model]
) -> list[models.Model]:
    """Each row once."""
    columns = list_columns(model)
    names = {f"text_{field.name}": Cast(field.name, models.TextField()) for field in columns
             if not isinstance(field, models.BinaryField)}  # fmt: skip
    wanted = Q(pk__in=[])
    for name in names:
        wanted |= Q(**{f"{name}__iregex": subject.spellings})
    found = {row.pk: row for row in rows.alias(**names).filter(wanted)}
    for field in columns:
        if isinstance(field, models.BinaryField):
            kept = rows.exclude(**{field.name: b""})
            for row in kept.iterator(chunk_size=CHUNK):
                if subject.byte_pattern.search(bytes(getattr(row, field.name))):
                    found[row.pk] = row
    return list(found.values())


def list_own(model: type[models.Model], subject: Subject) -> QuerySet[models.Model]:
    names = {field.name for field in model._meta.fields}
    rows = model._default_manager.all()
    for path in PATHS:
        if path.partition("__")[0] in names:
            whole = Q(**{path: subject.connection}) | Q(**{f"{path}__isnull": True})
            return rows.filter(whole)
    if "organisation" in names:
        return rows.filter(organisation__in=list_organisations(subject.connection))
    return rows


def black_out(row: models.Model, *, subject: Subject) -> None:
    changes = {}
    for field in list_columns(type(row)):
        value = getattr(row, field.name)
        clean = clean_value(value, subject=subject)
        if clean != value:
            changes[field.name] = clean
    type(row)._default_manager.filter(pk=row.pk).update(**changes)


def clean_value(value: Any, *, subject: Subject) -> Any:
    if isinstance(value, str):
        return subject.pattern.sub(BLACK, value)
    if isinstance(value, bytes | memoryview):
        return subject.byte_pattern.sub(b"...", bytes(value))
    if isinstance(value, Wording):
        return unpack(clean_value(pack(value), subject=subject))
    if isinstance(value, list):
        return [clean_value(item, subject=subject) for item in value]
    if isinstance(value, dict):
        return {
            clean_value(name, subject=subject): clean_value(item, subject=subject)
            for name, item in value.items()
        }
    if isinstance(value, int) and subject.pattern.search(str(value)):
        return BLACK
    return value
