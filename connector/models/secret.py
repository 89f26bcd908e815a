"""Secrets at rest: encrypted in the database, revealed only on request."""

from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from connector.wording import Wording as _


class UnreadableSecret(Exception):
    """No key of FIELD_ENCRYPTION_KEYS opens this value. `words` tell the operator."""

    def __init__(self) -> None:
        self.words = _(
            "A stored secret cannot be decrypted: the key that wrote it is missing "
            "from FIELD_ENCRYPTION_KEYS."
        )
        super().__init__(self.words)


class Secret:
    """An encrypted text. Printing it shows nothing; `reveal` decrypts. Equal is what was not sealed
    anew.

    Decryption waits until `reveal`, so that a row under a lost key does not break a list page.
    """

    __slots__ = ("ciphertext",)

    def __init__(self, ciphertext: str) -> None:
        self.ciphertext = ciphertext

    @classmethod
    def seal(cls, text: str) -> "Secret":
        return cls(open_vault().encrypt(text.encode()).decode() if text else "")

    def reveal(self) -> str:
        """The text itself; raises UnreadableSecret when every key fails."""
        if not self.ciphertext:
            return ""
        try:
            return open_vault().decrypt(self.ciphertext.encode()).decode()
        except InvalidToken as error:
            raise UnreadableSecret from error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.ciphertext == self.ciphertext

    def __hash__(self) -> int:
        return hash(self.ciphertext)

    def __bool__(self) -> bool:
        return bool(self.ciphertext)

    def __repr__(self) -> str:
        return "Secret(…)" if self else "Secret()"

    __str__ = __repr__


def open_vault() -> MultiFernet:
    """Every configured key opens; the first one writes."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])


class SecretAttribute(DeferredAttribute):
    """Seals what is assigned, so that plain text never stays on a model instance."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, str):
            value = Secret.seal(value)
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    SealedColumn = models.TextField[Secret | str, Secret]
else:
    SealedColumn = models.TextField


class SecretField(SealedColumn):
    """A text column that holds ciphertext; its Python value is a Secret."""

    descriptor_class = SecretAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Secret:
        return Secret(value or "")

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return (
            value.ciphertext if isinstance(value, Secret) else Secret.seal(value or "").ciphertext
        )

    def value_to_string(self, obj: models.Model) -> str:
        secret: Secret = self.value_from_object(obj)
        return secret.ciphertext
