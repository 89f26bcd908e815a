"""Where a number or address is merely mentioned: in somebody else's texts it is blacked out.

Looks through every column of text of every table, so that no table is forgotten. Settings are not
touched, for the portal works by them: what stands there is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from connector.models import SecretField
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
BATCH = 200
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
    found = [
        Mention(model=model, rows=sum(1 for _row in list_mentions(model, subject)))
        for model in list_models()
    ]
    return [mention for mention in found if mention.rows]


def scrub(subject: Subject) -> list[Mention]:
    """Black out; returns where. What is a setting stays."""
    done = []
    for model in list_models():
        if model._meta.label in SETTINGS:
            continue
        rows = list(list_mentions(model, subject))
        for row in rows:
            black_out(row, subject=subject)
        if rows:
            done.append(Mention(model=model, rows=len(rows)))
    return done


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


def list_mentions(model: type[models.Model], subject: Subject) -> Iterator[models.Model]:
    """Rows of the subject's connection, or of no connection at all."""
    rows = list_own(model, subject)
    columns = list_columns(model)
    names = {f"text_{field.name}": Cast(field.name, models.TextField()) for field in columns
             if not isinstance(field, models.BinaryField)}  # fmt: skip
    wanted = Q(pk__in=[])
    for name in names:
        wanted |= Q(**{f"{name}__iregex": subject.spellings})
    yield from rows.alias(**names).filter(wanted)
    for field in columns:
        if isinstance(field, models.BinaryField):
            kept = rows.exclude(**{field.name: b""})
            for row in kept.iterator(chunk_size=BATCH):
                if subject.byte_pattern.search(bytes(getattr(row, field.name))):
                    yield row


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
