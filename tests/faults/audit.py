"""What stands in Zoho, against what the PBX was told had been taken."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import requests

from connector.sandbox.pbx.happenings import Call, Chat
from tests.faults.people import MODULES, People
from tests.faults.plays import ANSWERED
from tests.flow.customer import Customer

Row = dict[str, Any]


FAULTS = ("lost", "doubled", "strange", "wrong_type", "wrong_card", "wrong_owner")


def audit(customer: Customer, taken: Sequence[Call | Chat]) -> dict[str, list[Any]]:
    """What is wrong, by kind: FAULTS, each with the calls or records concerned.

    Calls are known by the seconds in which their parts began, chats by their question.
    """
    users = list_users(customer)
    active = {user["id"] for user in users if user["status"] == "active"}
    people = People({module: customer.list_zoho(module) for module in MODULES}, active_users=active)
    emails = {user["email"]: user["id"] for user in users}
    found, strange = match_records(
        taken, calls=customer.list_zoho("Calls"), tasks=customer.list_zoho("Tasks")
    )
    wrong: dict[str, list[Any]] = {name: [] for name in FAULTS} | {"strange": strange}
    for one, rows in found:
        if not rows:
            wrong["lost"].append(one)
        wrong["doubled"] += rows[1:]
        for row in rows:
            for name in list_wrongs(one, row, people=people, users=emails):
                wrong[name].append((one, row))
    return wrong


def list_wrongs(
    one: Call | Chat, row: Row, *, people: People, users: dict[str, str]
) -> Iterator[str]:
    card = find_card(row)
    if card not in people.list_right_cards(one.number):
        yield "wrong_card"
    if isinstance(one, Call):
        if row["Call_Type"] != name_type(one):
            yield "wrong_type"
        if row["Owner"]["id"] not in people.list_right_owners(one, card=card, users=users):
            yield "wrong_owner"


def match_records(
    taken: Sequence[Call | Chat], *, calls: Sequence[Row], tasks: Sequence[Row]
) -> tuple[list[tuple[Call | Chat, list[Row]]], list[Row]]:
    """The records of each call and chat, and those that belong to none."""
    places = {
        leg.started_at: place
        for place, one in enumerate(taken)
        if isinstance(one, Call)
        for leg in one.legs
    }
    found = [(one, find_tasks(one, tasks) if isinstance(one, Chat) else []) for one in taken]
    known = {row["id"] for _one, rows in found for row in rows}
    strange = [row for row in tasks if row["id"] not in known]
    for row in calls:
        began = datetime.fromisoformat(row["Call_Start_Time"]).astimezone(UTC)
        if began in places:
            found[places[began]][1].append(row)
        else:
            strange.append(row)
    return found, strange


def find_tasks(chat: Chat, rows: Sequence[Row]) -> list[Row]:
    question = chat.messages.partition(" 👋")[0] + " "
    return [row for row in rows if question in row["Description"]]


def name_type(call: Call) -> str:
    if call.direction == "Outbound":
        return "Outbound"
    return "Inbound" if any(leg.type in ANSWERED for leg in call.legs) else "Missed"


def find_card(row: Row) -> str:
    link = row.get("Who_Id") or row.get("What_Id")
    return link["id"] if link else ""


def list_users(customer: Customer) -> list[Row]:
    zoho = customer.portal.zoho_url
    tokens = requests.post(f"{zoho}/sandbox/grant", json={}, timeout=10).json()
    answer = requests.get(
        f"{zoho}/crm/v8/users",
        params={"type": "AllUsers"},
        headers={"Authorization": f"Zoho-oauthtoken {tokens['access_token']}"},
        timeout=10,
    )
    return answer.json()["users"]
