"""A column for what was said: the portal's own sentences and other people's words."""

from typing import TYPE_CHECKING, Any

from django.db import models

from connector.wording import Words, read_words, write_words

if TYPE_CHECKING:
    WordsColumn = models.TextField[Words, Words]
else:
    WordsColumn = models.TextField


class WordsField(WordsColumn):
    """A text column; its Python value is a Wording where the portal itself says it, else a str."""

    def deconstruct(self) -> Any:
        """For the database it is a text like any other: no table has to be made anew for it."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Words | None:
        return value if value is None else read_words(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return write_words(value) if value is not None else None

    def value_to_string(self, obj: models.Model) -> str:
        return write_words(self.value_from_object(obj))
