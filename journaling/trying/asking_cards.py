"""Whose card it would be by unsaved “Records that nobody finds”: Zoho itself is asked."""

from functools import partial

from connector.directory import ask_all
from connector.people import live
from connector.people.live import Match
from connector.phones import Number
from journaling.cards import CardFinder


class AskingCardFinder(CardFinder):
    """The mirror is without those whom the saved settings hide."""

    def search_number(self, number: Number) -> list[Match]:
        search = partial(live.search_number, self.client, number=number)
        return ask_all(search, connection=self.connection)

    def search_email(self, email: str) -> list[Match]:
        search = partial(live.search_email, self.client, email=email)
        return ask_all(search, connection=self.connection)
