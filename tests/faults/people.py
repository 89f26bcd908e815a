"""Whose card and whose call it is, worked out from Zoho's own records and not by the portal's code.

The numbers of the sandbox are spelt in few ways, and the portal of this test reads them as a
British one does, so four rules are enough.
"""

import re
from typing import Any

from connector.sandbox.pbx.happenings import Call
from tests.faults.plays import ANSWERED

MODULES = ("Contacts", "Leads", "Accounts")
PHONES = ("Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone", "Fax")
EXTENSION = re.compile(r"\s*ext\..*")


def read_as_briton(text: str) -> str:
    """E.164 of a number that somebody typed into Zoho; "" when it belongs to nobody abroad."""
    plain = re.sub(r"[^+\d]", "", EXTENSION.sub("", text).replace("(0)", ""))
    if plain.startswith("00"):
        return f"+{plain[2:]}"
    if plain.startswith("0"):
        return f"+44{plain[1:]}"
    return plain if plain.startswith("+") else f"+44{plain}"


class People:
    """Holders of numbers, by module, and the owners of their records."""

    def __init__(self, records: dict[str, list[dict[str, Any]]], *, active_users: set[str]) -> None:
        self.owners = {
            person["id"]: person["Owner"]["id"]
            for module in MODULES
            for person in records[module]
            if person["Owner"]["id"] in active_users
        }
        self.holders: dict[str, dict[str, set[str]]] = {}
        for module in MODULES:
            for person in records[module]:
                # A converted lead is its contact, who has the same numbers.
                if not person.get("Converted__s"):
                    self.add(person, module=module)

    def add(self, person: dict[str, Any], *, module: str) -> None:
        for number in {read_as_briton(person[name]) for name in PHONES if person.get(name)}:
            self.holders.setdefault(number, {}).setdefault(module, set()).add(person["id"])

    def list_right_cards(self, number: str) -> set[str]:
        """Everybody of the first module in which somebody has the number; {""} for nobody."""
        found = self.holders.get(number, {})
        return next((found[module] for module in MODULES if module in found), {""})

    def list_right_owners(self, call: Call, *, card: str, users: dict[str, str]) -> set[str]:
        """An agent who talked; of a call that nobody answered the owner of the card."""
        talked = [leg for leg in call.legs if leg.type in ANSWERED]
        if not talked and call.direction == "Inbound" and card in self.owners:
            return {self.owners[card]}
        return {users[leg.extension.email] for leg in talked or call.legs}
