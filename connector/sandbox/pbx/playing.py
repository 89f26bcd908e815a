"""Lets a connection's PBX do things, and says one line for each."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from connector.models import Connection
from connector.sandbox.pbx.engine import Contact
from connector.sandbox.pbx.happenings import Call, Chat
from connector.sandbox.pbx.plays import list_demo, mix_plays
from connector.sandbox.pbx.posting import Answer
from connector.sandbox.pbx.setup import list_extensions, open_call_log, open_pbx


class Player:
    """Counts what was reported and what the portal refused."""

    def __init__(self, connection: Connection, *, say: Callable[[str], object]) -> None:
        self.connection = connection
        self.pbx = open_pbx(connection)
        self.say = say
        self.call_log = open_call_log(connection)
        self.reported = 0
        self.refused = 0

    def choose(self, options: dict[str, Any]) -> list[Call | Chat]:
        """The demo's handful, or as many mixed ones as the options say."""
        staff, now = list_extensions(self.connection), datetime.now(UTC)
        if options["calls"] is None and not options["chats"]:
            chosen = list_demo(staff, now=now)
        else:
            mixed = mix_plays(
                staff,
                calls=options["calls"] or 0,
                chats=options["chats"],
                seed=options["seed"],
                now=now,
            )
            chosen = list(mixed)[::-1]  # a PBX reports what was first over first
        return chosen * options["repeat"]

    def play(self, happenings: Iterable[Call | Chat], *, withhold: int = 0) -> None:
        """Play everything in order; the portal sees no more than from a real PBX.

        `withhold` calls, spread over all, are not reported: the PBX's own log alone has them.
        """
        chosen = list(happenings)
        calls = [one for one in dict.fromkeys(chosen) if isinstance(one, Call)]
        for call in calls:
            self.call_log.add(call)
        withheld = {calls[len(calls) * (i + 1) // (withhold + 1)] for i in range(withhold)}
        for one in chosen:
            match one:
                case Call() if one in withheld:
                    self.say(f"{one.legs[0].type} {one.number or 'no number'}: withheld")
                case Call():
                    self.play_call(one)
                case Chat():
                    answer = self.pbx.hold_chat(one)
                    self.note(f"Chat {one.number or one.email} with {one.extension.number}", answer)

    def play_call(self, call: Call) -> None:
        for leg, answer in zip(call.legs, self.pbx.place_call(call), strict=True):
            number = call.number or "no number"
            self.note(f"{leg.type} {number} at {leg.extension.number}, {leg.seconds} s", answer)

    def look_up(self, number: str) -> None:
        self.show(self.pbx.lookup(number), wanted=number)

    def search(self, text: str, *, email: str = "") -> None:
        found = self.pbx.lookup_email(email) if email else self.pbx.search(text)
        self.show(found, wanted=email or text)

    def create(self, options: dict[str, Any]) -> None:
        """Fill the client's form; raises ValueError when the portal refuses."""
        made = self.pbx.create(
            Number=options["caller"],
            FirstName=options["first"],
            LastName=options["last"],
            Company=options["company"],
            Email=options["email"],
        )
        if not made:
            raise ValueError(f"Nothing was created for {options['caller']}")
        self.show(made, wanted=options["caller"])

    def show(self, found: Iterable[Contact], *, wanted: str) -> None:
        lines = [describe_contact(contact) for contact in found]
        for line in lines or [f"Nobody found for {wanted}"]:
            self.say(line)

    def note(self, what: str, answer: Answer | None) -> None:
        self.reported += 1
        if answer is None:
            self.say(f"{what}: not sent, journaling is off in the PBX")
            return
        if not 200 <= answer.status < 300:
            self.refused += 1
        words = answer.text if not answer.status else " ".join(answer.text.split())[:200]
        self.say(f"{what}: {answer.status or 'no answer'} {words}".rstrip())


def describe_contact(contact: Contact) -> str:
    """A match in one line: name, company, record, address."""
    names = " ".join(filter(None, (contact.get("FirstName"), contact.get("LastName"))))
    who = ", ".join(filter(None, (names, contact.get("CompanyName"))))
    record = f"{contact.get('EntityType')} {contact.get('EntityId')}"
    return f"{who} ({record}) {contact.get('ContactUrl')}"
