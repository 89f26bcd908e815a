"""Whose card it would be by unsaved “Records that nobody finds”: Zoho itself is asked."""

from functools import partial

from connector import live
from connector.directory import ask_all
from connector.live import Match
from connector.phones import Number
from journaling.cards import CardFinder


class AskingCardFinder(CardFinder):
    """The mirror is without those whom the saved settings hide."""

    def find_by_number(self, number: Number) -> list[Match]:
        if number.key not in self.people:
            search = partial(live.search_number, self.client, number=number, is_typed=True)
            self.people[number.key] = ask_all(search, connection=self.connection)
        return self.people[number.key]

    def find_by_email(self, email: str) -> list[Match]:
        key = email.casefold()
        if key not in self.people:
            search = partial(live.search_email, self.client, email=email, is_typed=True)
            self.people[key] = ask_all(search, connection=self.connection)
        return self.people[key]
