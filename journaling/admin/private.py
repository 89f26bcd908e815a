"""What of a call a person may read: texts are a right of their own, and numbers are masked."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.logs import clean_text
from connector.access.roles import READ_TEXTS, SEE_NUMBERS
from connector.access.scope import find_connections
from connector.phones import mask_number
from connector.wording import Words


class Reader:
    """The person who looks. `may_read` and `may_see` answer for a row's connection."""

    def __init__(self, user: Any) -> None:
        self.reads = find_connections(user, READ_TEXTS)
        self.sees = find_connections(user, SEE_NUMBERS)

    def may_read(self, row: Any) -> bool:
        return self.reads is None or row.connection_id in self.reads

    def may_see(self, row: Any) -> bool:
        return self.sees is None or row.connection_id in self.sees

    def show_number(self, row: Any) -> str:
        """The number of an entry or event."""
        number: str = row.number
        return number if self.may_see(row) or not number else mask_number(number)

    def clean(self, words: Words, *, row: Any) -> str:
        """A sentence about the row, its numbers masked where they have to be."""
        text = str(words)
        if self.may_see(row):
            return text
        known = (getattr(row, name, "") for name in ("number", "number_key"))
        for number in filter(None, known):
            text = text.replace(number, mask_number(number))
        return clean_text(text)


def show_numbers_to(request: HttpRequest, columns: Iterable[Any]) -> list[Any]:
    """The columns of a list, with the numbers as this person may see them."""
    reader = Reader(request.user)

    @display(description=_("number"))
    def show_number(row: Any) -> str:
        return reader.show_number(row).replace(" ", "\N{NO-BREAK SPACE}")

    return [show_number if column == "number" else column for column in columns]
