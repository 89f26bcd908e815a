"""What stands in Zoho, against what the PBX was told had been taken."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import requests

from connector.sandbox.pbx.happenings import Call, Chat
from tests.flow.customer import Customer


def audit(customer: Customer, taken: list[Call | Chat]) -> dict[str, int]:
    """lost, doubled, strange, wrong_owner and uneven_card, by the second in which calls began."""
    calls = {one.legs[0].started_at: one for one in taken if isinstance(one, Call)}
    chats = [one for one in taken if isinstance(one, Chat)]
    rows, tasks = customer.list_zoho("Calls"), customer.list_zoho("Tasks")
    found = Counter(read_start(row) for row in rows)
    told = Counter(row["Description"].split("\nref ")[0] for row in tasks)
    users = find_users(customer)
    people = [
        person
        for module in ("Contacts", "Leads", "Accounts")
        for person in customer.list_zoho(module)
    ]
    owners = {person["id"]: person["Owner"]["id"] for person in people if person.get("Owner")}
    known = [(row, calls[read_start(row)]) for row in rows if read_start(row) in calls]
    return {
        "lost": sum(not found[start] for start in calls) + max(0, len(chats) - len(tasks)),
        "doubled": sum(n - 1 for n in found.values()) + sum(n - 1 for n in told.values()),
        "strange": sum(start not in calls for start in found),
        "uneven_card": count_uneven_cards(known),
        "wrong_owner": sum(not has_right_owner(row, call, owners, users) for row, call in known),
    }


def read_start(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["Call_Start_Time"]).astimezone(UTC)


def find_card(row: dict[str, Any]) -> str:
    link = row.get("Who_Id") or row.get("What_Id")
    return link["id"] if link else ""


def count_uneven_cards(known: list[tuple[dict[str, Any], Call]]) -> int:
    """Numbers whose calls do not all stand on the same card: harm must not change whose it is.

    Whether that card is the right person's is what tests/journaling and tests/connector show.
    """
    cards: dict[str, set[str]] = {}
    for row, call in known:
        cards.setdefault(call.number, set()).add(find_card(row))
    return sum(len(found) > 1 for found in cards.values())


def has_right_owner(
    row: dict[str, Any], call: Call, owners: dict[str, str], users: dict[str, str]
) -> bool:
    """The agent's user; of a missed call on somebody's card, the owner of that card."""
    agent = users[call.legs[0].extension.email]
    card = owners.get(find_card(row), "")
    wanted = {card, agent} if row["Call_Type"] == "Missed" else {agent}
    return row["Owner"]["id"] in wanted


def find_users(customer: Customer) -> dict[str, str]:
    """Zoho's id of each user, by e-mail."""
    zoho = customer.portal.zoho_url
    tokens = requests.post(f"{zoho}/sandbox/grant", json={}, timeout=10).json()
    answer = requests.get(
        f"{zoho}/crm/v8/users",
        params={"type": "AllUsers"},
        headers={"Authorization": f"Zoho-oauthtoken {tokens['access_token']}"},
        timeout=10,
    )
    return {user["email"]: user["id"] for user in answer.json()["users"]}
