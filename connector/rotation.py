"""Sealing every stored secret anew under the first key of FIELD_ENCRYPTION_KEYS."""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from connector.models.secret import Secret, SecretField, UnreadableSecret, open_vault


@dataclass(kw_only=True)
class Rotation:
    """How many secrets were sealed anew, were so before, and which no key opens."""

    rotated: int = 0
    current: int = 0
    unreadable: int = 0


def rotate_secrets() -> Rotation:
    """May run beside everything else, and twice at once. Running it again is harmless."""
    done = Rotation()
    for model, name in list_columns():
        stored = model._default_manager.exclude(**{name: ""})
        for pk in stored.order_by("pk").values_list("pk", flat=True):
            rotate(model, name, pk=pk, done=done)
    return done


def list_columns() -> Iterator[tuple[type[Model], str]]:
    """Every column that holds secrets, of every installed app."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SecretField):
                yield model, field.name


def rotate(model: type[Model], name: str, *, pk: object, done: Rotation) -> None:
    """Written only while it is what was read: a new value that somebody stores meanwhile stays."""
    row = model._default_manager.filter(pk=pk)
    while (secret := row.values_list(name, flat=True).first()) is not None and secret:
        if is_current(secret):
            done.current += 1
            return
        try:
            fresh = Secret(open_vault().rotate(secret.ciphertext.encode()).decode())
        except InvalidToken:
            done.unreadable += 1
            return
        if row.filter(**{name: secret}).update(**{name: fresh}):
            done.rotated += 1
            return


def is_current(secret: Secret) -> bool:
    try:
        Fernet(settings.FIELD_ENCRYPTION_KEYS[0]).decrypt(secret.ciphertext.encode())
    except InvalidToken:
        return False
    return True


def count_unreadable() -> int:
    """How many stored secrets no configured key opens."""
    return sum(
        not is_readable(secret)
        for model, name in list_columns()
        for secret in model._default_manager.exclude(**{name: ""}).values_list(name, flat=True)
    )


def is_readable(secret: Secret) -> bool:
    try:
        secret.reveal()
    except UnreadableSecret:
        return False
    return True
