"""Screens like the real CRM's, on which click to call is tried: numbers stand there as plain text.

/crm/org<zgid>/tab/<module>/<id>/screen    a record: fields, notes, related people, late content
/crm/org<zgid>/tab/<module>/screen         a list of people
/crm/org<zgid>/screens/samples?country=GB  texts with numbers, and with what only looks like one
/crm/org<zgid>/screens/frame               what the record's frame holds
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from .exchange import Answer, Request, answer_html
from .organisation import Organisation
from .pages import link_card
from .paper import Html, fill, join, make_page
from .reading import show_record
from .shelf import Record
from .store import Store

SCREEN = re.compile(
    r"/crm/org(?P<zgid>\d+)/(?:tab/(?P<module>\w+?)(?:/(?P<id>\d+))?/screen|screens/(?P<name>\w+))"
)
PEOPLE = ("Contacts", "Leads", "Accounts")
FIELDS = ("Phone", "Mobile", "Home_Phone", "Email", "Created_Time", "Modified_Time")
LISTED = 25
NOTE = "Spoke on 2026-11-20, order 20261122. Call back on 020 7946 0995 before 12:30."
SAMPLES = Path(__file__).parent / "samples" / "numbers.json"


def show_screen(store: Store, request: Request) -> Answer | None:
    """None for an address that is no screen."""
    address = SCREEN.fullmatch(request.path)
    organisation = store.organisations.get(address["zgid"]) if address else None
    if not address or not organisation:
        return None
    if address["name"] == "samples":
        return answer_html(draw_samples(request.query.get("country", "GB")))
    if address["name"] == "frame":
        return answer_html(make_page("Frame", fill("screen_frame")))
    if address["module"] not in PEOPLE:
        return None
    if not address["id"]:
        return answer_html(draw_list(organisation, address["module"]))
    record = organisation.shelves[address["module"]].get(address["id"])
    return answer_html(draw_record(organisation, address["module"], record)) if record else None


def draw_record(organisation: Organisation, module: str, record: Record) -> str:
    shown = show_record(organisation, module=module, record=record)
    fields = [
        fill("screen_field", name=name, label=name.replace("_", " "), value=shown[name])
        for name in FIELDS
        if shown.get(name)
    ]
    name = organisation.name_of(module=module, record_id=record["id"]) or record["id"]
    content = fill(
        "screen_record",
        module=module,
        name=name,
        fields=join(
            [*fields, fill("screen_field", name="id", label="Record Id", value=shown["id"])]
        ),
        note=NOTE,
        related=draw_table(organisation, "Contacts", list(organisation.shelves["Contacts"])[:5]),
        zgid=organisation.zgid,
    )
    return make_page(str(name), content)


def draw_list(organisation: Organisation, module: str) -> str:
    records = list(organisation.shelves[module])[:LISTED]
    table = draw_table(organisation, module, records)
    return make_page(module, fill("screen_list", module=module, table=table))


def draw_table(organisation: Organisation, module: str, records: Iterable[Record]) -> Html:
    rows = []
    for record in records:
        shown = show_record(organisation, module=module, record=record)
        name = organisation.name_of(module=module, record_id=record["id"]) or record["id"]
        rows.append(
            fill(
                "screen_row",
                url=link_card(organisation, module, record["id"]),
                name=name,
                email=shown.get("Email") or "",
                phone=shown.get("Phone") or "",
                mobile=shown.get("Mobile") or "",
                id=record["id"],
            )
        )
    return fill("screen_table", rows=join(rows))


def draw_samples(country: str) -> str:
    rows = [
        fill("screen_sample", place=place, label=sample.get("label", ""), text=sample["text"])
        for place, sample in enumerate(read_samples())
        if sample["country"] == country
    ]
    return make_page("Samples", fill("screen_samples", country=country, rows=join(rows)))


@cache
def read_samples() -> list[dict[str, Any]]:
    """[{"country", "text", "numbers": [E.164], "label"?}]; `label` is a phone field's caption."""
    samples: list[dict[str, Any]] = json.loads(SAMPLES.read_text(encoding="utf-8"))
    return samples
